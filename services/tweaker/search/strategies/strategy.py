"""What a strategy is: which trials it starts from, and which plans it has for one of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.diagnosis.case import Case, Finding
from services.tweaker.diagnosis.history import searching
from services.tweaker.search.plan import Plan
from trainyard.policy import Policy
from trainyard.trial import Setting, Trial


@dataclass(frozen=True)
class Search:
    """A job's search as it stands, seen from one trial.

    Attributes:
        history: Every trial so far, oldest first.
        base: The trial whose code is to be changed.
        case: That trial as the diagnosis sees it.
        findings: What is wrong with it, the surest first.
        settings: By edit, what that finds in its code; edits that find nothing to change, or that the author does not
            allow, are not in it.
        seed: The job's.
        policy: What the author wants.
    """

    history: Sequence[Trial]
    base: Trial
    case: Case
    findings: Sequence[Finding]
    settings: Mapping[str, Setting]
    seed: int
    policy: Policy

    @property
    def draw(self) -> int:
        """The seed of whatever is drawn for the next trial: the same for the same history."""
        return (self.seed + len(self.history)) % 2**32


@dataclass(frozen=True)
class Strategy:
    """A way to search. It keeps no state: all that it knows is in the `Search`.

    Attributes:
        name: What authors call it in `strategy` of trainyard.toml.
        bases: Returns the trials to start from, the first choice first, out of those whose code is there. The next one
            is looked at where none of the plans for the one before leads to new code.
        plans: Yields what to try from a base, the first choice first; it has to come to an end.
        stop: Returns, as a sentence, why it is not worth going on; "" where it is.
    """

    name: str
    bases: Callable[[Sequence[Trial]], Sequence[Trial]]
    plans: Callable[[Search], Iterable[Plan]]
    stop: Callable[[Search], str] = lambda _: ""


def original(history: Sequence[Trial]) -> Sequence[Trial]:
    """Start from the author's own code."""
    return history[:1]


def newest(history: Sequence[Trial]) -> Sequence[Trial]:
    """Start from what was tried last, whatever came of it."""
    return searching(history)[-1:]
