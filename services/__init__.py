"""Trainyard's services: each an independent program that shares nothing with the others but messages and storage."""
