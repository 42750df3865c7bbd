"""What a job does next, or how it ends: from all that is known of it to one message."""

from typing import Any

from services.evaluator import domain, winning, words
from services.evaluator.domain import Job
from trainyard.messages import CodeReady, JobFinished, Message, Outcome, ThresholdMissed, ThresholdPassed
from trainyard.trial import Purpose, Trial, find_trial

SEEDS = 2**31
"""Seeds are below this number."""


def follow_up(job: Job, trial: Trial, now: float) -> Message:
    """Return the message that the end of *trial*, which is in the job's history, leads to."""
    trial = find_trial(job.trials, trial.trial) or trial
    if domain.verdict(trial, job.policy) == "failed" and trial.trial == 1:
        return _finished(job, "failed", words.failed(trial), best=None, now=now)
    so_far = job.up_to(trial.trial)
    if now < job.deadline and winning.lacks_control(trial, job.policy):
        return _repeat(so_far, trial, "control", trial.seed)
    spent = _spent(so_far, now)
    if passed := winning.winner(so_far.history, job.policy):
        return _passed(so_far, passed, spent, now)
    return exhausted(job, spent, now) if spent else ThresholdMissed(**_about(so_far), history=so_far.history)


def _passed(job: Job, passed: Trial, spent: str | None, now: float) -> Message:
    """Ask which tweaks of the winner are needed while the budget lasts; else conclude."""
    if not spent and winning.may_shrink(job.history, passed, job.policy):
        return ThresholdPassed(**_about(job), history=job.history, winner=passed.trial)
    return conclude(job, passed, now)


def conclude(job: Job, passed: Trial, now: float) -> CodeReady | JobFinished:
    """Return what is left to do for a trial whose diff is final: confirm it with another seed, or end the job.

    Only the hours limit confirmations: the author asked for their number.
    """
    done = len(winning.confirmations(job.history, passed))
    if done < job.policy.confirm and now < job.deadline:
        return _repeat(job, passed, "confirm", (job.seed + 1 + done) % SEEDS)
    return won(job, passed, now)


def won(job: Job, passed: Trial, now: float) -> JobFinished:
    """End the job with a trial that passed."""
    average = winning.mean(job.history, passed)
    confirmed = len(winning.confirmations(job.history, passed))
    if passed.measurement is None or average is None or confirmed < job.policy.confirm:
        return exhausted(job, words.unconfirmed(passed, job.policy, confirmed), now)
    why = words.passed(passed, passed.measurement, job.policy)
    more = words.confirmed(average, confirmed) if confirmed else ""
    return _finished(job, "passed", f"{why}{more}", best=passed.trial, now=now)


def out_of_ideas(job: Job, why: str, trial: int, now: float) -> CodeReady | JobFinished:
    """Return what follows when the tweaker has nothing left to try after *trial*."""
    so_far = job.up_to(trial)
    passed = winning.winner(so_far.history, job.policy)
    return conclude(so_far, passed, now) if passed else exhausted(job, why, now)


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
        history=job.history,
        seconds=round(max(0.0, now - job.started), 3),
    )
