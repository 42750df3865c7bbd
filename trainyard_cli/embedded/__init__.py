"""All services in this process: the memory bus, SQLite, and the best engine there is."""
