"""What is known of a trial: where its code came from, what was changed and measured, why it failed.

Consumers are tolerant: unknown fields are ignored.
"""

from collections.abc import Iterable
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

DataKind = Literal["test", "validation", "train", "folds", "unknown"]
HELD_OUT: frozenset[DataKind] = frozenset({"test", "validation", "folds"})
"""Data that the model was not trained on."""

Direction = Literal["maximize", "minimize"]
FailureReason = Literal[
    "not_found",  # no such URL, folder, revision or archive
    "empty",  # there is nothing to train in it
    "too_large",  # more than a bundle may hold
    "config",  # trainyard.toml is invalid
    "syntax",  # the code does not parse
    "entrypoint",  # no script, or several, could be the entrypoint
    "input",  # the script needs arguments, input or variables that are not provided
    "missing_module",  # an import that no image has
    "image",  # the training image did not build
    "raised",  # the script raised before a metric was measured
    "no_metric",  # the script ended without error but no metric was measured
    "no_result",  # the container exited with 0 and left no result
    "crashed",  # killed, repeatedly
    "out_of_memory",  # killed at its memory limit, repeatedly
    "timed_out",  # exceeded its time limit
]
ScriptFailureReason = Literal["raised", "no_metric", "syntax", "missing_module", "entrypoint"]
"""Those that the probe writes into `error.json` (`trainprobe/results/errors.py`); with any other it does not count."""


class Model(BaseModel):
    """A frozen value that tolerates fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Origin(Model):
    """Where the code of a job came from.

    Attributes:
        code: The URL or folder as it was submitted.
        revision: The requested branch, tag or commit.
        commit: The commit that was bundled, or the bundle's hash for a plain folder.
        title: A short name for people, such as the repository's.
        submission: The id of its `code.submitted`, so that its submitter finds the job.
    """

    code: str
    revision: str | None = None
    commit: str | None = None
    title: str = ""
    submission: str | None = None


class Measurement(Model):
    """One accuracy (or other metric) and what it was measured on."""

    metric: str = "accuracy"
    value: float
    data: DataKind = "unknown"
    source: str = ""
    direction: Direction = "maximize"

    def reaches(self, threshold: float) -> bool:
        """Return whether this value is at or beyond *threshold* in the metric's direction."""
        return self.value >= threshold if self.direction == "maximize" else self.value <= threshold

    def rank(self) -> float:
        """Return a number that is larger for the better measurement."""
        return self.value if self.direction == "maximize" else -self.value


class Curve(Model):
    """One metric by epoch, thinned evenly to at most 200 points; `epochs` is the true number."""

    name: str
    points: tuple[float | None, ...] = ()
    epochs: int = 0


class Artifact(Model):
    """A file of a trial, stored at `location`.

    A checkpoint is meant for later trials, not for people; its location is a blob's sha256.
    """

    name: str
    kind: Literal["model", "figure", "metrics", "other", "checkpoint"] = "other"
    location: str
    bytes: int = 0


class Warn(Model):
    """What the script raised after its metric was measured."""

    type: str
    message: str
    traceback: str = ""
    file: str | None = None
    line: int | None = None


Setting = int | float | str | tuple[int, ...] | None
"""The value of an edit: the new value, or None where there is nothing to choose."""


class Tweak(Model):
    """One typed edit of the author's source.

    Attributes:
        name: Which edit.
        setting: Its new value.
        deed: What it does, as the end of a sentence about what is wrong: "300 epochs instead of 100".
        reason: What is wrong and what is done about it, as a whole sentence.
        diff: The change, as `git apply` takes it.
    """

    name: str
    setting: Setting = None
    deed: str = ""
    reason: str
    diff: str


class Diagnosis(Model):
    """One thing that is wrong with a trial.

    Attributes:
        name: Which finding.
        sentence: What is wrong and the evidence for it, without a full stop.
        confidence: From 0 to 1.
        left_alone: Of a sure finding, why none of its remedies could be made, as a clause; "" where one could.
    """

    name: str
    sentence: str
    confidence: float
    left_alone: str = ""


Purpose = Literal[
    "search",  # to reach the threshold
    "prune",  # to show that a part of the diff is unneeded
    "control",  # the same code from random weights, to show that the inherited ones made no difference
    "confirm",  # the same code with another seed, to rule out luck
]


