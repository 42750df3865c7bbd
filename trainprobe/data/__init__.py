"""Rows of whatever type: their number, their content, whether they are the same."""
