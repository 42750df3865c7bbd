"""Makes this machine look like the one that the author's script was written on."""
