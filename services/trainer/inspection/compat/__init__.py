"""Which generation of its libraries a script was written for."""
