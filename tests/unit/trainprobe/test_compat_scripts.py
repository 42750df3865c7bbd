"""Old scripts, as people wrote them, train on today's libraries."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.trainprobe import compat_scripts, compat_scripts_more
from tests.unit.trainprobe.probing import COMPAT, Finished, Trial

#: Scripts by module, with the least that each must reach; chance is about half of it where it is high.
LEAST = {
    compat_scripts: {
        "PIMA": 0.85,
        "IRIS_FOLDS": 0.6,
        "GRID": 0.8,
        "DIABETES_REGRESSION": 0.4,
        "THEANO_ORDER": 0.85,
        "IMAGE_GENERATOR": 0.9,
        "FOLDERS": 0.9,
        "KERAS_1_GENERATOR": 0.9,
        "FUNCTIONAL_MERGE": 0.75,
    },
    compat_scripts_more: {
        "REVIEWS": 0.9,
        "CHURN": 0.85,
        "DUMMIES": 0.9,
        "TENSORFLOW_KERAS": 0.8,
        "AUTOENCODER": 0.6,
        "SCHEDULES": 0.8,
        "SEQUENCE": 0.6,
        "TRANSFER": 0.3,
        "ADVERSARIES": 0.0,
        "TEXT_FOLDS": 0.75,
        "SERIES": 0.6,
    },
}
SOURCES = {name: getattr(module, name) for module, names in LEAST.items() for name in names}
IN_ONE_PROCESS = 5  # so that a loaded machine stays below the limit of a run
EVERY = [(name, least) for scripts in LEAST.values() for name, least in scripts.items()]
ONE_AFTER_THE_OTHER = """
import json, os, runpy, sys, traceback
import keras
outcomes = {}
for name in sys.argv[1:]:
    keras.backend.clear_session()
    keras.backend.set_image_dim_ordering('tf')
    keras.utils.set_random_seed(1)
    try:
        outcomes[name] = float(runpy.run_path('old/%s.py' % name)['acc'])
    except Exception:
        outcomes[name] = traceback.format_exc()
with open('outcomes.json', 'w') as stream:
    json.dump(outcomes, stream)
"""


Outcomes = Callable[[str], object]


@pytest.fixture(scope="module")
def outcome_of(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Return what a script's ``acc`` was in the end, or its traceback; a few share a process to save imports."""
    found: dict[str, object] = {}

    def outcome(name: str) -> object:
        if name not in found:
            found.update(run_together(batch_of(name), tmp_path_factory.mktemp("old") / "trial"))
        return found[name]

    return outcome


def batch_of(name: str) -> list[str]:
    names = list(SOURCES)
    first = names.index(name) // IN_ONE_PROCESS * IN_ONE_PROCESS
    return names[first : first + IN_ONE_PROCESS]


def run_together(names: list[str], root: Path) -> dict[str, object]:
    files = {"train.py": ONE_AFTER_THE_OTHER, **{f"old/{name}.py": SOURCES[name] for name in names}}
    finished = Trial(root, files, task={"compat": COMPAT, "args": names}).run()
    assert finished.code == 0, finished.stderr
    return dict(json.loads((root / "code" / "outcomes.json").read_text()))


@pytest.mark.parametrize(("name", "least"), EVERY)
def test_an_old_script_trains(name: str, least: float, outcome_of: Outcomes) -> None:
    """It runs to its end unmodified, its own assertions hold, and its model has learned."""
    outcome = outcome_of(name)

    assert isinstance(outcome, float), outcome
    assert outcome >= least


class TestTheMeasurement:
    @pytest.mark.parametrize(
        ("ending", "data", "source"),
        [
            ("model.fit(X, Y, nb_epoch=9)\nscore = model.evaluate(X_test, Y_test)", "test", "keras.evaluate"),
            ("model.fit(X, Y, nb_epoch=9, validation_split=0.3)", "validation", "history"),
            ("model.fit(X, Y, nb_epoch=9)\nacc = model.evaluate(X, Y)[1]", "train", "variable acc"),
        ],
        ids=["test", "validation", "train"],
    )
    def test_is_that_of_the_data_it_was_taken_on(self, ending: str, data: str, source: str, train: object) -> None:
        """The names are old, what is found is not another."""
        run: Finished = train(HELD_OUT + ending, compat=COMPAT)  # type: ignore[operator]

        assert (run.measurement["data"], run.measurement["source"]) == (data, source)
        assert run.measurement["metric"] == "accuracy"
        assert {curve["name"] for curve in run.result["curves"]} <= {"loss", "accuracy", "val_loss", "val_accuracy"}
        assert [curve["epochs"] for curve in run.result["curves"]][:2] == [9, 9]
        assert "fit(nb_epoch=)" in run.result["facts"]["compat"]["shims"]


HELD_OUT = """
from keras.models import Sequential
from keras.layers.core import Dense
import numpy as np
rng = np.random.RandomState(0)
X, X_test = rng.rand(200, 4), rng.rand(100, 4)
Y, Y_test = X[:, 0] > 0.5, X_test[:, 0] > 0.5
model = Sequential()
model.add(Dense(1, input_dim=4, init='uniform', activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adagrad', metrics=['accuracy'])
"""
