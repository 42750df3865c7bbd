"""What the tweaker does with each message."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from services.tweaker.domain.decide import Decision, decide
from services.tweaker.domain.project import Files
from services.tweaker.ports import Bundles
from trainyard.bundle import pack, unpack
from trainyard.messages import CodeReady, Message, ThresholdMissed, Trial, TweaksExhausted

log = structlog.get_logger()


def on_threshold_missed(event: ThresholdMissed, bundles: Bundles) -> Iterable[Message]:
    """Ask for the next trial, its code kept before anybody is told of it; or say why there is none.

    The same message gives the same code again.
    """
    codes = {trial.trial: files for trial in event.history if (files := _files(trial, bundles)) is not None}
    measured = [trial for trial in event.history if trial.measurement is not None and trial.trial in codes]
    if not measured:
        return [_exhausted(event, "No trial measured anything that a tweak could start from.")]
    decision = decide(event.history, codes, event.policy)
    log.info(
        "diagnosed",
        base=decision.base.trial,
        findings={finding.name: finding.confidence for finding in decision.findings},
        tweaks=[tweak.name for tweak in decision.candidate.tweaks] if decision.candidate else [],
        left_alone=dict(decision.left_alone),
    )
    if decision.candidate is None:
        return [_exhausted(event, why_nothing_is_left(decision, len(event.history)))]
    bundle = bundles.put_blob(pack(decision.candidate.files))
    return [
        CodeReady(
            job=event.job,
            trial=event.history[-1].trial + 1,
            bundle=bundle,
            seed=event.seed,
            policy=event.policy,
            origin=event.origin,
            tweaks=decision.candidate.tweaks,
            base=decision.base.trial,
        )
    ]


def why_nothing_is_left(decision: Decision, trials: int) -> str:
    """Say in one or two sentences why no further trial is made."""
    best = decision.base.measurement
    reached = f"the best is {best.value:.3f} in trial {decision.base.trial}" if best else "none measured anything"
    if trials > 1:
        return f"All changes that are known to fit this code were tried in {trials} trials; {reached}."
    reasons = sorted(set(decision.left_alone.values()))
    return f"No known tweak fits this code: {'; '.join(reasons) or 'nothing in it is wrong in a way that is known'}."


def _files(trial: Trial, bundles: Bundles) -> Files | None:
    """Return the code of a trial; None where it never had any."""
    return unpack(bundles.get_blob(trial.bundle)) if trial.bundle else None


def _exhausted(event: ThresholdMissed, why: str) -> TweaksExhausted:
    return TweaksExhausted(job=event.job, trial=event.history[-1].trial, why=why)
