"""Starts the author's script, runs it and writes what came of it."""
