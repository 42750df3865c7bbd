"""What simple models of several families reach on the training rows, beside what a trial measured."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.tweaker.diagnosis.facts import Facts, Screening
from trainyard.evidence import standard_error
from trainyard.trial import Measurement, Trial

FOLDS = 3
BY_FOLDS = f"in {FOLDS}-fold cross-validation on the training rows"
FAMILIES = 3
"""So many families, screened, show what the data allow."""


@dataclass(frozen=True)
class Reached:
    """What a model of a family reached by folds, larger for the better whatever the metric, with its standard error."""

    family: str
    standardized: bool
    value: float
    error: float


@dataclass(frozen=True)
class Screened:
    """The families, the best model first, beside one trial.

    Attributes:
        models: What they reached.
        value: What the trial measured, larger for the better.
        target: What it has to reach, larger for the better.
        sign: -1 where less of the metric is better, else 1.
    """

    models: tuple[Reached, ...]
    value: float
    target: float
    sign: int = 1

    @property
    def unit(self) -> float:
        """The size of the metric's values: 1 for a share, and for an error what is asked for."""
        return abs(self.target) if self.sign < 0 else 1.0

    @property
    def families(self) -> tuple[Reached, ...]:
        """The best model of each family; on standardized columns only where that is better beyond noise."""
        best: dict[str, Reached] = {}
        for each in sorted(self.models, key=lambda each: each.value - each.standardized * each.error, reverse=True):
            best.setdefault(each.family, each)
        return tuple(sorted(best.values(), key=lambda each: -each.value))

    @property
    def is_broad(self) -> bool:
        """Whether enough families were screened to show what the data allow."""
        return len(self.families) >= FAMILIES

    def of(self, family: str, *, standardized: bool) -> Reached | None:
        """Return the model of a family with its columns so; None where it was not screened."""
        return next((each for each in self.models if (each.family, each.standardized) == (family, standardized)), None)

    def written(self, value: float) -> str:
        """Return a value as the metric has it."""
        return f"{self.sign * value:.3g}"


def screened(trial: Trial, history: Sequence[Trial], threshold: float) -> Screened | None:
    """Return the first trial's screening beside a trial; None where it was by another metric, or on other data."""
    measured, found = trial.measurement, Facts.model_validate(history[0].facts).screening if history else Screening()
    if measured is None or measured.metric != found.metric or measured.data == "train" or not found.models:
        return None
    sign = 1 if measured.direction == "maximize" else -1
    models = [
        Reached(each.family, each.standardized, sign * each.mean, _error(measured, each.mean, each.std, found.rows))
        for each in found.models
    ]
    best_first = tuple(sorted(models, key=lambda each: -each.value))
    return Screened(best_first, measured.rank(), sign * threshold, sign)


def _error(measured: Measurement, mean: float, std: float, rows: int) -> float:
    """Return the standard error over folds; of a share at least that of its rows: few folds may agree by luck."""
    share = standard_error(mean, rows) if measured.metric == "accuracy" and 0 <= mean <= 1 else 0.0
    return max(std / math.sqrt(FOLDS), share)
