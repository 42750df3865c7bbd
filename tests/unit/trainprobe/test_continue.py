"""More epochs go on from the weights of a trial with fewer, as if it had been one training."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.trainprobe.continuing import epochs, result, trained
from tests.unit.trainprobe.probing import Trial
from tests.unit.trainprobe.resuming import KERAS_2, KERAS_3, flat

NETWORK = """
model = keras.Sequential([layers.Input((4,)), layers.Dense(8, activation='relu'), layers.Dropout(DROPPED),
                          layers.Dense(3, activation='softmax')])
model.compile(OPTIMIZER, 'sparse_categorical_crossentropy', metrics=['accuracy'])
"""
FIT = """
history = model.fit(X, Y, epochs=EPOCHS, batch_size=16, verbose=0, validation_split=0.25, callbacks=CALLBACKS)
print('Test accuracy:', model.evaluate(X, Y, verbose=0)[1])
"""
CALLBACKS = """
class Notes(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.noted = []

    def on_epoch_end(self, epoch, logs=None):
        self.noted.append(epoch)


notes = Notes()
CALLBACKS = [notes, keras.callbacks.ReduceLROnPlateau('loss', patience=1, factor=0.5, min_delta=10.0),
             keras.callbacks.CSVLogger('log.csv'),
             keras.callbacks.ModelCheckpoint('best.weights.h5', monitor='loss', mode='max', save_best_only=True,
                                             save_weights_only=True)]
"""


def script(epochs: int, *, optimizer: str = "'adam'", callbacks: str = "CALLBACKS = []", more: str = "") -> str:
    """Return a script that trains for so many epochs."""
    head = f"EPOCHS = {epochs}\nOPTIMIZER = {optimizer}\n{callbacks}\n"
    return head + NETWORK + FIT + more


def ended(trial: Trial) -> tuple[dict[str, Any], dict[str, object]]:
    """Return weights and optimizer state at the end, and the history that the script got."""
    with np.load(trial.root / "seen" / "end.npz") as stored:
        state = {name: stored[name] for name in stored.files}
    return state, flat(json.loads((trial.root / "seen" / "history.json").read_text()))


@pytest.mark.parametrize("keras", [KERAS_3, KERAS_2], ids=["Keras 3", "Keras 2"])
@pytest.mark.parametrize("callbacks", ["CALLBACKS = []", CALLBACKS], ids=["no callbacks", "callbacks"])
def test_five_epochs_and_five_more_are_ten(tmp_path: Path, keras: str, callbacks: str) -> None:
    """Bit by bit the same weights and optimizer state, the same history, the same files and attributes of callbacks."""
    more = "SEEN.joinpath('noted').write_text(str(CALLBACKS and notes.noted))"
    short, long = script(5, callbacks=callbacks, more=more), script(10, callbacks=callbacks, more=more)

    base = trained(tmp_path / "base", short, imports=keras)
    continued = trained(tmp_path / "continued", long, imports=keras, of=base)
    whole = trained(tmp_path / "whole", long, imports=keras)

    assert epochs(continued) == [6, 7, 8, 9, 10]
    (state, history), (wanted, wanted_history) = ended(continued), ended(whole)
    assert set(state) == set(wanted)
    for name, array in wanted.items():
        np.testing.assert_array_equal(state[name], array, err_msg=name)
    assert history == pytest.approx(wanted_history, rel=1e-6)
    assert (continued.root / "seen" / "noted").read_text() == (whole.root / "seen" / "noted").read_text()
    files = [sorted(path.name for path in (trial.root / "code").iterdir()) for trial in (continued, whole)]
    assert files[0] == files[1]
    for name in {"log.csv"} & set(files[0]):
        assert len((continued.root / "code" / name).read_text().splitlines()) == 11


def test_the_result_says_so(tmp_path: Path) -> None:
    """The curves are whole, and the facts say whose weights they were and how it went on."""
    base = trained(tmp_path / "base", script(5))
    continued = trained(tmp_path / "continued", script(10), of=base)

    told = result(continued)
    assert told["facts"]["warm"] == {"trial": 1, "how": "continue", "why": "it continues after 5 epochs"}
    assert {curve["epochs"] for curve in told["curves"]} == {10}
    assert [event["how"] for event in continued.events(1) if event["event"] == "resumed"] == ["continue"]
    kept = [artifact for artifact in told["artifacts"] if artifact["kind"] == "checkpoint"]
    assert [artifact["path"] for artifact in kept] == ["run:checkpoint.npz"]
    assert kept[0]["bytes"] == (continued.run_dir(1) / "checkpoint.npz").stat().st_size


def test_a_third_trial_goes_on_from_the_second(tmp_path: Path) -> None:
    """A trial that went on leaves a checkpoint like any other."""
    base = trained(tmp_path / "base", script(4))
    second = trained(tmp_path / "second", script(6), of=base)
    third = trained(tmp_path / "third", script(8), of=second)

    assert epochs(third) == [7, 8]


def test_a_crash_goes_on_from_its_own_checkpoint(tmp_path: Path) -> None:
    """Not from the other trial's once more; the facts still say how it began."""
    crash = """
class Crash(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 8 and not SEEN.joinpath('crashed').exists():
            SEEN.joinpath('crashed').touch()
            os.kill(os.getpid(), signal.SIGKILL)


CALLBACKS = [Crash()]
"""
    base = trained(tmp_path / "base", script(5, callbacks=crash))
    continued = trained(tmp_path / "continued", script(10, callbacks=crash), of=base, crashes=1)
    whole = trained(tmp_path / "whole", script(10))

    assert (epochs(continued, 1), epochs(continued, 2)) == ([6, 7, 8], [9, 10])
    assert result(continued, 2)["facts"]["warm"]["how"] == "continue"
    for name, array in ended(whole)[0].items():
        np.testing.assert_array_equal(ended(continued)[0][name], array, err_msg=name)


SCHEDULE = "keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, decay_steps=3 * EPOCHS))"
BY_EPOCH = "CALLBACKS = [keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 * (1 - epoch / EPOCHS))]"
A_FILE_EACH = "CALLBACKS = [keras.callbacks.ModelCheckpoint('{epoch}.weights.h5', save_weights_only=True)]"
PUT_BACK = "CALLBACKS = [keras.callbacks.EarlyStopping('loss', patience=50, restore_best_weights=True)]"
STOPPED = "CALLBACKS = [keras.callbacks.EarlyStopping('loss', min_delta=10.0, patience=2)]"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        pytest.param({"optimizer": SCHEDULE}, "configured differently", id="schedule over all epochs"),
        pytest.param({"callbacks": BY_EPOCH}, "may depend on the number", id="rate by epoch"),
        pytest.param({"callbacks": A_FILE_EACH}, "a file for each epoch", id="a file each"),
        pytest.param({"callbacks": PUT_BACK}, "with the best ones", id="best weights"),
        pytest.param({"optimizer": "keras.optimizers.Adam(use_ema=True)"}, "averages", id="averages"),
        pytest.param({"callbacks": STOPPED}, "before its last epoch", id="stopped early"),
    ],
)
def test_what_would_be_another_training_begins_anew(tmp_path: Path, wanted: dict[str, str], why: str) -> None:
    """With random weights, and says why."""
    base = trained(tmp_path / "base", script(5, **wanted))
    longer = trained(tmp_path / "longer", script(10, **wanted), of=base)

    assert epochs(longer)[0] == 1
    warm = result(longer)["facts"]["warm"]
    assert warm["how"] == "cold"
    assert why in warm["why"]


