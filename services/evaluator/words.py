"""The sentences about how a job ended; they always say which data an accuracy was measured on."""

from trainyard.evidence import Evidence, is_deterministic
from trainyard.messages import Assurance
from trainyard.policy import Policy
from trainyard.trial import HELD_OUT, Failure, Measurement, Trial
from trainyard.words import DATA, counted, figure, measured, number, spread

CUT_SHORT = {"crashed", "no_result", "out_of_memory", "timed_out"}
"""Failures in the middle of a run, of which nobody knows how far its training came."""

NOTHING_THERE = {"not_found", "empty", "too_large"}
"""Failures before there is any code to run."""


def succeeded(trial: Trial, assurance: Assurance, evidence: Evidence, policy: Policy) -> str:
    """Describe a trial that reached the threshold, and what that is evidence of."""
    name = f"Trial {trial.trial}" + (", the original code," if trial.trial == 1 else "")
    value = measured(trial.measurement) if trial.measurement else ""
    first = f"{name} reached {value}; the threshold is {number(policy.threshold)}."
    more = (
        _seeds(trial, evidence),
        _rows(trial, evidence, policy),
        _choice(trial, evidence),
        _sealed(assurance, evidence, policy),
    )
    return " ".join(sentence for sentence in (first, *more, _warning(trial, assurance)) if sentence)


def _warning(trial: Trial, assurance: Assurance) -> str:
    """Describe what the success does not mean."""
    if assurance == "fitted":
        return (
            "A value on TRAINING data says little about new data: with `holdout = 0.2` in trainyard.toml it is measured"
            " on rows that the script does not train on."
        )
    if assurance != "reached":
        return ""
    if trial.measurement and trial.measurement.data in HELD_OUT:
        return "That is no pass: no fresh seed confirmed it (`confirm = 0` in trainyard.toml)."
    return "That is no pass: which data the script measures on is not known."


def _seeds(trial: Trial, evidence: Evidence) -> str:
    if evidence.seeds == 1:
        return f"Trained again with a fresh seed it measured {number(evidence.mean)}."
    if evidence.seeds:
        mean = f"{number(evidence.mean)}{spread(evidence)}"
        return f"Trained again with {evidence.seeds} fresh seeds it measured {mean} on average."
    return "Nothing in it depends on a seed." if is_deterministic(trial) else ""


def _rows(trial: Trial, evidence: Evidence, policy: Policy) -> str:
    """Describe on how many rows it was measured, and what so few cannot tell."""
    if trial.measurement is None or trial.measurement.data == "train":
        return ""
    if not evidence.rows:
        return "The number of rows is not known."
    bound = trial.measurement.model_copy(update={"value": evidence.bound or 0.0})
    if evidence.bound is None or bound.reaches(policy.threshold):
        return f"It was measured on {counted(evidence.rows, 'row')}."
    less = figure(evidence.bound, policy.threshold, decimals=2)
    return f"{counted(evidence.rows, 'row')} cannot tell {number(evidence.mean)} from {less}."


def _choice(trial: Trial, evidence: Evidence) -> str:
    if trial.measurement is None or trial.measurement.data == "train" or round(evidence.optimism, 3) <= 0:
        return ""
    best = f"the best of {counted(evidence.trials, 'trial')} that were compared on these rows"
    return f"As {best} it is optimistic, by up to about {evidence.optimism:.2g}."


def _sealed(assurance: Assurance, evidence: Evidence, policy: Policy) -> str:
    question = evidence.question
    if question is None:
        return ""
    rows = f"{counted(question.rows, 'row')} that no trial had been measured on"
    if assurance == "proved":
        return f"{rows} prove at 95 % that it is worth {number(policy.threshold)}."
    return f"{rows} do not prove that it is worth {number(policy.threshold)}."


def unconfirmed(trial: Trial, wanted: int, seeds: int) -> str:
    """Describe a trial that reached the threshold, but was not tried with as many seeds as it should be."""
    return (
        f"Trial {trial.trial} reached the threshold, but only {seeds} of {counted(wanted, 'fresh seed')} could be tried"
        " in time."
    )


def not_accepted(measurement: Measurement) -> str:
    """Describe that the author accepts no value on the data that the script measures on."""
    return (
        f"The script measures on {DATA[measurement.data]}, and trainyard.toml accepts held-out data only:"
        ' `data = "test"`. Measure on test data in the script, or set `holdout = 0.2`.'
    )


def best_so_far(best: Trial | None, policy: Policy) -> str:
    """Describe how far the best trial came, or that nothing was measured."""
    if best is None or best.measurement is None:
        return "Nothing was measured."
    return (
        f"The best result is trial {best.trial} with {measured(best.measurement)};"
        f" the threshold is {number(policy.threshold)}."
    )


def trials_spent(policy: Policy) -> str:
    """Describe that the budget of trials is spent."""
    return f"The budget of {counted(policy.budget.trials, 'trial')} is spent."


def hours_spent(policy: Policy) -> str:
    """Describe that the wall-clock budget is spent."""
    return f"The budget of {number(policy.budget.hours)} h is spent."


def overdue(policy: Policy, state: str) -> str:
    """Describe what the job was doing when its wall-clock budget was spent."""
    return f"{hours_spent(policy)} At that time the job was {state}."


def failed(trial: Trial) -> str:
    """Describe why the original code has no accuracy."""
    failure = trial.failure
    what = _what_failed(failure) if failure else "The original code could not be trained"
    where = f" ({failure.file}:{failure.line})" if failure and failure.file and failure.line else ""
    why = (failure.message if failure else "unknown reason").rstrip(".")
    return f"{what}: {why}{where}."


def _what_failed(failure: Failure) -> str:
    """Describe how far the original code came."""
    if failure.reason in NOTHING_THERE:
        return "There is nothing to train"
    if failure.trained:
        outcome = "reported no metric" if failure.reason == "no_metric" else "failed before it measured anything"
        return f"The original code {failure.trained}, but {outcome}"
    if failure.reason in CUT_SHORT:
        return "The original code did not run to its end"
    return f"The original code could not be {'measured' if failure.reason == 'no_metric' else 'trained'}"


def cancelled(by: str) -> str:
    """Describe who cancelled the job, where that is known."""
    return f"Cancelled by {by}." if by else "Cancelled."
