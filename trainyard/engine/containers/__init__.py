"""Runs in containers of a Docker engine."""
