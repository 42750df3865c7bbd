"""An old script that trains by a generator goes on after a kill."""

import json

import pytest

from tests.unit.trainprobe.probing import COMPAT, Finished, Trial, wait_until

EPOCHS = 25
OBSERVED = 6  # the epoch after which the process is killed
SCRIPT = """
import time
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam
from keras.callbacks import Callback, ReduceLROnPlateau


class Told(Callback):
    def on_epoch_begin(self, epoch, logs={}):
        optimizer = self.model.optimizer
        steps, rate = int(optimizer.iterations.numpy()), float(optimizer.lr.numpy())
        print('epoch', epoch, 'steps', steps, 'rate', rate, flush=True)

    def on_epoch_end(self, epoch, logs={}):
        time.sleep(0.05)  # so that it can be killed in the middle


def batches(seed):
    rng = np.random.RandomState(seed)
    while True:
        y = rng.randint(0, 2, 16)
        yield [rng.rand(16, 4) + y[:, None], y]


model = Sequential([Dense(8, activation='relu', input_dim=4), Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.01, decay=0.001), metrics=['accuracy'])
history = model.fit_generator(batches(1), samples_per_epoch=160, nb_epoch=25, verbose=0,
                              validation_data=batches(2), nb_val_samples=32,
                              callbacks=[Told(), ReduceLROnPlateau(monitor='acc', patience=5, min_delta=1.)])
print('history', len(history.history['acc']), len(history.history['val_acc']))
print('end', int(model.optimizer.iterations.numpy()))
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trial, list[str], Finished]:
    """The trial, what its killed run printed, and its second run."""
    trial = Trial(tmp_path_factory.mktemp("killed") / "trial", {"train.py": SCRIPT}, task={"compat": COMPAT})
    process = trial.start()
    try:
        wait_until(lambda: reached(trial) or process.poll() is not None)
    finally:
        process.kill()
    printed, said = process.communicate()
    assert reached(trial), said
    return trial, printed.splitlines(), trial.run(2)


def reached(trial: Trial) -> bool:
    return any(event["event"] == "epoch" and event["epoch"] >= OBSERVED for event in trial.events(1))


def test_it_goes_on_with_steps_and_rate(runs: tuple[Trial, list[str], Finished]) -> None:
    """Its first epoch begins as the killed run began the same one."""
    trial, before, second = runs
    told = [event for event in trial.events(2) if event["event"] == "resumed"]
    lines = [line for line in second.stdout.splitlines() if line.startswith("epoch")]

    assert len(told) == 1
    assert told[0]["epoch"] > 0
    assert lines[0].startswith("epoch {} steps {} ".format(told[0]["epoch"], 10 * told[0]["epoch"]))
    assert lines[0] in before


def test_it_ends_as_if_nothing_had_happened(runs: tuple[Trial, list[str], Finished]) -> None:
    """All epochs under both names, each curve once, and the optimizer's steps."""
    trial, _, second = runs

    assert f"history {EPOCHS} {EPOCHS}" in second.stdout
    assert f"end {10 * EPOCHS}" in second.stdout
    assert {curve["name"] for curve in second.result["curves"]} >= {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert {curve["epochs"] for curve in second.result["curves"]} == {EPOCHS}
    assert not {"acc", "val_acc"} & {curve["name"] for curve in second.result["curves"]}
    assert "fit_generator" in json.dumps(second.result["facts"]["compat"])
    assert [event for event in trial.events(2) if event["event"] == "probe_error"] == []
