"""Reads a single number out of what libraries return."""

from __future__ import annotations

from typing import Optional

from trainprobe.foreign import Foreign


def as_number(value: Foreign) -> Optional[float]:
    """Return a Python, NumPy or tensor scalar as a float; None for everything else."""
    if isinstance(value, bool) or callable(value):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        scalar = getattr(value, "shape", None) == () and hasattr(value, "dtype") and hasattr(value, "__float__")
        return float(value) if scalar else None
    except (TypeError, ValueError, NotImplementedError):  # a symbol in a graph, or text
        return None
