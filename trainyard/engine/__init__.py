"""The container engine that trainer and monitor share: a port, Docker behind it, and child processes."""
