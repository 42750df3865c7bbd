"""Runs in processes of this machine, without an engine."""
