"""All edits there are, by the name that authors use in trainyard.toml: ours, and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points

from services.tweaker.edits import on_boosting, on_keras, on_scikit, on_torch
from services.tweaker.edits.edit import Edit, either

GROUP = "trainyard.edits"
"""The entry points by which a package offers edits: each names an `Edit`."""

OURS = (*on_keras.EDITS, *on_scikit.EDITS, *on_boosting.EDITS, *on_torch.EDITS)


@cache
def edits() -> Mapping[str, Edit]:
    """Return every edit by its name; those that turn the same knob for several libraries as one.

    Raises:
        TypeError: What a package offers is no edit.
    """
    return by_name([*OURS, *_offered()])


def by_name(found: Iterable[Edit]) -> dict[str, Edit]:
    """Put together those that turn the same knob."""
    kept: dict[str, list[Edit]] = {}
    for edit in found:
        kept.setdefault(edit.name, []).append(edit)
    return {name: either(same) for name, same in kept.items()}


def _offered() -> Iterable[Edit]:
    """Yield the edits of installed packages, in the order of their names."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        edit = point.load()
        if not isinstance(edit, Edit):
            raise TypeError(f"{point.value}, which {point.dist.name if point.dist else 'a package'} offers, is no edit")
        yield edit
