"""The rules of the diagnosis: each file holds those of one theme, with how each is detected and what helps."""

from services.tweaker.diagnosis.case import Case, Finding
from services.tweaker.rules import (
    activations,
    amounts,
    capacity,
    estimators,
    families,
    inputs,
    judgement,
    labels,
    rates,
    training,
    trees,
)
from services.tweaker.rules.rule import Evidence, Remedy, Rule

__all__ = ["RULES", "SURE", "Remedy", "Rule", "diagnose", "objections", "remedies", "stays", "wanted"]

THEMES = (inputs, labels, amounts, activations, capacity, rates, training, families, estimators, trees, judgement)
RULES = tuple(rule for theme in THEMES for rule in theme.RULES)
BY_NAME = {rule.name: rule for rule in RULES}
SURE = 0.7
"""From this confidence on, findings that do not depend on each other are treated in one trial."""
HARMLESS = 0.5
"""The most confidence in a finding that a value which reaches the threshold belies."""
CERTAIN = 0.9
"""The confidence from which on a finding may stand against a value that reached the threshold."""


def diagnose(case: Case) -> tuple[Finding, ...]:
    """Return what is wrong, the surest first; the last finding always is that no cause shows.

    What data or structure surely explain goes before what only the curves show, which may be its consequence. Where the
    value reaches the threshold, what could be better still is no cause of anything.
    """
    findings = [_found(rule, evidence, case) for rule in RULES if (evidence := rule.evidence(case)) is not None]
    return tuple(sorted(findings, key=lambda finding: (not _is_cause(finding), -finding.confidence)))


def _found(rule: Rule, evidence: Evidence, case: Case) -> Finding:
    what, confidence, grounds = evidence
    has_reached = case.value is not None and case.threshold is not None and case.shortfall <= 0
    is_harmless = has_reached and grounds != "data" and not rule.stays and not rule.objects(case)
    return Finding(rule.name, what, min(confidence, HARMLESS) if is_harmless else confidence, grounds)


def _is_cause(finding: Finding) -> bool:
    return finding.grounds != "curves" and finding.confidence >= SURE


def objections(case: Case) -> tuple[Finding, ...]:
    """Return what certainly makes the case's value prove nothing, as far as its facts show."""
    objecting = [rule for rule in RULES if rule.objects(case)]
    found = [Finding(rule.name, *evidence) for rule in objecting if (evidence := rule.evidence(case)) is not None]
    return tuple(finding for finding in found if finding.confidence >= CERTAIN)


def stays(finding: str) -> bool:
    """Return whether what mends the finding of that name stays in a diff without a trial."""
    return finding in BY_NAME and BY_NAME[finding].stays


def remedies(finding: str, case: Case) -> tuple[Remedy, ...]:
    """Return what may help against the finding of that name, each remedy once."""
    return tuple(dict.fromkeys(remedy for remedy in BY_NAME[finding].remedies(case) if remedy.applies))


def wanted(finding: str, case: Case) -> tuple[str, ...]:
    """Return the edits that would help against the finding of that name, also those that find no place in the code."""
    return tuple(dict.fromkeys(remedy.edit for remedy in BY_NAME[finding].remedies(case)))
