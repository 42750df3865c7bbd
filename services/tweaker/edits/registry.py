"""All edits, ours and those of installed packages, by the name that authors use in trainyard.toml."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import TypeVar

from services.tweaker.edits import on_boosting, on_keras, on_scikit, on_torch
from services.tweaker.edits.edit import Edit, combined

T = TypeVar("T")

GROUP = "trainyard.edits"
"""The entry points by which a package offers edits: each names an `Edit`."""

OURS = (*on_keras.EDITS, *on_scikit.EDITS, *on_boosting.EDITS, *on_torch.EDITS)


@cache
def edits() -> Mapping[str, Edit]:
    """Return every edit by its name; those that turn the same knob for several libraries as one.

    Raises:
        TypeError: What a package offers is not an edit.
    """
    return by_name([*OURS, *installed(GROUP, Edit)])


def by_name(every: Iterable[Edit]) -> dict[str, Edit]:
    """Combine the edits that turn the same knob."""
    groups: dict[str, list[Edit]] = {}
    for edit in every:
        groups.setdefault(edit.name, []).append(edit)
    return {name: combined(group) for name, group in groups.items()}


def installed(group: str, kind: type[T]) -> Iterable[T]:
    """Yield what installed packages offer by a group of entry points, in the order of their names.

    Raises:
        TypeError: Something is of another kind.
    """
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        thing = point.load()
        if not isinstance(thing, kind):
            package = point.dist.name if point.dist else "a package"
            raise TypeError(f"{point.value}, which {package} offers, is not of type {kind.__name__}")
        yield thing
