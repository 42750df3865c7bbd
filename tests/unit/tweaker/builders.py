"""Trials and messages about scripts, with everything that a test does not care about filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from trainyard.bundle import pack
from trainyard.messages import ThresholdMissed
from trainyard.policy import Policy
from trainyard.storage import Storage
from trainyard.testing import ORIGIN
from trainyard.trial import Curve, DataKind, Failure, Measurement, Trial, Tweak

UNSCALED = {"rows": 700, "shape": [8], "unscaled": True, "columns": [{"std": 0.3}, {"std": 115.2}]}
SCALED = {"rows": 700, "shape": [8], "unscaled": False}
TWO_CLASSES = {"classes": 2, "counts": [450, 250], "encoding": "binary"}
REST = [0.9, 0.7, 0.61, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
"""Losses of a training that has come to rest."""


def facts(
    inputs: Mapping[str, Any] = SCALED,
    *,
    labels: Mapping[str, Any] = TWO_CLASSES,
    model: str = "Sequential",
    layers: Sequence[str] = ("Dense", "Dense"),
    **more: Any,
) -> dict[str, Any]:
    """Return facts as the probe tells them."""
    library = "keras" if model == "Sequential" else "sklearn"
    described = {"library": library, "class": model, "layers": [{"class": layer} for layer in layers]}
    return {"entrypoint": "train.py", "inputs": dict(inputs), "labels": dict(labels), "model": described, **more}


def a_trial(
    number: int = 1,
    *,
    value: float | None = 0.64,
    data: DataKind = "test",
    losses: Sequence[float | None] = (),
    known: Mapping[str, Any] | None = None,
    bundle: str | None = None,
    tweaks: Sequence[str] = (),
    base: int | None = None,
) -> Trial:
    """Make a trial that measured *value*, or that failed where it is None."""
    return Trial(
        trial=number,
        bundle=bundle,
        measurement=None if value is None else Measurement(value=value, data=data),
        failure=Failure(reason="raised", message="ValueError") if value is None else None,
        curves=(Curve(name="loss", points=tuple(losses), epochs=len(losses)),) if losses else (),
        facts={"entrypoint": "train.py", **(known if known is not None else facts())},
        tweaks=tuple(Tweak(name=name, reason="why", diff="") for name in tweaks),
        base=base,
    )


def kept(storage: Storage, source: bytes, name: str = "train.py") -> str:
    """Keep the bundle of one script and return its name."""
    return storage.put_blob(pack({name: source}))


def missed(*history: Trial, policy: Policy | None = None) -> ThresholdMissed:
    """Make the message that asks for the next trial."""
    return ThresholdMissed(job="job-1", policy=policy or Policy(), origin=ORIGIN, seed=7, history=history)
