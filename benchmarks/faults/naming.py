"""Whether the diagnosis of a run names the fault, before any trial, and whether it leaves data alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.courses.records import Records
from benchmarks.faults.catalogue import Mutant, Program
from benchmarks.faults.kills import clean, is_faulty, is_suspect, trained
from benchmarks.faults.plan import FIRST, job_about
from services.tweaker.diagnosis.case import Finding, case_of
from services.tweaker.rules import SURE, diagnose
from services.tweaker.search.candidates import Editor, counted_in
from services.tweaker.search.decide import decide
from trainyard.bundle import unpack
from trainyard.trial import Trial

AMONG = 3
"""A cause counts as named where it is among so many findings, the surest first."""


@dataclass(frozen=True)
class Named:
    """What the diagnosis says of a mutant.

    Attributes:
        faulty: Whether that is decided with all seeds; with one seed only, it is suspected.
        findings: The names, the surest first, without the one that is always there.
        edits_data: Whether the next trial's code lacks a line of a fault in the data.
    """

    mutant: Mutant
    faulty: bool
    findings: tuple[str, ...]
    edits_data: bool = False

    def within(self, most: int) -> bool:
        """Return whether one of the first *most* findings names the fault."""
        return not self.mutant.operator.named_by.isdisjoint(self.findings[:most])


def named(mutant: Mutant, records: Records) -> Named | None:
    """Return what the diagnosis says of a mutant's first run; None where that does not look faulty, or was not made."""
    run = trained(mutant.name, FIRST, records)
    if run is None or not is_suspect(mutant, records):
        return None
    problem = job_about(mutant, records)
    found = _findings(run, records, mutant.program, problem.policy.threshold)
    names = tuple(each.name for each in found if each.name != "no_cause")
    edits_data = mutant.operator.in_data and _edits_data(mutant, run, records, problem.policy.threshold)
    return Named(mutant, is_faulty(mutant, records), names, edits_data)


def false_alarms(program: Program, records: Records, more: float) -> list[Finding] | None:
    """Return what is found wrong in a clean program whose author asks for *more* than it measures; None if unknown."""
    run = trained(program.name, FIRST, records)
    if run is None or run.measurement is None or clean(program, records) is None:
        return None
    found = _findings(run, records, program, min(run.measurement.value + more, 1.0))
    return [each for each in found if each.confidence >= SURE]


def _findings(run: Trial, records: Records, program: Program, threshold: float) -> Sequence[Finding]:
    files = unpack(records.bundles.get_blob(run.bundle or ""))
    policy = program.problem("", "", threshold).policy
    editor = Editor(files, run.facts.get("entrypoint"), None, counted_in(run))
    return diagnose(case_of(run, editor.settings(), files, [run], policy))


def _edits_data(mutant: Mutant, run: Trial, records: Records, threshold: float) -> bool:
    """Return whether the code that the tweaker asks for next lacks a line that the fault added."""
    files = unpack(records.bundles.get_blob(run.bundle or ""))
    policy = mutant.program.problem("", "", threshold).policy
    candidate = decide([run], {run.trial: files}, policy).candidate
    if candidate is None:
        return False
    text = candidate.files[f"{mutant.program.name}.py"].decode()
    return not all(line in text.splitlines() for line in mutant.fault)
