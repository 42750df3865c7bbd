"""Every form of ``fit`` goes on after SIGKILL as if nothing had happened: the same weights, the same curve.

Each script holds several fits, and each of these is killed once after its third epoch; so the next run skips the fits
before, goes on with that one, and is killed in the one after.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.unit.trainprobe import forms
from tests.unit.trainprobe.resuming import KERAS_2, KERAS_3, Told, flat, followed

DATA = forms.ARRAYS + forms.SEVERAL_INPUTS + forms.DATASET + forms.SEQUENCE
GENERATOR = forms.GENERATOR  # comes last: it draws NumPy's random numbers ahead, in a thread
MODELS = forms.TRAIN_STEP + forms.SUBCLASSED + forms.COMPILED_AGAIN + forms.MIXED
CALLBACKS = forms.SCHEDULES + forms.STOPPING + forms.CALLBACKS
LOOPS = forms.LOOP + forms.FOLDS
SEED = 7


@dataclass(frozen=True)
class Case:
    """A script, how many of its fits are killed, and for which Keras."""

    script: str
    crashes: int
    keras: str = KERAS_3


CASES = {
    "arrays, inputs, datasets, generators, sequences": Case(DATA + GENERATOR, 5),
    "models with loops of their own, compiled again, loaded, mixed precision": Case(MODELS, 6),
    "schedules, early stopping, logs, callbacks": Case(CALLBACKS, 5),
    "fits in loops and over folds": Case(LOOPS, 6),
    "data of Keras 2": Case(DATA + forms.IMAGES, 5, KERAS_2),
    "models and callbacks of Keras 2": Case(MODELS.replace(forms.SUBCLASSED, "") + CALLBACKS, 10, KERAS_2),
}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """One of the scripts."""
    return CASES[request.param]


@pytest.fixture(scope="module")
def killed(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The script's trial with a kill in each fit."""
    root = tmp_path_factory.mktemp("killed") / "trial"
    return followed(root, forms.NETWORK + case.script, imports=case.keras, crashes=case.crashes, seed=SEED)


@pytest.fixture(scope="module")
def whole(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The script's trial without any."""
    root = tmp_path_factory.mktemp("whole") / "trial"
    return followed(root, forms.NETWORK + case.script, imports=case.keras, seed=SEED)


class TestAKilledFit:
    def test_has_its_weights_and_optimizer_state_again(self, killed: Told, case: Case) -> None:
        """Bit by bit what they were before the epoch in which it was killed."""
        for fit in range(case.crashes):
            before, restored = killed.saved(f"before-{fit}"), killed.saved(f"restored-{fit}")

            assert set(before) == set(restored)
            for name, array in before.items():
                np.testing.assert_array_equal(restored[name], array, err_msg=f"fit {fit}, {name}")

    def test_gives_the_history_of_an_uninterrupted_one(self, killed: Told, whole: Told) -> None:
        """All of it: every metric of every epoch, the epochs' numbers, the parameters; and what is measured after."""
        assert len(killed.histories) == len(whole.histories)
        for number, (left, right) in enumerate(zip(killed.histories, whole.histories, strict=True)):
            assert flat(left) == pytest.approx(flat(right), rel=1e-5), f"history {number}"

    def test_leaves_the_files_of_an_uninterrupted_one(self, killed: Told, whole: Told) -> None:
        """A log is added to and not begun anew; the files of callbacks are there."""
        assert killed.files() == whole.files()
        for name in [name for name in whole.files() if name.endswith(".csv")]:
            assert numbers(killed.code(name)) == pytest.approx(numbers(whole.code(name)), rel=1e-5)


def numbers(table: str) -> list[float]:
    """Return the cells below the head of a table."""
    return [float(cell) for line in table.splitlines()[1:] for cell in line.split(",")]
