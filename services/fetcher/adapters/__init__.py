"""The fetcher's access to the outside world: git and folders."""
