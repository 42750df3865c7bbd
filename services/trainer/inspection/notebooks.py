"""Notebooks as inspection reads them; the probe reads them in the same way."""

from trainprobe.cells import place_of, source_of

__all__ = ["place_of", "source_of"]
