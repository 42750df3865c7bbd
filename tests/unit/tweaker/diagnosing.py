"""Cases for the diagnosis, with everything that a test does not care about in order."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Facts
from services.tweaker.rules import diagnose
from tests.unit.tweaker.builders import SCALED, TWO_CLASSES

THREE = {"classes": 3, "counts": [230, 240, 230], "encoding": "integer", "lowest": 0.0, "highest": 2.0}
TEN = {"classes": 10, "counts": [70] * 10, "encoding": "integer", "lowest": 0.0, "highest": 9.0}
Layer = Mapping[str, Any]


def dense(units: int, activation: str = "relu", **more: Any) -> dict[str, Any]:
    """Return the facts of a Dense layer."""
    return {"class": "Dense", "units": units, "activation": activation, **more}


def a_network(
    *hidden: Layer,
    output: Layer | None = None,
    labels: Mapping[str, Any] = TWO_CLASSES,
    inputs: Mapping[str, Any] = SCALED,
    training: Mapping[str, Any] | None = None,
    optimizer: str = "Adam",
    rate: float = 0.001,
    loss: str = "binary_crossentropy",
    from_logits: bool = False,
    decay: float | None = None,
    reached: float | None = 0.7,
    **more: Any,
) -> Case:
    """Return a Keras network that fits 70 % of its training data and is asked for 90 %; *more* goes into the case."""
    known = {
        "inputs": inputs,
        "labels": labels,
        "model": {
            "library": "keras",
            "class": "Sequential",
            "layers": [*(hidden or [dense(32)]), output or dense(1, "sigmoid")],
            "output": output or dense(1, "sigmoid"),
            "optimizer": optimizer,
            "learning_rate": rate,
            "loss": loss,
            "from_logits": from_logits,
            "weight_decay": decay,
        },
        "training": {"steps": 100, "batch_size": 7, **(training or {})},
        "training_value": reached,
        "nan": more.pop("nan", False),
    }
    return Case(
        **{"value": 0.8, "data": "test", "threshold": 0.9, "facts": Facts.model_validate(known), "epochs": 20, **more}
    )


def an_estimator(
    kind: str = "SVC",
    *,
    steps: Sequence[str] = (),
    inputs: Mapping[str, Any] = SCALED,
    labels: Mapping[str, Any] = TWO_CLASSES,
    training: Mapping[str, Any] | None = None,
    library: str = "sklearn",
    params: Mapping[str, Any] | None = None,
    reached: float | None = 0.7,
    **settings: Any,
) -> Case:
    """Return an estimator of these *settings* that reached 70 % of its training data and is asked for 90 %."""
    known = {
        "inputs": inputs,
        "labels": labels,
        "model": {
            "library": library,
            "class": kind,
            "params": params or {},
            "layers": [{"class": one} for one in steps],
        },
        "training": dict(training or {}),
        "training_value": reached,
    }
    return Case(value=0.7, data="test", threshold=0.9, facts=Facts.model_validate(known), settings=settings)


def confidence(name: str, case: Case) -> float:
    """Return how sure the diagnosis is of the finding of that name; 0 where it is silent about it."""
    return max((finding.confidence for finding in diagnose(case) if finding.name == name), default=0.0)


def sentence(name: str, case: Case) -> str:
    """Return what the finding of that name says."""
    return next(finding.sentence for finding in diagnose(case) if finding.name == name)
