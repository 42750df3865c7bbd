"""What random search and TPE may draw for an estimator is what its library takes."""

import contextlib

import pytest

from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Space
from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker import scikit_scripts as scikit
from tests.unit.tweaker.editing import edited, read
from tests.unit.tweaker.test_scikit_runs import accuracy
from trainyard.trial import Setting

OWN_CHECK = frozenset({"components"})
"""Its most depends on the data, which an edit does not see; it is compared with the facts before a trial."""
SLOW = frozenset({"estimators", "iterations"})
QUICK = [
    scikit.TREE_IN_A_FUNCTION,
    scikit.BOOSTING,
    scikit.VECTORS_SET_LATER,
    scikit.NETWORK_OF_A_CONSTANT,
    scikit.BAYES,
]


def ends(space: Space) -> list[Setting]:
    """Return the outermost of what may be drawn."""
    return list(space.values) if isinstance(space, Choice) else [space.low, space.high]


def settings(script: bytes) -> dict[str, Setting]:
    """Return what the edits find in a script."""
    found: dict[str, Setting] = {}
    for name in edits():
        with contextlib.suppress(NotUnderstoodError):
            found[name] = read(name, script)
    return found


@pytest.mark.parametrize("script", QUICK, ids=["tree", "boosting", "vectors", "network", "bayes"])
def test_the_ends_of_every_space_run(script: bytes) -> None:
    """Both ends of what may be drawn for what is found in a script are written and taken."""
    known = OWN_CHECK | SLOW | {"dense_layer", "swap_estimator"}
    drawn = [
        (name, end)
        for name, before in settings(script).items()
        if name not in known
        for end in ends(edits()[name].knob.space(before))
    ]

    ran = 0
    for name, end in drawn:
        with contextlib.suppress(NotUnderstoodError):
            after = edited(name, end, script)
            assert 0 <= accuracy(after) <= 1, (name, end)
            ran += 1

    assert ran >= 2


def test_a_space_holds_what_the_library_would_take_by_itself() -> None:
    """However far off the author's value is, the usual one can be drawn."""
    usual = {"C": 1.0, "alpha": 0.0001, "gamma": 0.05, "smoothing": 1e-9, "estimators": 200, "iterations": 1000}

    for name, value in usual.items():
        for far in (1e-7, 1e-3, 0.5, 4):
            space = edits()[name].knob.space(far)
            assert not isinstance(space, Choice)
            assert space.low <= value <= space.high, (name, far, space)
