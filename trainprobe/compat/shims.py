"""What the shims share: the libraries that are served, how the script imported them, and the shims that it needed."""

from __future__ import annotations

import functools
from typing import Callable, Dict, Iterable, List, Sequence

from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function
from trainprobe.watch import Watch

FACT = "compat"


class Shims:
    """Notes each shim once, at its first use, in the facts of the run and in the event log.

    *standalone* is true once the script imported ``keras`` itself: before Keras 2.4 that was a library of its own,
    with other defaults than ``tensorflow.keras`` had. *keras_1* is true once the script used what only Keras 1
    knew, and *tensorflow* once TensorFlow is completely imported.
    """

    def __init__(self, watch: Watch, libraries: Sequence[str] = (), why: str = "") -> None:
        self._watch = watch
        self._used: List[str] = []
        self._fact: Dict[str, object] = {"libraries": list(libraries), "shims": self._used}
        if why:
            self._fact["why"] = why
        self.standalone = False
        self.keras_1 = False
        self.tensorflow = False
        if libraries:
            watch.trace.run_facts[FACT] = self._fact

    def used(self, shim: str) -> None:
        """Note that the script needed *shim*."""
        if shim not in self._used:
            self._used.append(shim)
            self._watch.trace.run_facts[FACT] = self._fact
            self._watch.events.write(FACT, shim=shim)

    def used_keywords(self, label: str, keywords: Iterable[str]) -> None:
        """Note that the function *label* got old *keywords*, if there are any."""
        names = ", ".join(keyword + "=" for keyword in keywords)
        if names:
            self.used("{}({})".format(label, names))

    def serve(self, version: str) -> None:
        """Note the *version* of tf-keras that is served."""
        self._fact["tf_keras"] = version

    def install(self, shims: Callable[["Shims", Foreign], None], library: Foreign) -> None:
        """Put *shims* on *library*; if they do not fit this version of it, the error is logged."""
        with self._watch.guard("the shims of " + shims.__module__):
            shims(self, library)

    def add_method(self, owner: Foreign, name: str, function: Function, label: str = "") -> None:
        """Give the class *owner* back a method that it lost."""

        def method(*args: Foreign, **kwargs: Foreign) -> Foreign:
            self.used(label or name)
            return function(*args, **kwargs)

        setattr(owner, name, functools.wraps(function)(method))
