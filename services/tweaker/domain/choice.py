"""Which edits to try next, the most promising plan first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.domain.finding import Case, Finding
from services.tweaker.domain.remedies import Remedy, remedies
from trainyard.messages import Tweak

SURE = 0.7
"""From this confidence on, findings that do not depend on each other are mended in one trial."""
LATER = 0.8
"""What each later remedy for a finding is worth of the one before it."""

GROUPS: Mapping[str, str] = {
    "scale_inputs": "inputs",
    "epochs": "training",
    "learning_rate": "training",
    "optimizer": "training",
    "units": "capacity",
    "dense_layer": "capacity",
    "dropout": "capacity",
    "neighbours": "neighbours",
    "weights": "neighbours",
}
"""Edits of one group answer the same question: at most one of them in a plan."""


THEN = "; "
"""Between what was found and what is done about it."""

Key = tuple[str, str]
Keys = frozenset[Key]


@dataclass(frozen=True)
class Step:
    """One edit of a plan, with the reason for a person."""

    remedy: Remedy
    finding: Finding
    worth: float

    @property
    def group(self) -> str:
        """The question that the edit answers."""
        return GROUPS[self.remedy.edit]

    @property
    def key(self) -> Key:
        """The edit with its value, as `key_of` reads it from a tweak."""
        return self.remedy.edit, self.remedy.deed

    @property
    def reason(self) -> str:
        """What was found and what is done about it."""
        return f"{self.finding.sentence}{THEN}{self.remedy.deed}."


Plan = tuple[Step, ...]


def key_of(tweak: Tweak) -> Key:
    """Return which edit with which value a tweak was: its reason ends with what was done."""
    return tweak.name, tweak.reason.rpartition(THEN)[2].removesuffix(".")


def plans(
    findings: Sequence[Finding], case: Case, failed: Mapping[str, int], crashed: Collection[Keys] = ()
) -> Iterator[Plan]:
    """Yield what to try: first all sure and independent findings at once, then one edit after the other.

    Where the data are wrong, every plan mends that first, since nothing else can be judged before.

    Args:
        findings: What is wrong, the surest first.
        case: What they were found in.
        failed: How often a trial from here with an edit of that name did no good; each time halves its worth.
        crashed: The edits of each trial from here that ended in a failure. They are never made together again; those
            of a trial with several are tried one by one first, which shows the one that does not go.
    """
    steps = sorted(_steps(findings, case, failed), key=lambda step: -step.worth)
    suspects = frozenset[Key]().union(*crashed)
    singly = [(step,) for step in steps if step.key in suspects]
    for plan in [*singly, *_in_order(steps)]:
        keys = {step.key for step in plan}
        if not any(edits <= keys for edits in crashed):
            yield plan


def _in_order(steps: Sequence[Step]) -> Iterator[Plan]:
    """Yield the plans that the steps make, the best first."""
    together = _together(steps)
    yield from [together] if together else []
    bad_data = any(step.finding.grounds == "data" for step in together)
    joined = [_joined(together, step) for step in steps]
    alone = [(step,) for step in steps]
    yield from [*joined, *alone] if bad_data else [*alone, *joined]


def _steps(findings: Sequence[Finding], case: Case, failed: Mapping[str, int]) -> Iterator[Step]:
    """Yield every remedy for every finding with its worth; a remedy for two findings counts for the first."""
    seen: set[Remedy] = set()
    for finding in findings:
        for rank, remedy in enumerate(remedies(finding.name, case)):
            if remedy not in seen:
                seen.add(remedy)
                yield Step(remedy, finding, finding.confidence * LATER**rank / 2 ** failed.get(remedy.edit, 0))


def _together(steps: Sequence[Step]) -> Plan:
    """Take the best step of every group that is sure; curves count only where nothing else is wrong."""
    sure = [step for step in steps if step.finding.confidence >= SURE]
    solid = [step for step in sure if step.finding.grounds != "curves"]
    chosen: dict[str, Step] = {}
    for step in solid or sure:
        if step.finding not in [taken.finding for taken in chosen.values()]:
            chosen.setdefault(step.group, step)
    return tuple(chosen.values())


def _joined(together: Plan, step: Step) -> Plan:
    """Put one more step to those that are sure, in the place of that of its group."""
    return (*(taken for taken in together if taken.group != step.group), step)
