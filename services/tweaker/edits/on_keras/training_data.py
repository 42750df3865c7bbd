"""The arrays that a network is trained on: given to `fit`, or in the data set or the generator that it is given."""

import libcst as cst

from services.tweaker.edits.assignments import only_value
from services.tweaker.source import Script, argument, called, receiver

KEEPING = frozenset({"shuffle", "batch", "prefetch", "cache", "repeat"})
"""Methods of a data set that leave its rows as they are."""
_DEEPEST = 12

Array = cst.BaseExpression | None


def arrays(script: Script, fit: cst.Call) -> tuple[Array, Array]:
    """Return the inputs and the labels of a training; None for what is not certain."""
    inputs, labels = argument(fit, "x", position=0), argument(fit, "y", position=1)
    return (inputs, labels) if labels is not None or inputs is None else _within(script, inputs)


def _within(script: Script, node: cst.BaseExpression, depth: int = 0) -> tuple[Array, Array]:
    """Return what a data set or a generator is made of; a generator may change the inputs."""
    made = only_value(script, node) if isinstance(node, cst.Name) else node
    if not isinstance(made, cst.Call) or depth > _DEEPEST:
        return None, None
    given, before = argument(made, "tensors", position=0), receiver(made)
    if called(made) == "from_tensor_slices" and isinstance(given, cst.Tuple) and len(given.elements) == len("xy"):
        return given.elements[0].value, given.elements[1].value
    if called(made) == "flow":
        return None, argument(made, "y", position=1)
    return _within(script, before, depth + 1) if before is not None and called(made) in KEEPING else (None, None)