class Sealed(Model):
    """How a trial's model does on rows that are shown to nobody before the job's end.

    Attributes:
        rows: How many there are.
        correct: How many of them it predicts correctly.
        digest: Identifies these rows.
    """

    rows: int
    correct: int
    digest: str


class Warm(Model):
    """The trial whose weights a trial starts from, where they are not random.

    Attributes:
        trial: Its number.
        how: "continue" resumes after that trial's last epoch, "inherit" maps its weights to another architecture.
        location: Its last checkpoint, a blob in storage.
    """

    trial: int
    how: Literal["continue", "inherit"]
    location: str


class EarlyStop(Model):
    """When the probe stops a training that is not promising.

    Attributes:
        rule: "median" compares with the median of earlier trials, "patience" waits for an improvement.
        curve: The monitored metric, such as "loss" or "val_accuracy".
        direction: Whether more of it is better.
        reference: For "median": the best value that the median of earlier trials had reached; without it, only a NaN
            loss ends the training.
        every: The number of epochs between two values of the reference, and before the first one.
        patience: For "patience": epochs without an improvement.
        grace: Epochs that every training gets.
    """

    rule: Literal["median", "patience"]
    curve: str
    direction: Direction
    reference: tuple[float, ...] = ()
    every: int = 1
    patience: int = 0
    grace: int = 1


class Failure(Model):
    """Why a trial failed, and what its author can do.

    Attributes:
        trained: How far its training came before, as in "trained for 3 epochs"; nothing where none began.
    """

    reason: FailureReason
    message: str
    remedy: str = ""
    traceback: str = ""
    file: str | None = None
    line: int | None = None
    trained: str = ""
    log_tail: str = ""


class Trial(Model):
    """One variant of the code and, once it ended, its result.

    Attributes:
        bundle: sha256 of the code, or None where there is no bundle.
        tweaks: What was changed in the code of `base`; empty for trial 1.
        base: The trial whose code the tweaks were applied to.
        purpose: What it was made for.
        of: For a trial that prunes, controls or confirms: the trial that it is about. For one that searches: the trial
            that reached the threshold with a value that proves nothing.
        seed: Its random seed.
        diagnosis: The findings about `base` that led to this trial, the most certain first.
        warm: Where its weights came from; random when absent.
        seconds: Wall-clock time of its training.
        facts: What the probe observed of data and model; keys as in docs/trainprobe.md.
        sealed: How its model does on sealed rows; known to the evaluator alone.
    """

    trial: int
    bundle: str | None = None
    tweaks: tuple[Tweak, ...] = ()
    base: int | None = None
    purpose: Purpose = "search"
    of: int | None = None
    seed: int | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    warm: Warm | None = None
    measurement: Measurement | None = None
    alternatives: tuple[Measurement, ...] = ()
    failure: Failure | None = None
    curves: tuple[Curve, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    warning: Warn | None = None
    seconds: float = 0.0
    sealed: Sealed | None = None

    def fact(self, section: str, name: str, default: T) -> T:
        """Return what the probe observed; *default* where it is absent, or of another type."""
        facts = self.facts.get(section)
        value = facts.get(name, default) if isinstance(facts, dict) else default
        return value if isinstance(value, type(default)) else default

    @property
    def rows(self) -> int:
        """The number of rows that it was measured on; 0 where unknown."""
        return self.fact("measured", "rows", 0)

    @property
    def cut_short(self) -> bool:
        """Whether the probe stopped its training early, so that its code alone would do something else."""
        return self.fact("training", "stopped_by_probe", default=False)

    @property
    def inherited(self) -> bool:
        """Whether it started from weights of another architecture, which its code alone does not have.

        Warm starts may generalise worse than cold ones (Ash and Adams 2020, arXiv 1910.08475), so a cold one has to
        show the same. Where the weights did not fit, the probe started from random ones and recorded that.
        """
        return self.warm is not None and self.warm.how == "inherit" and self.fact("warm", "how", "") != "cold"

    @property
    def delivered(self) -> tuple[Artifact, ...]:
        """The files meant for people."""
        return tuple(artifact for artifact in self.artifacts if artifact.kind != "checkpoint")

    @property
    def checkpoint(self) -> Artifact | None:
        """What a later trial may start from, if it was kept."""
        return next((artifact for artifact in self.artifacts if artifact.kind == "checkpoint"), None)


def find_trial(trials: Iterable[Trial], number: int | None) -> Trial | None:
    """Return the trial of this number, or None where *trials* hold none."""
    return next((trial for trial in trials if trial.trial == number), None)
