"""Watches those of the author's scripts that a script starts as processes of their own."""
