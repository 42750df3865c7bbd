"""What each case must end in: `cases.toml`, read into values that a test can compare."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from trainyard.messages import AccuracyMeasured, TrainingFailed
from trainyard.trial import DataKind, Direction, FailureReason, Measurement, Trial

HERE = Path(__file__).parent
CASES = HERE / "cases"
TABLE = HERE / "cases.toml"
EXACTLY = 1e-4
"""Where nothing else is said: far below what one row of any test set is worth."""


class Expected(BaseModel):
    """A value that does not know a key refuses it, so that a slip in the table is not overlooked."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Refused(Expected):
    """An explained failure.

    Attributes:
        message: Words that its message holds.
        remedy: Words that its remedy holds.
    """

    reason: FailureReason
    message: Annotated[str, Field(min_length=3)]
    remedy: Annotated[str, Field(min_length=3)]


class Case(Expected):
    """One repository and what its training must end in.

    Attributes:
        name: Its folder in `cases/`.
        pattern: What it stands for, in words.
        runs: The script that is run; inspection finds it.
        value: What the script measures.
        within: How far off the value may be: what one row of the test set is worth where a processor's rounding may
            decide on it; more where the script seeds nothing, so that the trial's seed does.
        source: Where the value was found, as the result says before a semicolon.
        warning: Words of what the script raised after it had measured.
        leaves: Artifacts that are delivered.
        keeps_back: Files of the repository that must not be.
        failure: What it must fail with, instead of all of the above.
        library: What it imports that this Python does not have; another one may.
        trains: Whether it is trained in a process of its own ("here", by `make test`) or in its image (by `make e2e`),
            as those are that show what an image is for, at least one a kind.
        kills: It is killed after an observed epoch, and must go on from there.
    """

    name: str
    pattern: str
    runs: str = ""
    metric: str = "accuracy"
    direction: Direction = "maximize"
    data: DataKind = "unknown"
    value: float | None = None
    within: float = EXACTLY
    source: str = ""
    warning: str = ""
    leaves: tuple[str, ...] = ()
    keeps_back: tuple[str, ...] = ()
    failure: Refused | None = None
    library: str = ""
    trains: Literal["here", "image"] = "here"
    kills: bool = False

    def files(self) -> dict[str, bytes]:
        """Return what the author pushed."""
        folder = CASES / self.name
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }


def cases() -> list[Case]:
    """Read the table, in its order."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return [Case(name=name, **row) for name, row in table.items()]


def differences(case: Case, said: AccuracyMeasured | TrainingFailed) -> list[str]:
    """Return in words how what was *said* of a training is not what *case* expects; empty where it is."""
    if case.failure:
        return _of_failure(case.failure, said.result)
    if said.result.failure or not said.result.measurement:
        return [f"it failed: {said.result.failure!r}"]
    return _of_trial(case, said.result.measurement, said.result)


def _of_failure(expected: Refused, trial: Trial) -> list[str]:
    failure = trial.failure
    if failure is None:
        return [f"it did not fail, but measured {trial.measurement!r}"]
    wrong = [] if failure.reason == expected.reason else [f"the reason is {failure.reason!r}"]
    wrong += [] if expected.message in failure.message else [f"the message is {failure.message!r}"]
    wrong += [] if expected.remedy in failure.remedy else [f"the remedy is {failure.remedy!r}"]
    return wrong


def _of_trial(case: Case, measured: Measurement, trial: Trial) -> list[str]:
    found = {name: getattr(measured, name) for name in ("metric", "direction", "data")}
    found["source"] = measured.source.partition(";")[0]  # what else was reported depends on the processor
    wrong = [
        f"{name} is {value!r}, not {getattr(case, name)!r}"
        for name, value in found.items()
        if value != getattr(case, name)
    ]
    if case.value is None or abs(measured.value - case.value) > case.within:
        wrong.append(f"the value is {measured.value!r}, not {case.value!r}")
    if trial.facts.get("entrypoint") != case.runs:
        wrong.append(f"what ran is {trial.facts.get('entrypoint')!r}, not {case.runs!r}")
    return wrong + _of_warning(case, trial) + _of_files(case, trial)


def _of_warning(case: Case, trial: Trial) -> list[str]:
    warned = f"{trial.warning.type}: {trial.warning.message}" if trial.warning else ""
    right = case.warning in warned if case.warning else not warned
    return [] if right else [f"the warning is {warned!r}, not {case.warning!r}"]


def _of_files(case: Case, trial: Trial) -> list[str]:
    left = {artifact.name for artifact in trial.artifacts}
    wrong = [f"{name} is not delivered, but {sorted(left)}" for name in case.leaves if name not in left]
    return wrong + [f"{name} is delivered" for name in case.keeps_back if name in left]
