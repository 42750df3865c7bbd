"""Sorts beans."""
