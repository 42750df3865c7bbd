"""What the shims share: which library is served, how the script reached it, and which shims it needed."""

from __future__ import annotations

from typing import Callable, Dict, List

from trainprobe.foreign import Foreign
from trainprobe.watch import Watch

FACT = "legacy_keras"


class Served:
    """Notes each shim once, at its first use, in the facts of the run and in the event log.

    *standalone* is true once the script imported ``keras`` itself: before Keras 2.4 that was a library of its own,
    with other defaults than ``tensorflow.keras`` had. *keras_1* is true once it said what only Keras 1
    knew, and *tensorflow* once TensorFlow is completely imported.
    """

    def __init__(self, watch: Watch) -> None:
        """Start with nothing used."""
        self._watch = watch
        self._shims: List[str] = []
        self._fact: Dict[str, object] = {"library": "tf_keras", "version": None, "shims": self._shims}
        self.standalone = False
        self.keras_1 = False
        self.tensorflow = False
        watch.trace.facts[FACT] = self._fact

    def used(self, shim: str) -> None:
        """Note that the script needed *shim*."""
        if shim not in self._shims:
            self._shims.append(shim)
            self._watch.events.write(FACT, shim=shim)

    def serves(self, version: str) -> None:
        """Note the *version* of the library that is served."""
        self._fact["version"] = version

    def apply(self, shims: Callable[["Served", Foreign], None], library: Foreign) -> None:
        """Put *shims* on *library*; one that does not fit this version of it is left out, and the log tells."""
        with self._watch.guard("the shims of " + shims.__module__):
            shims(self, library)
