"""What the tweaker does with each message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from services.tweaker.diagnosis.case import Finding
from services.tweaker.ports import Bundles
from services.tweaker.search.candidates import Candidate
from services.tweaker.search.decide import Decision, decide, why_nothing_is_left
from services.tweaker.search.early_stop import early_stop
from services.tweaker.search.objections import discounted, may_mend, objections
from services.tweaker.search.pruning import smaller_diff, why_nothing_is_left_out
from services.tweaker.search.warm_start import warm_for
from services.tweaker.source.scripts import Files
from trainyard.bundle import pack, unpack
from trainyard.messages import CodeReady, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.trial import Diagnosis, find_trial

log = structlog.get_logger()

MOST_FINDINGS = 8


def on_threshold_missed(event: ThresholdMissed, bundles: Bundles) -> Iterable[Message]:
    """Store the next trial's code, then ask for that trial; or explain why there is none.

    The same message gives the same code again.
    """
    codes = _codes(event, bundles)
    measured = [trial for trial in event.history if trial.measurement is not None and trial.trial in codes]
    if not measured:
        return [_exhausted(event, "No trial measured anything, so there is nothing to start from.")]
    decision = decide(event.history, codes, event.policy, seed=event.seed)
    _log(decision)
    if decision.candidate is None:
        return [_exhausted(event, why_nothing_is_left(decision, len(event.history)))]
    return [_searching(event, decision, decision.candidate, bundles)]


def on_threshold_passed(event: ThresholdPassed, bundles: Bundles) -> Iterable[Message]:
    """Ask for a trial that mends what speaks against the winner, or else for one with a smaller diff.

    Where there is none, explain that: either what speaks against the winner, or that its diff is final.
    """
    winner = find_trial(event.history, event.winner)
    found = objections(winner, event.policy) if winner is not None else ()
    return [_mended(event, found, bundles) if found else _pruned(event, bundles)]


def _mended(event: ThresholdPassed, found: Sequence[Finding], bundles: Bundles) -> Message:
    """Ask for the trial that the search would make next, if that may mend what speaks against the winner."""
    if not event.spent:
        decision = decide(event.history, _codes(event, bundles), event.policy, seed=event.seed)
        _log(decision)
        if decision.candidate is not None and may_mend(decision.candidate, decision.base, event.policy):
            return _searching(event, decision, decision.candidate, bundles, of=event.winner)
    why = f"{found[0].sentence}, so the value of trial {event.winner} proves nothing."
    return _exhausted(event, why, objections=_as_told(found))


def _pruned(event: ThresholdPassed, bundles: Bundles) -> Message:
    """Ask for the winner's code without one of its tweaks, trained from random weights and to its end."""
    may_shrink = event.policy.prune and not event.spent
    codes = _codes(event, bundles) if may_shrink else {}
    candidate = smaller_diff(event.history, codes, event.policy, event.winner) if may_shrink else None
    if candidate is None:
        return _exhausted(event, why_nothing_is_left_out(event.history, event.winner, tried=may_shrink))
    log.info("pruned", winner=event.winner, tweaks=[tweak.name for tweak in candidate.tweaks])
    return _next_trial(event, candidate, bundles, base=event.history[0].trial, purpose="prune", of=event.winner)


def _searching(
    event: ThresholdMissed, decision: Decision, candidate: Candidate, bundles: Bundles, **more: Any
) -> CodeReady:
    return _next_trial(
        event,
        candidate,
        bundles,
        base=decision.base.trial,
        diagnosis=_as_told(decision.findings, decision.unmended),
        warm=warm_for(event.history, decision.base, candidate.tweaks, event.policy),
        early_stop=early_stop(discounted(event.history, event.policy), event.policy),
        **more,
    )


def _next_trial(event: ThresholdMissed, candidate: Candidate, bundles: Bundles, **more: Any) -> CodeReady:
    return CodeReady(
        job=event.job,
        trial=event.history[-1].trial + 1,
        bundle=bundles.put_blob(pack(candidate.files)),
        seed=event.seed,
        policy=event.policy,
        origin=event.origin,
        tweaks=candidate.tweaks,
        **more,
    )


def _as_told(findings: Sequence[Finding], unmended: Mapping[str, str] | None = None) -> tuple[Diagnosis, ...]:
    why = unmended or {}
    return tuple(
        Diagnosis(
            name=found.name,
            sentence=found.sentence,
            confidence=found.confidence,
            left_alone=why.get(found.name, ""),
        )
        for found in findings[:MOST_FINDINGS]
    )


def _log(decision: Decision) -> None:
    log.info(
        "diagnosed",
        base=decision.base.trial,
        findings={finding.name: finding.confidence for finding in decision.findings},
        tweaks=[tweak.name for tweak in decision.candidate.tweaks] if decision.candidate else [],
        left_alone=dict(decision.left_alone),
    )


def _codes(event: ThresholdMissed, bundles: Bundles) -> Mapping[int, Files]:
    return {trial.trial: unpack(bundles.get_blob(trial.bundle)) for trial in event.history if trial.bundle}


def _exhausted(event: ThresholdMissed, why: str, **more: Any) -> TweaksExhausted:
    return TweaksExhausted(job=event.job, trial=event.history[-1].trial, why=why, **more)
