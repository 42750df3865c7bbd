"""The one way to observe a library's function: no error of the probe reaches the script, nested calls count once."""

from __future__ import annotations

import inspect
from typing import Callable, ContextManager, Dict, Optional

from trainprobe.foreign import Foreign
from trainprobe.patching.wrap import Function, arguments
from trainprobe.watch import Watch


class Call:
    """One call of an observed function, made by the script itself.

    *before* may leave in `noted` what *after* needs, and in `instead` what is called in place of the function.
    """

    def __init__(self, watch: Watch, function: Function, args: Foreign, kwargs: Foreign) -> None:
        self.watch = watch
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.noted: Foreign = None
        self.instead: Optional[Callable[[], Foreign]] = None
        self._given: Optional[Dict[str, Foreign]] = None

    @property
    def owner(self) -> Foreign:
        """The object whose method is called."""
        return self.args[0]

    @property
    def given(self) -> Dict[str, Foreign]:
        """The arguments by name, as they were at the first access."""
        if self._given is None:
            self._given = arguments(self.function, self.args, self.kwargs)
        return self._given

    def argument(self, place: int) -> Foreign:
        """Return the argument at this *place* of the signature, whatever it is called there; None if it is left out."""
        return self.given.get(self.name(place))

    def name(self, place: int) -> str:
        """Return the name of the argument at this *place* of the signature; empty if there is none."""
        names = list(inspect.signature(self.function).parameters)
        return names[place] if place < len(names) else ""

    def run(self) -> Foreign:
        """Call the function, or what is called instead."""
        return self.function(*self.args, **self.kwargs) if self.instead is None else self.instead()


def observe(
    watch: Watch,
    what: str,
    *,
    before: Optional[Callable[[Call], None]] = None,
    after: Optional[Callable[[Call, Foreign], None]] = None,
    scope: Optional[Callable[[str], ContextManager[bool]]] = None,
) -> Callable[[Function], Function]:
    """Return a maker for `wrap`: the function is then observed.

    Args:
        watch: What guards *before* and *after*, and knows which calls are open.
        what: The name of the call, in the log too.
        before: Called before the function with each call of the script's own.
        after: Called after it, with the call and its result.
        scope: Decides which calls are the script's own: `Watch.inside` (the default), `Watch.measuring` or
            `Watch.beside`.
    """
    scope = scope or watch.inside

    def make(original: Function) -> Function:
        def observed(*args: Foreign, **kwargs: Foreign) -> Foreign:
            with scope(what) as own:
                if not own:
                    return original(*args, **kwargs)
                call = Call(watch, original, args, kwargs)
                if before is not None:
                    with watch.guard(what):
                        before(call)
                result = call.run()
                if after is not None:
                    with watch.guard(what):
                        after(call, result)
                return result

        observed.autograph_info__ = True  # type: ignore[attr-defined]  # TensorFlow is not to compile it
        return observed

    return make
