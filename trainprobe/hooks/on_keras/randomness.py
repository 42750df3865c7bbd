"""The random state of a process, saved and restored, so that a script goes on as if it had not been interrupted."""

from __future__ import annotations

import random
import sys
from typing import Callable, Dict, Iterator, Mapping, Sequence, Tuple

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Keep, decoded, encoded

Generator = Tuple[str, Callable[[], Foreign], Callable[[Foreign], object]]  # its name, how to read and to set its state


def take(keep: Keep) -> Dict[str, object]:
    """Return the state of the shared generators of Python, NumPy, TensorFlow and Keras, as JSON."""
    return {name: encoded(read(), keep) for name, read, _ in generators()}


def restore(saved: Mapping[str, object], arrays: Mapping[str, Foreign], *, but: Sequence[str] = ()) -> None:
    """Restore the *saved* state of the generators that exist here, *but* for some that stay as they are."""
    for name, _, put in generators():
        if name in saved and name not in but:
            put(decoded(saved[name], arrays))


def generators() -> Iterator[Generator]:
    """Yield the shared generators that exist by now."""
    yield "python", random.getstate, random.setstate
    if "numpy" in sys.modules:
        shared = sys.modules["numpy"].random
        yield "numpy", shared.get_state, shared.set_state
    # Without public names: the one that seeds TensorFlow's operations, and those of Keras 2.
    context = getattr(sys.modules.get("tensorflow.python.eager.context"), "_context", None)
    generators = {"tensorflow": getattr(context, "_rng", None)}
    for library in ("tf_keras", "keras"):
        seeds = getattr(sys.modules.get(library + ".src.backend"), "_SEED_GENERATOR", None)
        generators[library] = getattr(seeds, "generator", None)
    yield from ((name, found.getstate, found.setstate) for name, found in generators.items() if found is not None)
    for name, variable in _variables().items():
        if variable is not None:
            yield name, variable.numpy, variable.assign


def _variables() -> Dict[str, Foreign]:
    keras: Foreign = sys.modules.get("keras.src.backend.common.global_state")
    seeds = None if keras is None else keras.get_global_attribute("global_seed_generator")
    shared = getattr(sys.modules.get("tensorflow.python.ops.stateful_random_ops"), "global_generator", None)
    return {"keras.random": getattr(seeds, "state", None), "tensorflow.random": getattr(shared, "state", None)}
