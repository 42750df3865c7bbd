"""What the diagnosis looks at, and what it finds."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.tweaker.diagnosis import curves
from services.tweaker.diagnosis.facts import Facts
from services.tweaker.diagnosis.scale import ACCURACIES, Scale, scale_of
from services.tweaker.diagnosis.screened import Screened, screened
from services.tweaker.source.scripts import Files
from trainyard.evidence import standard_error
from trainyard.policy import Policy
from trainyard.trial import Setting, Trial

Grounds = Literal["data", "structure", "curves"]
"""What a finding rests on. Bad data spoil the curves, so what these show waits until the data are right."""

SCALERS = re.compile(rb"Scaler\(|Standardize\(|Normalization\(|Rescaling\(|/\s*=?\s*255|normalize\(|scale\(")
USUAL_TARGET = 0.85
"""The score that is asked for where the threshold is not known."""
NEARLY_ALL = 0.99
"""The accuracy that is asked for where the metric has no scores, since rare classes may decide it."""
USUAL_BATCH = 32
PLAIN_DESCENT = "sgd"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the rule's name, and its evidence."""

    name: str
    sentence: str
    confidence: float
    grounds: Grounds


@dataclass(frozen=True)
class Case:
    """One trial as the diagnosis sees it.

    Attributes:
        value: The score that it measured, of which 1 is perfect; None where it failed, or its metric has no scores.
        data: What it was measured on: "test", "validation", "train", "folds" or "unknown".
        facts: What the probe recorded.
        losses: The training's losses, one an epoch; empty where there are none.
        held_out: The losses on held-out data.
        accuracies: The training's accuracies, and `held_out_accuracies` those on held-out data.
        epochs: How many epochs the curves are of.
        settings: By edit, what that finds in the code; edits that find nothing to change are not in it.
        scales: Whether the code itself mentions a scaler.
        threshold: The score that *value* has to reach; None where it is not known.
        metric: What the author's threshold is about, also where it has no scores.
        scale: How values of that metric become scores.
        history: Every trial of the job so far, oldest first, this one too.
        screened: What other families of models reach on the training rows; None where that is not known.
    """

    value: float | None
    data: str = "unknown"
    facts: Facts = field(default_factory=Facts)
    losses: tuple[float, ...] = ()
    held_out: tuple[float, ...] = ()
    accuracies: tuple[float, ...] = ()
    held_out_accuracies: tuple[float, ...] = ()
    epochs: int = 0
    settings: Mapping[str, Setting] = field(default_factory=dict)
    scales: bool = False
    threshold: float | None = None
    metric: str = "accuracy"
    scale: Scale = field(default_factory=Scale)
    history: Sequence[Trial] = ()
    screened: Screened | None = None

    def number(self, edit: str) -> float | None:
        """Return the number that an edit finds in the code; None where it finds none."""
        setting = self.settings.get(edit)
        return setting if isinstance(setting, int | float) else None

    def whole(self, edit: str) -> int | None:
        """Return the whole number that an edit finds in the code; None where it finds none."""
        setting = self.settings.get(edit)
        return setting if isinstance(setting, int) else None

    def widths(self, edit: str) -> tuple[int, ...]:
        """Return the units or filters that an edit finds in the code, layer by layer."""
        setting = self.settings.get(edit)
        return setting if isinstance(setting, tuple) else ()

    @property
    def is_network(self) -> bool:
        """Whether the model is trained in epochs; of an unknown library, whether its curve or code suggests it."""
        known = bool(self.facts.model.library)
        return self.facts.is_network or (not known and (bool(self.losses) or "epochs" in self.settings))

    @property
    def is_regression(self) -> bool:
        """Whether the model predicts numbers, not classes."""
        named = self.facts.estimator.endswith("Regressor") or self.scale.is_of_amounts
        return named or self.facts.labels.encoding == "continuous"

    @property
    def task(self) -> str:
        """What the model should do, as the end of a sentence that says it cannot."""
        return "fit the target values" if self.is_regression else "separate the classes"

    @property
    def training_score(self) -> float | None:
        """The score on the training data; where the metric has none, the last accuracy there."""
        if self.facts.training_value is not None and self.value is not None:
            return self.scale.score(self.facts.training_value)
        if self.data == "train" and self.value is not None:
            return self.value
        return self.accuracies[-1] if self.accuracies and self.scale.is_accuracy else None

    @property
    def overfit_gap(self) -> float:
        """By how much the score on the training data exceeds that on held-out data; 0 where one is unknown."""
        score = self.training_score
        return score - self.value if score is not None and self.value is not None and self.data != "train" else 0.0

    @property
    def on_both_data(self) -> str:
        """The values on training and on held-out data, as the end of a sentence."""
        on_training_data = self.scale.named(self.training_score or 0.0)
        return f"{on_training_data} on the training data, {self.scale.figure(self.value or 0.0)} on held-out data"

    @property
    def shortfall(self) -> float:
        """By how much the value misses the threshold; not above 0 where it does not, or one of them is unknown."""
        return self.threshold - self.value if self.threshold is not None and self.value is not None else 0.0

    @property
    def target(self) -> float:
        """The score to reach."""
        threshold = self.threshold
        return threshold if threshold is not None and self.value is not None and 0 < threshold <= 1 else USUAL_TARGET

    @property
    def fits_training_data(self) -> bool:
        """Whether the score on the training data reaches the target."""
        score = self.training_score
        return score is not None and score >= (self.target if self.value is not None else NEARLY_ALL)

    def error(self, score: float, rows: int) -> float:
        """Return the standard error of a score over so many rows, 0 where it is not known.

        That of an accuracy is binomial; of another metric the probe found it for the rows that it was measured on, and
        its square falls with the number of rows.
        """
        measured = self.facts.measured
        if self.scale.is_accuracy:
            return standard_error(score, rows)
        if self.value is None or not rows:
            return 0.0
        value = self.scale.value(self.value)
        width = abs(self.scale.score(value + measured.stderr) - self.scale.score(value))
        return width * math.sqrt(measured.rows / rows)

    def reached(self, trial: Trial) -> float | None:
        """Return the score that another trial of the job measured; None where it measured nothing."""
        measured = trial.measurement
        known = measured is not None and measured.metric == self.metric and self.value is not None
        return self.scale.score(measured.value) if measured is not None and known else None

    @property
    def steps_per_epoch(self) -> int | None:
        """How many batches an epoch has."""
        if self.facts.training.steps:
            return self.facts.training.steps
        return math.ceil(self.facts.inputs.rows / self.batch_size) if self.facts.inputs.rows else None

    @property
    def updates(self) -> int:
        """How many times the weights were updated; 0 where that is not known."""
        return self.epochs * (self.steps_per_epoch or 0)

    @property
    def batch_size(self) -> int:
        """How many rows a batch has."""
        known = self.facts.training.batch_size or self.whole("batch_size") or 0
        return known if known > 0 else USUAL_BATCH

    @property
    def learning_rate(self) -> float | None:
        """The learning rate: as written in the code, else as the probe recorded it at the end.

        A larger one at the end is another default than today's: a script for an older Keras has the defaults of that.
        """
        written, at_end = self.number("learning_rate"), self.facts.model.learning_rate
        return at_end if written is None else max(float(written), at_end or 0.0)

    @property
    def optimizer(self) -> str:
        """The optimizer's class, or words in its place."""
        return self.facts.model.optimizer or str(self.settings.get("optimizer") or "the optimizer")

    @property
    def descends_plainly(self) -> bool:
        """Whether the optimizer is plain gradient descent, which takes many more steps."""
        return self.optimizer.lower() == PLAIN_DESCENT


