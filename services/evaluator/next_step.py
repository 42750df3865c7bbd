"""What a job does next, or how it ends: from all that is known of it to one message."""

from typing import Any

from services.evaluator import confirming, domain, winning, words
from services.evaluator.domain import Job
from trainyard.evidence import repeats
from trainyard.messages import (
    CodeReady,
    JobFinished,
    Message,
    Outcome,
    ThresholdMissed,
    ThresholdPassed,
    TweaksExhausted,
)
from trainyard.trial import Purpose, Trial, find_trial

SEED_LIMIT = 2**31
"""Seeds are below this number."""


def follow_up(job: Job, trial: Trial, now: float) -> Message:
    """Return the message that the end of *trial*, which is in the job's history, leads to."""
    trial = find_trial(job.trials, trial.trial) or trial
    if domain.verdict(trial, job.policy) == "failed" and trial.trial == 1:
        return _finished(job, "failed", words.failed(trial), best=None, now=now)
    if trial.trial == 1 and trial.measurement and not confirming.accepts(trial.measurement, job.policy):
        return exhausted(job, words.not_accepted(trial.measurement), now)
    so_far = job.up_to(trial.trial)
    if now < job.deadline and winning.lacks_control(trial, job.policy):
        return _repeat(so_far, trial, "control", trial.seed)
    if now < job.deadline and (unsure := winning.lacks_seed(so_far.history, job.policy)):
        return _confirm(so_far, unsure)
    spent = _spent(so_far, now)
    if passed := winning.winner(so_far.history, job.policy):
        return ThresholdPassed(
            **_about(so_far), history=so_far.public_history, winner=passed.trial, spent=spent is not None
        )
    return exhausted(job, spent, now) if spent else ThresholdMissed(**_about(so_far), history=so_far.public_history)


def out_of_ideas(job: Job, event: TweaksExhausted, now: float) -> CodeReady | JobFinished:
    """Return what follows when the tweaker has nothing left to try after a trial."""
    so_far = job.up_to(event.trial)
    passed = winning.winner(so_far.history, job.policy)
    if passed is None or event.objections:
        return exhausted(job, event.why, now)
    done, wanted = len(repeats(so_far.history, passed)), confirming.seeds_wanted(so_far.history, passed, job.policy)
    return _confirm(so_far, passed) if done < wanted and now < job.deadline else won(so_far, passed, now)


def won(job: Job, passed: Trial, now: float) -> JobFinished:
    """End the job with a trial that reached the threshold."""
    evidence = confirming.evidence_of(job.history, passed, job.questions)
    wanted = confirming.seeds_wanted(job.history, passed, job.policy)
    if evidence is None or evidence.seeds < wanted:
        return exhausted(job, words.unconfirmed(passed, wanted, evidence.seeds if evidence else 0), now)
    assurance = confirming.assurance(job.history, passed, evidence, job.policy)
    why = words.succeeded(passed, assurance, evidence, job.policy)
    ending = _finished(job, "passed", why, best=confirming.to_deliver(job.history, passed).trial, now=now)
    return ending.model_copy(update={"assurance": assurance, "evidence": evidence})


def exhausted(job: Job, why: str, now: float) -> JobFinished:
    """End a job that ran out of budget or ideas; without any measurement it has failed."""
    chosen = domain.best(job.history)
    sentences = f"{why.strip()} {words.best_so_far(chosen, job.policy)}"
    outcome: Outcome = "exhausted" if chosen else "failed"
    return _finished(job, outcome, sentences, best=chosen.trial if chosen else None, now=now)


def overdue(job: Job, now: float) -> JobFinished:
    """End a job that is past its deadline, and say what it was doing."""
    passed = winning.winner(job.history, job.policy)
    if passed:
        return won(job, passed, now)
    return exhausted(job, words.overdue(job.policy, domain.state(job, now)), now)


def cancelled(job: Job, by: str, now: float) -> JobFinished:
    """End a job that somebody cancelled."""
    chosen = domain.delivered(job)
    why = f"{words.cancelled(by)} {words.best_so_far(chosen, job.policy)}"
    return _finished(job, "cancelled", why, best=chosen.trial if chosen else None, now=now)


def _spent(job: Job, now: float) -> str | None:
    """Return which budget is spent, or None while it lasts."""
    if winning.trials_spent(job.history, job.policy):
        return words.trials_spent(job.policy)
    return words.hours_spent(job.policy) if now >= job.deadline else None


def _about(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in ("job", "policy", "origin", "seed")}


def _confirm(job: Job, trial: Trial) -> CodeReady:
    """Ask for the code of a trial with a seed that it was not trained with."""
    return _repeat(job, trial, "confirm", (job.seed + 1 + len(repeats(job.history, trial))) % SEED_LIMIT)


def _repeat(job: Job, trial: Trial, purpose: Purpose, seed: int | None) -> CodeReady:
    """Ask for the code of a trial again, from random weights."""
    return CodeReady(
        **{**_about(job), "seed": job.seed if seed is None else seed},
        trial=job.history[-1].trial + 1,
        bundle=trial.bundle or "",
        tweaks=() if purpose == "confirm" else trial.tweaks,
        base=trial.trial if purpose == "confirm" else trial.base,
        purpose=purpose,
        of=trial.trial,
    )


def _finished(job: Job, outcome: Outcome, why: str, *, best: int | None, now: float) -> JobFinished:
    return JobFinished(
        job=job.job,
        outcome=outcome,
        why=why,
        policy=job.policy,
        origin=job.origin,
        best=best,
        history=job.public_history,
        seconds=round(max(0.0, now - job.started), 3),
    )
