"""What costs no trial, since it is known to fail; each is shown to be so by the library itself."""

from typing import Any

import numpy as np
import pytest

from services.tweaker.diagnosis.facts import Facts
from services.tweaker.search.decide import decide
from services.tweaker.search.feasible import cannot_run, without_idle
from services.tweaker.search.plan import Step
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import a_trial, facts
from trainyard.policy import Policy
from trainyard.trial import Setting

FEW = {"rows": 12, "shape": [4]}


def known(inputs: dict[str, Any], *steps: str) -> dict[str, Any]:
    """Return the facts of a pipeline of these steps."""
    return facts(inputs, model="Pipeline", layers=steps)


@pytest.mark.parametrize(
    ("edit", "setting", "seen", "why"),
    [
        pytest.param("neighbours", 13, known(FEW), "there are 12 rows, fewer than 13 neighbours", id="neighbours"),
        pytest.param("components", 13, known(FEW, "SVC"), "no more than 12 components", id="components, rows"),
        pytest.param(
            "components", 5, known(FEW, "StandardScaler", "PCA", "SVC"), "no more than 4 comp", id="components, columns"
        ),
        pytest.param(
            "swap_estimator",
            "SVC",
            known({**FEW, "missing": 3}),
            "SVC cannot handle missing values, and 3 rows",
            id="gaps",
        ),
    ],
)
def test_says_why_it_cannot_run(edit: str, setting: Setting, seen: dict[str, Any], why: str) -> None:
    """The clause names the numbers that do not go together."""
    assert cannot_run(edit, setting, Facts.model_validate(seen)).startswith(why)


@pytest.mark.parametrize(
    ("edit", "setting", "seen"),
    [
        pytest.param("neighbours", 12, known(FEW), id="as many neighbours as rows"),
        pytest.param("neighbours", 13, {}, id="facts unknown"),
        pytest.param("components", 4, known(FEW, "PCA", "SVC"), id="as many components as columns"),
        pytest.param("components", 6, known(FEW, "PolynomialFeatures", "PCA"), id="columns made before"),
        pytest.param("swap_estimator", "SVC", known({**FEW, "missing": 3}, "SimpleImputer", "SVC"), id="gaps filled"),
        pytest.param("swap_estimator", "RandomForestClassifier", known({**FEW, "missing": 3}), id="takes gaps"),
        pytest.param("epochs", 10**6, known(FEW), id="an edit without a check"),
    ],
)
def test_says_nothing_where_it_may_go_well(edit: str, setting: Setting, seen: dict[str, Any]) -> None:
    """Only what is certain is refused."""
    assert cannot_run(edit, setting, Facts.model_validate(seen)) == ""


@pytest.mark.parametrize(
    ("swapped", "steps", "left"),
    [
        ("RandomForestClassifier", ["LogisticRegression"], ["swap_estimator"]),
        ("SVC", ["LogisticRegression"], ["scale_inputs", "swap_estimator"]),
        ("RandomForestClassifier", ["PCA", "LogisticRegression"], ["scale_inputs", "swap_estimator"]),
    ],
    ids=["trees", "support vectors", "trees behind a reduction"],
)
def test_scales_nothing_that_does_not_feel_it(swapped: str, steps: list[str], left: list[str]) -> None:
    """A scaler before trees would be a line of the diff that does nothing."""
    plan = (Step("scale_inputs", None, "scaled", "unscaled"), Step("swap_estimator", swapped, "swapped", "too simple"))

    assert [step.edit for step in without_idle(plan, Facts.model_validate(known(FEW, *steps)))] == left


def test_spends_no_trial_on_it() -> None:
    """A search over neighbours asks for no more of them than there are rows, and says so."""
    trial = a_trial(known=facts({"rows": 3}, model="KNeighborsClassifier", layers=()))
    policy = Policy(strategy="random", tweaks=("neighbours",))

    decision = decide([trial], {1: {"train.py": scripts.NEIGHBOURS}}, policy)

    assert decision.candidate is not None
    assert decision.candidate.tweaks[0].setting in {2, 3}


def test_the_library_agrees() -> None:
    """What is refused does raise, and what lies just beside it does not."""
    from sklearn import decomposition, neighbors, svm

    rows, labels = np.arange(48.0).reshape(12, 4) ** 2, [0, 1] * 6
    gaps = np.where(rows > 2000, np.nan, rows)

    for count in (12, 4):
        neighbors.KNeighborsClassifier(count).fit(rows, labels).predict(rows)
    decomposition.PCA(4).fit(rows)

    with pytest.raises(ValueError, match="n_neighbors"):
        neighbors.KNeighborsClassifier(13).fit(rows, labels).predict(rows)
    with pytest.raises(ValueError, match="n_components"):
        decomposition.PCA(5).fit(rows)
    with pytest.raises(ValueError, match="NaN"):
        svm.SVC().fit(gaps, labels)
