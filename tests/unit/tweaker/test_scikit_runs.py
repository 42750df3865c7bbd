"""Edited scikit-learn scripts are run for real: what an edit writes is what the library takes."""

import contextlib
import io
import random
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from tests.unit.tweaker import scikit_scripts as scikit
from tests.unit.tweaker.cases.on_scikit import CASES
from tests.unit.tweaker.editing import Case, edited
from trainyard.trial import Setting

OURS = {script for script in vars(scikit).values() if isinstance(script, bytes)}


def accuracy(source: bytes) -> float:
    """Run the script in this process, on one core and seeded, and return the last number that it prints."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - what scikit-learn draws from where a script seeds nothing
    output = io.StringIO()
    with contextlib.redirect_stdout(output), warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        exec(compile(source, "train.py", "exec"), {"__name__": "__main__"})  # noqa: S102  a script of ours
    return float(output.getvalue().split()[-1])


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name) for name, case in CASES.items() if case.script in OURS and not case.also],
)
def test_every_edited_script_runs(case: Case) -> None:
    """The library takes the new value where it stands now, and the script measures as before."""
    after = edited(case.edit, case.setting, case.script)

    assert 0 <= accuracy(after) <= 1


@pytest.mark.parametrize(
    ("script", "edits", "least"),
    [
        pytest.param(
            scikit.TREE_IN_A_FUNCTION, [("depth", 6), ("leaf", 1), ("features", None)], 0.85, id="a stump grows"
        ),
        pytest.param(scikit.FOREST_OF_A_DICT, [("estimators", 200), ("depth", None)], 0.93, id="a forest of one tree"),
        pytest.param(
            scikit.BOOSTING, [("estimators", 60), ("learning_rate", 0.1), ("leaves", 15)], 0.93, id="few slow rounds"
        ),
        pytest.param(
            scikit.SUPPORT_VECTORS, [("C", 10), ("kernel", "rbf"), ("gamma", "scale")], 0.97, id="a stiff kernel"
        ),
        pytest.param(
            scikit.VECTORS_SET_LATER, [("C", 1.0), ("kernel", "rbf"), ("gamma", 0.05)], 0.95, id="a pipeline's step"
        ),
        pytest.param(
            scikit.NETWORK,
            [("hidden_units", (64,)), ("alpha", 0.0001), ("learning_rate", 0.001), ("iterations", 200)],
            0.95,
            id="a network that is held down",
        ),
        pytest.param(
            scikit.NETWORK_OF_A_CONSTANT, [("hidden_units", (16,)), ("solver", "lbfgs")], 0.9, id="a narrow network"
        ),
        pytest.param(scikit.LOGISTIC, [("C", 1.0), ("iterations", 500)], 0.85, id="a line that is held down"),
        pytest.param(scikit.BAYES_AND_THEN_DESCENT, [("alpha", 0.0001)], 0.9, id="the last of two"),
        pytest.param(scikit.BAYES, [("smoothing", 1e-9)], 0.92, id="a smoothing that blurs all"),
        pytest.param(scikit.REDUCED, [("components", 12)], 0.85, id="one column of 13"),
    ],
)
def test_a_script_in_disrepair_is_mended(script: bytes, edits: Sequence[tuple[str, Setting]], least: float) -> None:
    """What was far off reaches what is usual on these data."""
    before, after = accuracy(script), script
    for name, setting in edits:
        after = edited(name, setting, after)

    assert before < least - 0.05
    assert accuracy(after) >= least
