"""Which files a script reads and writes, and where it expects them."""
