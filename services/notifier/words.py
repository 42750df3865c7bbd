"""How the mail writes numbers, times and data."""

from __future__ import annotations

from collections.abc import Iterator

from trainyard.trial import DataKind, Trial
from trainyard.words import purpose, weights

SHORT_DATA: dict[DataKind, str] = {
    "test": "test",
    "validation": "validation",
    "folds": "folds",
    "train": "TRAINING",
    "unknown": "unknown data",
}

MINUTE, HOUR = 60, 3600


def number(value: float) -> str:
    """Write a metric's value with four significant digits."""
    return f"{value:.4g}"


def threshold(value: float) -> str:
    """Write a threshold with two decimals, or as many as it needs."""
    return f"{value:.2f}" if round(value, 2) == value else number(value)


def counted(count: int, noun: str) -> str:
    """Say how many, such as "1 trial" or "3 trials"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """Say a time in the two units that matter."""
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes < HOUR // MINUTE:
        return f"{minutes} min {rest} s"
    return f"{minutes // MINUTE} h {minutes % MINUTE} min"


def clipped(text: str, limit: int) -> str:
    """Put *text* on one line of at most *limit* printable characters."""
    line = "".join(filter(str.isprintable, " ".join(text.split())))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def changes(trial: Trial) -> Iterator[str]:
    """Say what was changed for a trial and why."""
    if trial.trial == 1:
        yield "the author's own code"
    yield from filter(None, (purpose(trial), weights(trial)))
    for tweak in trial.tweaks:
        yield f"{tweak.name.replace('_', ' ')}: {tweak.reason}"
