"""An operator may kill anything at any moment and loses nothing."""

import json
from typing import Any

import pytest

from tests.e2e.stack import SERVICES, Stack, docker, eventually, kill_inside

pytestmark = pytest.mark.timeout(900)  # the first job of a kind builds its image

EPOCHS = 40

LONG = f"""
import time

import keras
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
X = StandardScaler().fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = keras.Sequential([
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
slow = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: time.sleep(0.8))
model.fit(X_train, y_train, epochs={EPOCHS}, callbacks=[slow], verbose=0)
acc = model.evaluate(X_test, y_test, verbose=0)[1]
"""

SHORT = """
import time

from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
time.sleep(6)
model = KNeighborsClassifier(n_neighbors=5)
model.fit(X_train, y_train)
acc = model.score(X_test, y_test)
"""


def events(container: str, run: int) -> list[dict[str, Any]]:
    """Return what the probe of a running container has written so far."""
    path = f"/trainyard/r{run}/epochs.jsonl"
    text = docker("exec", "--user", "10001", container, "sh", "-c", f"cat {path} 2>/dev/null || true")
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def last_epoch(container: str, run: int) -> int:
    """Return the newest complete epoch, 0 when there is none or the container does not run yet."""
    if container not in docker("ps", "--format", "{{.Names}}").splitlines():
        return 0
    return max((event["epoch"] for event in events(container, run) if event["event"] == "epoch"), default=0)


class TestKilledTraining:
    def test_goes_on_from_its_checkpoint_and_ends_as_it_would_have(self, stack: Stack) -> None:
        """After kill -9 at an observed epoch the next run follows the checkpoint; the curve has every epoch once."""
        job = stack.submit(stack.script("long", {"train.py": LONG}))
        first, second = f"trainyard-{job}-t1-r1", f"trainyard-{job}-t1-r2"
        killed_at = eventually(
            lambda: (epoch := last_epoch(first, 1)) >= 16 and epoch,
            timeout=300,
            message=lambda: f"the training did not come to epoch 16\n{stack.logs()}",
        )

        assert kill_inside(first, "trainprobe")

        eventually(lambda: last_epoch(second, 2), timeout=60, message=lambda: f"no second run\n{stack.logs()}")
        resumed, then = events(second, 2)[:2]
        assert resumed["event"] == "resumed"
        assert 0 < resumed["epoch"] <= killed_at
        assert then["epoch"] == resumed["epoch"] + 1
        ended = stack.finished(job)
        assert ended["outcome"] == "passed", ended["why"]
        assert [trial["purpose"] for trial in ended["history"]] == ["search", "confirm"]
        curve = next(curve for curve in ended["history"][0]["curves"] if curve["name"] == "loss")
        assert curve["epochs"] == EPOCHS
        stack.expect_one_mail(job)
        stack.expect_nothing_left(job)


class TestKilledService:
    @pytest.mark.parametrize("service", SERVICES)
    def test_every_job_ends_once_with_one_mail(self, service: str, stack: Stack) -> None:
        """Whichever service dies while a job is under way, the job ends as it would have and nothing stays behind."""
        job = stack.submit(stack.script(f"short-{service}", {"train.py": SHORT}))
        eventually(lambda: stack.trainings(job), timeout=120, message=lambda: f"no training\n{stack.logs()}")

        stack.kill_service(service)

        ended = stack.finished(job)
        assert ended["outcome"] == "passed", ended["why"]
        assert ended["trials"] >= 2
        stack.expect_one_mail(job)
        stack.expect_nothing_left(job)
