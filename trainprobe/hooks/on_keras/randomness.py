"""The random state of a process, saved and restored, so that a script goes on as if it had not been interrupted."""

from __future__ import annotations

import random
import sys
from typing import Dict, Iterator, Mapping, Optional, Sequence, Tuple

from trainprobe.foreign import Foreign
from trainprobe.training.arrays_in_json import Keep, decoded, encoded


def take(keep: Keep) -> Dict[str, object]:
    """Return the state of the shared generators of Python, NumPy, TensorFlow and Keras, as JSON."""
    states: Dict[str, Foreign] = {"python": random.getstate()}
    numpy: Optional[Foreign] = sys.modules.get("numpy")
    if numpy is not None:
        states["numpy"] = numpy.random.get_state()
    states.update((name, generator.getstate()) for name, generator in _generators())
    states.update((name, variable.numpy()) for name, variable in _variables())
    return {name: encoded(state, keep) for name, state in states.items()}


def restore(saved: Mapping[str, object], arrays: Mapping[str, Foreign], *, but: Sequence[str] = ()) -> None:
    """Restore the *saved* state of the generators that exist here, *but* for some that stay as they are."""
    states = {name: decoded(state, arrays) for name, state in saved.items() if name not in but}
    if "python" in states:
        random.setstate(states["python"])
    if "numpy" in states and "numpy" in sys.modules:
        numpy: Foreign = sys.modules["numpy"]
        numpy.random.set_state(states["numpy"])
    for name, generator in _generators():
        if name in states:
            generator.setstate(states[name])
    for name, variable in _variables():
        if name in states:
            variable.assign(states[name])


def _generators() -> Iterator[Tuple[str, Foreign]]:
    # Without public names: the one that seeds TensorFlow's operations, and that of Keras 2.
    context = getattr(sys.modules.get("tensorflow.python.eager.context"), "_context", None)
    yield from _there("tensorflow", getattr(context, "_rng", None))
    for library in ("tf_keras", "keras"):
        seeds = getattr(sys.modules.get(library + ".src.backend"), "_SEED_GENERATOR", None)
        yield from _there(library, getattr(seeds, "generator", None))


def _variables() -> Iterator[Tuple[str, Foreign]]:
    keras: Foreign = sys.modules.get("keras.src.backend.common.global_state")
    if keras is not None:
        shared = keras.get_global_attribute("global_seed_generator")
        yield from _there("keras.random", getattr(shared, "state", None))
    tensorflow = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    shared = getattr(tensorflow, "global_generator", None)
    yield from _there("tensorflow.random", getattr(shared, "state", None))


def _there(name: str, found: Optional[Foreign]) -> Iterator[Tuple[str, Foreign]]:
    if found is not None:
        yield name, found
