"""What people read in the same words everywhere: numbers, durations, data, failures, what a trial is for."""

from collections.abc import Mapping, Sequence

from trainyard.evidence import Evidence
from trainyard.trial import DataKind, FailureReason, Measurement, Purpose, Trial, Tweak

DATA: Mapping[DataKind, str] = {
    "test": "test data",
    "validation": "validation data",
    "folds": "cross-validation folds",
    "train": "TRAINING data",
    "unknown": "data the script does not name",
}
"""Training accuracy always in capitals, since it flatters."""

SHORT_DATA: Mapping[DataKind, str] = {
    "test": "test",
    "validation": "validation",
    "folds": "folds",
    "train": "TRAINING",
    "unknown": "unknown data",
}

FAILURES: Mapping[FailureReason, str] = {
    "not_found": "not found",
    "empty": "nothing to train",
    "too_large": "too large",
    "config": "invalid trainyard.toml",
    "syntax": "syntax error",
    "entrypoint": "no clear entrypoint",
    "input": "needs input",
    "missing_module": "missing module",
    "image": "image did not build",
    "raised": "raised an error",
    "no_metric": "no metric found",
    "no_result": "left no result",
    "crashed": "crashed",
    "out_of_memory": "out of memory",
    "timed_out": "timed out",
}

PURPOSES: Mapping[Purpose, str] = {
    "search": "",
    "prune": "trial {of} with fewer changes, to see which of them are needed",
    "control": "the code of trial {of} from random weights, to rule out that the inherited ones made the difference",
    "confirm": "the code of trial {of} with another seed, to rule out luck",
}

SECONDS_A_MINUTE = 60


def number(value: float) -> str:
    """Write a metric's value with four significant digits."""
    return f"{value:.4g}"


def figure(value: float, threshold: float, decimals: int = 3) -> str:
    """Write *value* with so many decimals, or as many more as it takes to stay on its side of *threshold*."""
    if abs(value) >= 100:  # noqa: PLR2004  an error in the author's units, not a share
        return f"{value:.6g}"
    for digits in range(decimals, 9):
        if (round(value, digits) >= threshold) == (value >= threshold):
            return f"{value:.{digits}f}"
    return repr(value)


def counted(count: int, noun: str) -> str:
    """Write how many there are, such as "1 trial" or "3 trials"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """Write a duration in its two largest units: "12.3 s", "4 min 05 s", "2 h 10 min"."""
    if seconds < SECONDS_A_MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), SECONDS_A_MINUTE)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left:02} min" if hours else f"{minutes} min {rest:02} s"


def measured(measurement: Measurement, threshold: float | None = None) -> str:
    """Write a value and what it was measured on, such as "accuracy 0.983 on test data"."""
    return _on_data(measurement, _value(measurement.value, threshold))


def _value(value: float, threshold: float | None) -> str:
    return number(value) if threshold is None else figure(value, threshold)


def _on_data(measurement: Measurement, value: str) -> str:
    return f"{measurement.metric} {value} on {DATA[measurement.data]}"


def trials_and_seeds(history: Sequence[Trial]) -> str:
    """Write how many trials there were, and how many of the trainings were further seeds of one of them."""
    seeds = sum(1 for trial in history if trial.purpose == "confirm")
    more = f" and {counted(seeds, 'fresh seed')}" if seeds else ""
    return f"{counted(len(history) - seeds, 'trial')}{more}"


def evident(measurement: Measurement, evidence: Evidence | None, threshold: float | None = None) -> str:
    """Write a value with what it rests on: "accuracy 0.92 ± 0.012 on test data, with 3 fresh seeds"."""
    if evidence is None or not evidence.seeds:
        return measured(measurement, threshold)
    mean = f"{_value(evidence.mean, threshold)}{spread(evidence)}"
    return f"{_on_data(measurement, mean)}, with {counted(evidence.seeds, 'fresh seed')}"


def spread(evidence: Evidence) -> str:
    """Write the standard deviation over fresh seeds, such as " ± 0.012"; "" for fewer than two."""
    return f" ± {evidence.spread:.2g}" if evidence.seeds > 1 else ""


def unmended(sentence: str, confidence: float, why: str) -> str:
    """Write what was found and could not be changed: "The inputs are not scaled (95% sure), because …"."""
    return f"{sentence} ({confidence:.0%} sure), because {why}"


def tweak_name(tweak: Tweak) -> str:
    """Write a tweak's name in words: "scale inputs"."""
    return tweak.name.replace("_", " ").replace("-", " ")


def origin(trial: Trial) -> list[str]:
    """Return what a trial is besides its tweaks: the original code and what that needed, its purpose, its weights."""
    original = ("the original code", older_api(trial)) if trial.trial == 1 else ()
    return [line for line in (*original, PURPOSES[trial.purpose].format(of=trial.of), _weights(trial)) if line]


def changes(trial: Trial) -> list[str]:
    """Return what was changed for a trial and why, a sentence each."""
    return [*origin(trial), *(f"{tweak_name(tweak)}: {tweak.reason}" for tweak in trial.tweaks)]


def older_api(trial: Trial) -> str:
    """Return why the code was trained with an older API, where nothing in it showed that it needs one."""
    compat = trial.facts.get("compat")
    return str(compat.get("why", "")) if isinstance(compat, dict) else ""


def _weights(trial: Trial) -> str:
    if trial.warm is None:
        return ""
    verb = {"continue": "continued from", "inherit": "started from"}[trial.warm.how]
    return f"{verb} the weights of trial {trial.warm.trial}"
