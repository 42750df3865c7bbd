"""Edits of the author's source: one small file each, all pure, from source text to source text.

An edit keeps the author's format, touches nothing but what it is about, and leaves alone what it does not
understand: whatever looks for a place to change raises NotUnderstoodError with the reason. `registry.py` has them all.
"""
