"""How the command reaches services that run elsewhere."""
