"""The whole decision: from a job's history to the next candidate, or to why there is none."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.tweaker.diagnosis.case import Case, Finding, case_of
from services.tweaker.diagnosis.history import made_from
from services.tweaker.rules import SURE, diagnose, remedies, wanted
from services.tweaker.search.candidates import Candidate, Editor, counted_in
from services.tweaker.search.feasible import cannot_run, without_idle
from services.tweaker.search.objections import discounted
from services.tweaker.search.plan import Plan, Step, keys_of
from services.tweaker.search.strategies.registry import strategies
from services.tweaker.search.strategies.strategy import Search, Strategy
from services.tweaker.source.scripts import Files
from trainyard.policy import Policy
from trainyard.trial import Trial, find_trial
from trainyard.words import unmended

MOST_REASONS = 5
LINE = re.compile(r"\bline \d")


@dataclass(frozen=True)
class Decision:
    """What comes next.

    Attributes:
        base: The trial that the candidate was made from; where there is none, that from which nothing is left to try.
        candidate: The next trial's code; None when nothing sensible is left.
        findings: What was found wrong in *base*, the surest first.
        left_alone: By edit, why it did not apply.
        unmended: By finding that is sure, why none of its remedies can be made.
        why: Where there is no candidate for a reason of its own: that, as a sentence.
    """

    base: Trial
    candidate: Candidate | None
    findings: tuple[Finding, ...] = ()
    left_alone: Mapping[str, str] = field(default_factory=dict)
    unmended: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def decide(history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy, *, seed: int = 1) -> Decision:
    """Choose the next candidate, as the policy's strategy wants it. The same arguments give the same candidate.

    At least one trial of the history measured something; *codes* holds the files of each trial by its number.
    """
    strategy = strategies().get(policy.strategy)
    if strategy is None:
        return Decision(history[0], None, why=_unknown(policy.strategy))
    nothing_left: list[Decision] = []
    for base in strategy.bases([trial for trial in discounted(history, policy) if trial.trial in codes]):
        decision = _from(base, strategy, history, codes, policy, seed=seed)
        if decision.candidate is not None or decision.why:
            return decision
        nothing_left.append(decision)
    return nothing_left[0] if nothing_left else Decision(history[0], None)


def why_nothing_is_left(decision: Decision, trials: int) -> str:
    """Return in sentences why no further trial is made; how far the best one came is added by who ends the job."""
    if decision.why:
        return f"{decision.why.removesuffix('.')}."
    sure = [found for found in decision.findings if found.name in decision.unmended]
    left = (unmended(found.sentence, found.confidence, decision.unmended[found.name]) for found in sure)
    tried = (
        f"Every change that fits this code was tried, in {trials} trials"
        if trials > 1
        else "No known tweak fits this code"
    )
    if sure:
        return " ".join([f"{tried}.", *(f"Found but not changed: {each}." for each in left)])
    if trials > 1:
        return f"{tried}."
    counts = Counter(decision.left_alone.values())
    about_lines_first = sorted(counts, key=lambda reason: (LINE.search(reason) is None, -counts[reason], reason))
    reasons = "; ".join(about_lines_first[:MOST_REASONS])
    return f"{tried}: {reasons or 'nothing in it matches a known problem'}."


def _from(
    base: Trial, strategy: Strategy, history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy, *, seed: int
) -> Decision:
    """Choose the next candidate out of those that the strategy makes from one trial."""
    files, known, measured = codes[base.trial], discounted(history, policy), find_trial(history, base.trial) or base
    editor = Editor(files, base.facts.get("entrypoint"), policy.tweaks, counted_in(base))
    settings = editor.settings()
    case = case_of(measured, settings, files, known, policy)
    search = Search(known, base, case, diagnose(case), settings, seed, policy)
    why = strategy.stop(search)
    plans = () if why else _promising(strategy.plans(search), search, editor.left_alone)
    candidate = editor.first_untried(plans, codes.values())
    left = {found.name: why_not for found in search.findings if (why_not := _why_unmended(found, search, editor))}
    return Decision(measured, candidate, tuple(search.findings), editor.left_alone, left, why)


def _why_unmended(finding: Finding, search: Search, editor: Editor) -> str:
    """Return why no remedy for a sure finding can be made in this code; "" where one can, or none is known."""
    steps = (Step(each.edit, each.setting, each.deed, finding.sentence) for each in remedies(finding.name, search.case))
    if finding.confidence < SURE or any(_is_possible(step, search.case, editor) for step in steps):
        return ""
    edits = wanted(finding.name, search.case)
    return next((editor.left_alone[edit] for edit in edits if edit in editor.left_alone), "")


def _is_possible(step: Step, case: Case, editor: Editor) -> bool:
    return _can_run(step, case, editor.left_alone) and editor.apply((step,)) is not None


def _promising(plans: Iterable[Plan], search: Search, left_alone: dict[str, str]) -> Iterator[Plan]:
    """Yield the plans that were not made yet, without the steps that are known to fail or to do nothing."""
    made = {keys_of(trial.tweaks) for trial in made_from(search.base, search.history)}
    for plan in plans:
        steps = tuple(step for step in without_idle(plan, search.case.facts) if _can_run(step, search.case, left_alone))
        if steps and keys_of(steps) not in made:
            yield steps


def _can_run(step: Step, case: Case, left_alone: dict[str, str]) -> bool:
    why = cannot_run(step.edit, step.setting, case.facts)
    left_alone.update({step.edit: why} if why else {})
    return not why


def _unknown(name: str) -> str:
    known = ", ".join(sorted(strategies()))
    return f'There is no strategy "{name}"; in trainyard.toml, strategy may be one of {known}.'
