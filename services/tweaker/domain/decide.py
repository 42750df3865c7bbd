"""The whole decision: from a job's history to the next candidate, or to why there is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.domain import curves
from services.tweaker.domain.candidates import Candidate, Workshop
from services.tweaker.domain.choice import Keys, key_of, plans
from services.tweaker.domain.diagnosis import diagnose
from services.tweaker.domain.facts import read_facts
from services.tweaker.domain.finding import Case, Finding
from services.tweaker.domain.project import Files, editable, fingerprint
from trainyard.messages import Setting, Trial
from trainyard.policy import Policy

SCALES = re.compile(rb"Scaler\(|Normalization\(|Rescaling\(|/\s*=?\s*255|normalize\(|scale\(")

ACCURACIES = frozenset({"accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"})
"""Metrics that are the share of right answers, which is what the rules about classes go by."""


@dataclass(frozen=True)
class Decision:
    """What comes next.

    Attributes:
        base: The trial that the candidate was made from.
        candidate: The next trial's code; None when nothing sensible is left.
        findings: What was found wrong in *base*, the surest first.
        left_alone: By edit, why it did not apply.
    """

    base: Trial
    candidate: Candidate | None
    findings: tuple[Finding, ...]
    left_alone: Mapping[str, str]


def decide(history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy) -> Decision:
    """Choose the next candidate, starting from the best trial.

    Args:
        history: Every trial so far, oldest first; at least one of them measured something.
        codes: The files of each trial, by its number.
        policy: What the author allows.
    """
    base = best_of(history)
    files = codes[base.trial]
    workshop = Workshop(files, editable(files, entrypoint_of(history, base, policy, files)), policy.tweaks)
    case = case_of(base, workshop.settings(), files)
    findings = diagnose(case)
    tried = {fingerprint(code) for code in codes.values()}
    ideas = plans(findings, case, failures(history, base), crashes(history, base))
    candidate = workshop.first(ideas, tried)
    return Decision(base, candidate, findings, workshop.left_alone)


def best_of(history: Sequence[Trial]) -> Trial:
    """Return the trial that measured best; of equals the earliest, and the first where none measured.

    What was measured on the training's own data is worse than anything that was not, as the evaluator judges too.
    """
    measured = [(trial, trial.measurement) for trial in history if trial.measurement is not None]
    best = max(measured, key=lambda pair: (pair[1].data != "train", pair[1].rank()), default=(history[0], None))
    return best[0]


def entrypoint_of(history: Sequence[Trial], base: Trial, policy: Policy, files: Files) -> str | None:
    """Return the script that really ran, as the probe saw it; else the one that the author names, if any."""
    for trial in (base, history[0]):
        seen = trial.facts.get("entrypoint")
        if isinstance(seen, str) and seen.endswith(".py") and seen in files:
            return seen
    return policy.entrypoint


def failures(history: Sequence[Trial], base: Trial) -> Counter[str]:
    """Count by edit the trials made from *base* that did no good, which all but *base* itself are."""
    made = [trial for trial in history if trial.base == base.trial and trial is not base]
    return Counter(name for trial in made for name in {tweak.name for tweak in trial.tweaks})


def crashes(history: Sequence[Trial], base: Trial) -> list[Keys]:
    """Return the edits of each trial made from *base* that ended in a failure."""
    return [
        frozenset(key_of(tweak) for tweak in trial.tweaks)
        for trial in history
        if trial.base == base.trial and trial.failure is not None and trial.tweaks
    ]


def case_of(trial: Trial, settings: Mapping[str, Setting], files: Files) -> Case:
    """Put together what the diagnosis looks at."""
    points = {curve.name: curves.finite(curve.points) for curve in trial.curves}
    epochs = max((curve.epochs or len(curve.points) for curve in trial.curves), default=0)
    measured = trial.measurement
    return Case(
        value=measured.value if measured and measured.metric in ACCURACIES else None,
        data=measured.data if measured else "unknown",
        facts=read_facts(trial.facts),
        losses=points.get("loss", ()),
        held_out=points.get("val_loss", ()),
        epochs=epochs,
        settings=settings,
        scales=any(SCALES.search(content) for name, content in files.items() if name.endswith(".py")),
    )