def test_a_schedule_that_is_the_same_goes_on(tmp_path: Path) -> None:
    """One that does not go by the number of epochs."""
    fixed = SCHEDULE.replace("3 * EPOCHS", "60")
    base = trained(tmp_path / "base", script(5, optimizer=fixed))
    longer = trained(tmp_path / "longer", script(10, optimizer=fixed), of=base)

    assert epochs(longer) == [6, 7, 8, 9, 10]


def test_another_model_begins_anew(tmp_path: Path) -> None:
    """Its script never notices."""
    base = trained(tmp_path / "base", script(5))
    longer = trained(tmp_path / "longer", script(10).replace("Dense(8", "Dense(9"), of=base)

    assert epochs(longer)[0] == 1
    assert result(longer)["facts"]["warm"]["how"] == "cold"


def test_a_checkpoint_that_is_gone_or_cut_short_costs_nothing_but_time(tmp_path: Path) -> None:
    """The training begins anew."""
    base = trained(tmp_path / "base", script(5))
    (base.run_dir(1) / "checkpoint.npz").write_bytes(b"PK")
    damaged = trained(tmp_path / "damaged", script(6), of=base)
    (base.run_dir(1) / "checkpoint.npz").unlink()
    gone = trained(tmp_path / "gone", script(6), of=base)

    for trial in (damaged, gone):
        assert epochs(trial)[0] == 1
        assert result(trial)["facts"]["warm"]["how"] == "cold"


def test_several_fits_leave_no_checkpoint_for_others(tmp_path: Path) -> None:
    """Nobody could say which of them goes on; nor is there one where nobody wants it."""
    several = trained(tmp_path / "several", script(2) + FIT)
    unwanted = trained(tmp_path / "unwanted", script(2), keeps_checkpoint=False)

    for trial in (several, unwanted):
        assert [artifact for artifact in result(trial)["artifacts"] if artifact["kind"] == "checkpoint"] == []
