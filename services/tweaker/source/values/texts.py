"""How a number is written."""

from __future__ import annotations

SMALL = 1e-5
"""From here on a number is written with its zeros, below it with an exponent."""
_DIGITS = 10


def text_of(value: float) -> str:
    """Write a number that is not whole the way people do: 0.001, 2.0, 1e-06."""
    return f"{value:.{_DIGITS}f}".rstrip("0").ljust(len("0.0"), "0") if value >= SMALL else f"{value:g}"