def case_of(
    trial: Trial, settings: Mapping[str, Setting], files: Files, history: Sequence[Trial], policy: Policy
) -> Case:
    """Return what the diagnosis looks at in a trial with these settings in its code."""
    points = {curve.name: curves.finite(curve.points) for curve in trial.curves}
    facts, measured = Facts.model_validate(trial.facts), trial.measurement
    scale = scale_of(measured, facts) if measured else None
    return Case(
        value=scale.score(measured.value) if measured and scale else None,
        data=measured.data if measured else "unknown",
        facts=facts,
        losses=points.get("loss", ()),
        held_out=points.get("val_loss", ()),
        accuracies=_first(points, ACCURACIES),
        held_out_accuracies=_first(points, [f"val_{name}" for name in ACCURACIES]),
        epochs=max((curve.epochs or len(curve.points) for curve in trial.curves), default=0),
        settings=settings,
        scales=_mentions_scaler(files),
        threshold=scale.score(policy.threshold) if scale else None,
        metric=measured.metric if measured else "",
        scale=scale or Scale(),
        history=history,
        screened=screened(trial, history, policy.threshold),
    )


def _mentions_scaler(files: Files) -> bool:
    return any(SCALERS.search(content) for name, content in files.items() if name.endswith(".py"))


def _first(points: Mapping[str, tuple[float, ...]], names: Sequence[str]) -> tuple[float, ...]:
    return next((points[name] for name in names if name in points), ())
