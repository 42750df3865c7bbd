"""The whole decision: from a job's history to the next candidate, or to why there is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.tweaker.diagnosis.case import Finding, case_of
from services.tweaker.diagnosis.history import made_from
from services.tweaker.rules import diagnose
from services.tweaker.search.candidates import Candidate, Editor
from services.tweaker.search.feasible import cannot_run
from services.tweaker.search.plan import Plan, keys_of
from services.tweaker.search.strategies.registry import strategies
from services.tweaker.search.strategies.strategy import Search, Strategy
from services.tweaker.source.scripts import Files, fingerprint
from trainyard.policy import Policy
from trainyard.trial import Trial

MOST_REASONS = 5
LINE = re.compile(r"\bline \d")


@dataclass(frozen=True)
class Decision:
    """What comes next.

    Attributes:
        base: The trial that the candidate was made from, or the best one where there is none.
        candidate: The next trial's code; None when nothing sensible is left.
        findings: What was found wrong in *base*, the surest first.
        left_alone: By edit, why it did not apply.
        why: Where there is no candidate for a reason of its own: that, as a sentence.
    """

    base: Trial
    candidate: Candidate | None
    findings: tuple[Finding, ...] = ()
    left_alone: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def decide(history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy, *, seed: int = 1) -> Decision:
    """Choose the next candidate, as the policy's strategy wants it. The same arguments give the same candidate.

    Args:
        history: Every trial so far, oldest first; at least one of them measured something.
        codes: The files of each trial, by its number.
        policy: What the author allows.
        seed: The job's; what a strategy draws comes from it.
    """
    strategy = strategies().get(policy.strategy)
    if strategy is None:
        return Decision(history[0], None, why=_unknown(policy.strategy))
    tried = {fingerprint(code) for code in codes.values()}
    first: Decision | None = None
    for base in strategy.bases([trial for trial in history if trial.trial in codes]):
        decision = _from(base, strategy, history, codes, policy, seed=seed, tried=tried)
        first = first or decision
        if decision.candidate is not None:
            return decision
        if decision.why:
            return replace(decision, base=first.base)
    return first or Decision(history[0], None)


def why_nothing_is_left(decision: Decision, trials: int) -> str:
    """Return as a sentence why no further trial is made; how far the best one came is added by who ends the job."""
    if decision.why:
        return f"{decision.why.removesuffix('.')}."
    if trials > 1:
        return f"All changes that are known to fit this code were tried in {trials} trials."
    counts = Counter(decision.left_alone.values())
    about_lines_first = sorted(counts, key=lambda reason: (LINE.search(reason) is None, -counts[reason], reason))
    reasons = "; ".join(about_lines_first[:MOST_REASONS])
    return f"No known tweak fits this code: {reasons or 'nothing in it is wrong in a way that is known'}."


def _from(
    base: Trial,
    strategy: Strategy,
    history: Sequence[Trial],
    codes: Mapping[int, Files],
    policy: Policy,
    *,
    seed: int,
    tried: set[str],
) -> Decision:
    """Choose the next candidate out of those that the strategy makes from one trial."""
    files = codes[base.trial]
    editor = Editor(files, base.facts.get("entrypoint"), policy.tweaks)
    settings = editor.settings()
    case = case_of(base, settings, files, history, policy)
    search = Search(history, base, case, diagnose(case), settings, seed, policy)
    why = strategy.stop(search)
    candidate = (
        None if why else editor.first_untried(_promising(strategy.plans(search), search, editor.left_alone), tried)
    )
    return Decision(base, candidate, tuple(search.findings), editor.left_alone, why)


def _promising(plans: Iterable[Plan], search: Search, left_alone: dict[str, str]) -> Iterator[Plan]:
    """Yield the plans without the steps that are known to fail, and without those that were made from there."""
    made = {keys_of(trial.tweaks) for trial in made_from(search.base, search.history)}
    for plan in plans:
        refused = {step.edit: cannot_run(step.edit, step.setting, search.case.facts) for step in plan}
        left_alone.update((edit, why) for edit, why in refused.items() if why)
        steps = tuple(step for step in plan if not refused[step.edit])
        if steps and keys_of(steps) not in made:
            yield steps


def _unknown(name: str) -> str:
    known = ", ".join(sorted(strategies()))
    return f'There is no strategy "{name}"; in trainyard.toml, strategy may be one of {known}.'
