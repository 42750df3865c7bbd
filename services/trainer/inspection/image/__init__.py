"""Which image a script needs."""
