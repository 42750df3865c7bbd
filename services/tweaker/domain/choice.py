"""Which edits to try next, the most promising plan first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.domain.finding import Case, Finding
from services.tweaker.domain.remedies import Remedy, remedies

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
    def reason(self) -> str:
        """What was found and what is done about it."""
        return f"{self.finding.sentence}; {self.remedy.deed}."


Plan = tuple[Step, ...]


def plans(findings: Sequence[Finding], case: Case, failed: Mapping[str, int]) -> Iterator[Plan]:
    """Yield what to try: first all sure and independent findings at once, then one edit after the other.

    Where the data are wrong, every plan mends that first, since nothing else can be judged before.

    Args:
        findings: What is wrong, the surest first.
        case: What they were found in.
        failed: How often a trial from here with an edit of that name did no good; each time halves its worth.
    """
    steps = sorted(_steps(findings, case, failed), key=lambda step: -step.worth)
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
