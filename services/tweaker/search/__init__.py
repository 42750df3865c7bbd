"""What the tweaker decides, without I/O: from a history to findings, from findings to the next candidate."""
