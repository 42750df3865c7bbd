"""What the probe saw of data and model, read tolerantly: a section that is missing or odd is as good as unknown."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import Field, ValidationError

from trainyard.messages import Model


class Spread(Model):
    """Statistics of one column, or of all values together."""

    min: float = 0.0
    max: float = 0.0
    mean: float = 0.0
    std: float = 0.0


class Inputs(Model):
    """What `fit` was given as inputs; `shape` is that of one row."""

    rows: int = 0
    shape: tuple[int, ...] = ()
    columns: tuple[Spread, ...] = ()
    overall: Spread | None = None
    unscaled: bool | None = None
    missing: int = 0


class Labels(Model):
    """What `fit` was given as labels; `classes` is 0 where they are unknown or no classes."""

    classes: int = 0
    counts: tuple[int, ...] = ()
    encoding: str = ""


class LayerFacts(Model):
    """One layer of a network, or one step of a pipeline."""

    kind: str = Field("", alias="class")
    units: int | None = None
    activation: str | None = None


class ModelFacts(Model):
    """What was fitted."""

    library: str = ""
    kind: str = Field("", alias="class")
    layers: tuple[LayerFacts, ...] = ()
    optimizer: str | None = None
    learning_rate: float | None = None
    loss: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)

    def param(self, name: str) -> Any:
        """Return a parameter of the estimator, also where it is a step of a pipeline; None when unknown."""
        return next((value for key, value in self.params.items() if key.rpartition("__")[2] == name), None)


class Facts(Model):
    """All facts of one trial."""

    inputs: Inputs = Inputs()
    labels: Labels = Labels()
    model: ModelFacts = ModelFacts()
    train_accuracy: float | None = None
    measured_on_training_data: bool = False
    nan: bool = False


M = TypeVar("M", bound=Model)


def read_facts(raw: dict[str, Any]) -> Facts:
    """Read the facts of a trial, keys as in docs/trainprobe.md."""
    accuracy = raw.get("train_accuracy")
    return Facts(
        inputs=_section(Inputs, raw.get("inputs")),
        labels=_section(Labels, raw.get("labels")),
        model=_section(ModelFacts, raw.get("model")),
        train_accuracy=float(accuracy) if isinstance(accuracy, int | float) else None,
        measured_on_training_data=raw.get("measured_on_training_data") is True,
        nan=raw.get("nan") is True,
    )


def _section(kind: type[M], raw: Any) -> M:
    """Read one section; what does not validate is unknown."""
    try:
        return kind.model_validate(raw if isinstance(raw, dict) else {})
    except ValidationError:
        return kind()
