"""What an operator of mutation is: patterns in the text of a program, and what takes their place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Substitution = tuple[str, str | Callable[[re.Match[str]], str]]
"""A pattern, whose ^ and $ match at lines, and what every match becomes."""


@dataclass(frozen=True)
class Operator:
    """One kind of fault.

    Attributes:
        name: Its name here.
        origin: Where it is known from; DeepCrime's and DeepMutation's operators by their names there.
        variants: By a word for what is done: the substitutions, of which those without a match do nothing.
        named_by: The findings of which each names this fault, reviewed by hand; none where there is no such finding.
        in_data: Whether the fault is in the data, so that no edit may mend it.
    """

    name: str
    origin: str
    variants: Mapping[str, tuple[Substitution, ...]]
    named_by: frozenset[str] = frozenset()
    in_data: bool = False

    def mutate(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield what is done and the faulty text, for each variant that changes *text*."""
        for what, substitutions in self.variants.items():
            faulty = text
            for pattern, new in substitutions:
                faulty = re.sub(pattern, new, faulty, flags=re.MULTILINE)
            if faulty != text:
                yield what, faulty


def operator(
    name: str, origin: str, *named_by: str, in_data: bool = False, **variants: tuple[Substitution, ...]
) -> Operator:
    """Return an operator whose variants are keywords."""
    return Operator(name, origin, variants, frozenset(named_by), in_data)
