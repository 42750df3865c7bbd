"""Small, cheap facts about the data and the model of a fit, from which a tweak can be chosen."""

from __future__ import annotations

from typing import Dict

from trainprobe.data import as_array
from trainprobe.describe_data import describe_inputs, describe_labels
from trainprobe.describe_model import describe_estimator, describe_network
from trainprobe.foreign import Foreign
from trainprobe.trace import Trace

OF_THE_RUN = ("legacy_keras", "warm", "holdout")  # facts that are not those of one fit


def describe_fit(trace: Trace, library: str, model: Foreign, inputs: Foreign, labels: Foreign) -> None:
    """Keep the facts of this fit in *trace*, in the place of those of an earlier one."""
    facts: Dict[str, object] = {name: trace.facts[name] for name in OF_THE_RUN if name in trace.facts}
    rows, classes = as_array(inputs), as_array(labels)
    if rows is not None and rows.ndim:
        facts["inputs"] = describe_inputs(rows)
    if classes is not None and classes.ndim:
        facts["labels"] = describe_labels(classes)
    facts["model"] = describe_network(model) if library == "keras" else describe_estimator(model)
    trace.facts = facts
