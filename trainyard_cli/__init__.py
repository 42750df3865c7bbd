"""The `trainyard` command: run a script embedded in this process, or talk to services that run elsewhere."""
