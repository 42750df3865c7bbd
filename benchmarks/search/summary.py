"""What the courses come to, strategy by strategy."""

import math
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.courses.course import epochs_of, reached_at
from benchmarks.courses.records import Course, Key
from trainyard.policy import Policy


@dataclass(frozen=True)
class Cost:
    """What a course took to reach what it delivers; all infinite where that is not enough.

    Attributes:
        trials: The author's own included, but none that confirmed or left out a part of the diff.
        epochs: Those of all these trials.
        seconds: On the processor.
        by_epochs: Whether the code is trained by epochs at all.
    """

    key: Key
    trials: float
    epochs: float
    seconds: float
    by_epochs: bool


@dataclass(frozen=True)
class Row:
    """A strategy's costs in a few numbers; medians are infinite where most courses did not pass."""

    courses: int
    passed: int
    within: float
    trials: float
    epochs: float
    seconds: float


def cost(course: Course, policy: Policy) -> Cost:
    """Sum up what a course took."""
    reached = reached_at(course, policy)
    by_epochs = any(epochs_of(trial) for trial in course.trials)
    if reached is None:
        return Cost(course.key, math.inf, math.inf, math.inf, by_epochs)
    until = [trial for trial in course.trials if trial.purpose == "search" and trial.trial <= reached.trial]
    epochs, seconds = sum(map(epochs_of, until)), sum(trial.seconds for trial in until)
    return Cost(course.key, len(until), epochs, seconds, by_epochs)


def row(costs: Iterable[Cost], *, within: int) -> Row:
    """Return the numbers of one strategy, with the share that passed within so many trials."""
    all_of_them = list(costs)
    return Row(
        courses=len(all_of_them),
        passed=sum(math.isfinite(each.trials) for each in all_of_them),
        within=sum(each.trials <= within for each in all_of_them) / len(all_of_them),
        trials=median(each.trials for each in all_of_them),
        epochs=median([each.epochs for each in all_of_them if each.by_epochs] or [0]),
        seconds=median(each.seconds for each in all_of_them),
    )


def by_strategy(costs: Iterable[Cost]) -> dict[str, list[Cost]]:
    """Sort *costs* by the strategy."""
    sorted_out: dict[str, list[Cost]] = {}
    for each in costs:
        sorted_out.setdefault(each.key.strategy, []).append(each)
    return sorted_out


def shares(costs: Iterable[Cost], most: int) -> list[float]:
    """Return the share that had passed after 1, 2, … *most* trials."""
    trials = [each.trials for each in costs]
    return [sum(taken <= number for taken in trials) / len(trials) for number in range(1, most + 1)]


def finished(courses: Mapping[Key, Course], policies: Mapping[str, Policy], limits: Container[str]) -> list[Cost]:
    """Return the costs of all courses that are over: what is under way would count as a failure."""
    return [
        cost(course, policies[key.problem])
        for key, course in sorted(courses.items())
        if key.problem in policies and key.strategy in limits and course.ended
    ]
