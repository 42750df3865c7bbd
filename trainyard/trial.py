"""What is known of a trial: where its code came from, what was changed, measured and drawn, why it failed.

Consumers are tolerant: unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

DataKind = Literal["test", "validation", "train", "folds", "unknown"]
HELD_OUT: frozenset[DataKind] = frozenset({"test", "validation", "folds"})
"""Data that the model was not trained on."""

Direction = Literal["maximize", "minimize"]
FailureReason = Literal[
    "not_found",  # no such URL, folder, revision or archive
    "empty",  # nothing to train in it
    "too_large",  # more than a bundle may hold
    "config",  # trainyard.toml does not validate
    "syntax",  # the code does not parse
    "entrypoint",  # no script, or several, could be meant
    "input",  # the script asks for arguments, answers or variables that nothing gives
    "missing_module",  # an import that no image has
    "image",  # the training image did not build
    "raised",  # the script raised before it had measured
    "no_metric",  # the script ended well but measured nothing
    "no_result",  # the container ended with 0 and left no result
    "crashed",  # killed, again and again
    "out_of_memory",  # killed at its memory limit, again and again
    "timed_out",  # ran longer than it may
]


class Model(BaseModel):
    """A frozen value that tolerates fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Origin(Model):
    """Where the code of a job came from.

    Attributes:
        code: The URL or folder as it was submitted.
        revision: The branch, tag or commit that was asked for.
        commit: The commit that was bundled, or the bundle's hash for a plain folder.
        title: A short name for people, such as the repository's.
        submission: Which `code.submitted` it was, so that whoever submitted it finds its job.
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
        """Tell whether this value is at or beyond *threshold* in the metric's direction."""
        return self.value >= threshold if self.direction == "maximize" else self.value <= threshold

    def rank(self) -> float:
        """Return a number that is larger for the better measurement."""
        return self.value if self.direction == "maximize" else -self.value


class Curve(Model):
    """One metric over the epochs of a trial, at most 200 points, evenly thinned; `epochs` is the true number."""

    name: str
    points: tuple[float | None, ...] = ()
    epochs: int = 0


class Artifact(Model):
    """A file that a trial left, kept in storage under `location`.

    A checkpoint is for the trials after it and no file for people; its location is a blob's sha256.
    """

    name: str
    kind: Literal["model", "figure", "metrics", "other", "checkpoint"] = "other"
    location: str
    bytes: int = 0


class Warn(Model):
    """What the script raised after it had measured."""

    type: str
    message: str
    traceback: str = ""
    file: str | None = None
    line: int | None = None


Setting = int | float | str | tuple[int, ...] | None
"""What an edit is told: the new value, or None where there is nothing to choose."""


class Tweak(Model):
    """One typed edit of the author's source.

    Attributes:
        name: Which edit.
        setting: What it was told.
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
        sentence: What is wrong and what shows it, for a person, without a full stop.
        confidence: From 0 to 1.
    """

    name: str
    sentence: str
    confidence: float


Purpose = Literal[
    "search",  # to reach the threshold
    "prune",  # to show that a part of the diff is not needed
    "control",  # the same code from random weights, to show that inherited ones were not the cause
    "confirm",  # the same code with another seed, to show that it was no luck
]


class Warm(Model):
    """Where a trial's weights come from, where it does not begin with random ones.

    Attributes:
        trial: Whose.
        how: "continue" goes on after that trial's last epoch, "inherit" maps its weights into another architecture.
        location: The blob in storage that is its last checkpoint.
    """

    trial: int
    how: Literal["continue", "inherit"]
    location: str


class EarlyStop(Model):
    """When the probe ends a training that is not worth its epochs.

    Attributes:
        rule: "median" compares with the median of earlier trials, "patience" waits for an improvement.
        curve: The metric that is looked at, such as "loss" or "val_accuracy".
        direction: Whether more of it is better.
        reference: For "median": the best value that the median earlier trial had reached; without, only a loss that is
            no number ends the training.
        every: How many epochs lie between two values of the reference; the first is after so many.
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
    """Why a trial gave no accuracy, and what its author can do."""

    reason: FailureReason
    message: str
    remedy: str = ""
    traceback: str = ""
    file: str | None = None
    line: int | None = None
    log_tail: str = ""


class Trial(Model):
    """One variant of the code and, once it ended, how it did.

    Attributes:
        bundle: sha256 of the code, or None where no bundle could be made.
        tweaks: What changed against `base`; empty for trial 1.
        base: The trial whose code the tweaks were applied to.
        purpose: What it was made for.
        of: For a trial that prunes, controls or confirms: the trial that it is about.
        seed: What it was seeded with.
        diagnosis: What was found wrong in `base`, the surest first, and led to this trial.
        warm: Where its weights came from; random ones when absent.
        seconds: Wall time of its training.
        facts: What the probe saw of data and model; keys as in docs/trainprobe.md.
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

    @property
    def cut_short(self) -> bool:
        """Whether the probe ended its training early, so that its code by itself does something else."""
        training = self.facts.get("training")
        return isinstance(training, dict) and training.get("stopped_by_probe") is True

    @property
    def inherited(self) -> bool:
        """Whether it began with weights of another architecture, which its code by itself does not have.

        Warm starts may generalise worse than cold ones (Ash and Adams 2020, arXiv 1910.08475), so a cold one has to
        show the same. Where the weights did not fit after all, the probe began with random ones and says so.
        """
        done = self.facts.get("warm")
        began_cold = isinstance(done, dict) and done.get("how") == "cold"
        return self.warm is not None and self.warm.how == "inherit" and not began_cold

    @property
    def delivered(self) -> tuple[Artifact, ...]:
        """The files that are for people."""
        return tuple(artifact for artifact in self.artifacts if artifact.kind != "checkpoint")

    @property
    def checkpoint(self) -> Artifact | None:
        """What a later trial may begin with, where it was kept."""
        return next((artifact for artifact in self.artifacts if artifact.kind == "checkpoint"), None)


def find_trial(trials: Iterable[Trial], number: int | None) -> Trial | None:
    """Return the trial of this number, or None where *trials* hold none."""
    return next((trial for trial in trials if trial.trial == number), None)
