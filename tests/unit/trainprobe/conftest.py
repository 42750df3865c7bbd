"""Fixtures: a trial of a small script; the slow runs are shared by the tests that look at them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.trainprobe import scripts
from tests.unit.trainprobe.probing import Finished, Trial, wait_until

Train = Callable[..., Finished]
OBSERVED = 6  # the epoch of the second fit after which the process is killed


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Run a script (and further files) under the probe and return what it left behind."""

    def run(script: str, files: dict[str, str] | None = None, **task: Any) -> Finished:
        return Trial(tmp_path / "trial", {"train.py": script, **(files or {})}, task=task).run()

    return run


@pytest.fixture(scope="session")
def estimators(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run of a script that measures scikit-learn's estimators in every way."""
    return Trial(tmp_path_factory.mktemp("estimators"), {"train.py": scripts.ESTIMATORS}).run()


@pytest.fixture(scope="session")
def wines(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run of the script that keeps its training accuracy in ``acc``."""
    files = {"wines.py": scripts.WINES, "wines.csv": scripts.wines_csv()}
    return Trial(tmp_path_factory.mktemp("wines"), files, entrypoint="wines.py").run()


@pytest.fixture(scope="session")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A trial whose first run was killed in its second fit, after an epoch that was observed."""
    trial = Trial(tmp_path_factory.mktemp("killed"), {"train.py": scripts.TWO_FITS})
    process = trial.start()
    try:
        wait_until(lambda: _reached(trial) or process.poll() is not None)
    finally:
        process.kill()
    _, stderr = process.communicate()
    assert _reached(trial), stderr
    return trial


@pytest.fixture(scope="session")
def resumed(killed: Trial, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trial, Finished]:
    """The second run of the trial that was killed."""
    trial = killed.copy(tmp_path_factory.mktemp("resumed") / "trial")
    return trial, trial.run(2)


@pytest.fixture(scope="session")
def spoilt(killed: Trial, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trial, Finished]:
    """The second run after the first fit's only checkpoint and the second fit's newest one were cut short."""
    trial = killed.copy(tmp_path_factory.mktemp("spoilt") / "trial")
    for name in ("fit-0.npz", "fit-1.npz"):
        path = trial.root / "checkpoints" / name
        path.write_bytes(path.read_bytes()[:1000])
    return trial, trial.run(2)


def _reached(trial: Trial) -> bool:
    return any(event.get("fit") == 1 and event.get("epoch", 0) >= OBSERVED for event in trial.events(1))
