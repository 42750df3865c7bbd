"""Facts about how a model was trained: how long, in which steps, and how it ended."""

from __future__ import annotations

import math
import sys
from typing import Dict, Iterator, Mapping, Optional, Sequence

from trainprobe.facts.model import searched
from trainprobe.foreign import Foreign
from trainprobe.numeric import as_number

MOST_WEIGHTS = 5_000_000  # of which a copy is kept over the last epoch


def describe_epochs(curves: Mapping[str, Sequence[float]], planned: int) -> Dict[str, object]:
    """Return what the *curves* of an epoch-wise training tell: how long it was, and where it broke down."""
    losses = next((points for name, points in curves.items() if name == "loss"), ())
    done = max([len(points) for points in curves.values()], default=0)
    return {
        "epochs": planned,
        "ended_early": 0 < done < planned,
        "nan_epoch": next((epoch for epoch, loss in enumerate(losses, 1) if not math.isfinite(loss)), None),
    }


def update_ratio(before: Sequence[Foreign], after: Sequence[Foreign]) -> Optional[float]:
    """Return the median over weights of how far they have moved, as a share of how large they are."""
    numpy: Foreign = sys.modules["numpy"]
    sizes = [(float(numpy.linalg.norm(new - old)), float(numpy.linalg.norm(old))) for old, new in _pairs(before, after)]
    ratios = sorted(moved / size for moved, size in sizes if size > 0 and math.isfinite(moved))
    return float("{:.4g}".format(ratios[len(ratios) // 2])) if ratios else None


def describe_search(model: Foreign) -> Dict[str, object]:
    """Return whether an estimator of scikit-learn was done when it stopped, and after how many iterations."""
    model = searched(model)
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    done, most = _most(getattr(last, "n_iter_", None)), as_number(getattr(last, "max_iter", None))
    facts: Dict[str, object] = {"class_weight": getattr(last, "class_weight", None) is not None}
    if done is not None:
        facts["iterations"] = done
    if done is not None and most is not None and most > 0:
        facts["converged"] = done < most
    if getattr(last, "fit_status_", 0) == 1:  # support vectors that stopped at max_iter
        facts["converged"] = False
    return facts


def _most(counts: Foreign) -> Optional[int]:
    if counts is None:
        return None
    numpy: Foreign = sys.modules["numpy"]
    listed = numpy.asarray(counts).ravel()  # one that tries several settings has a table of them
    return int(listed.max()) if listed.size else None


def _pairs(before: Sequence[Foreign], after: Sequence[Foreign]) -> Iterator[Foreign]:
    return ((old, new) for old, new in zip(before, after) if old.shape == new.shape)  # noqa: B905 - Python 3.7 has no strict
