"""Values by Optuna: a study is made of what was tried and asked for more, so nothing is kept between two calls."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from services.tweaker.diagnosis.history import score
from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Real, Space, Whole
from trainyard.trial import Setting, Trial

MADE = "made "
"""How the parameter begins that decides whether an edit is made at all."""
Chosen = Mapping[str, Setting]
"""By edit, its value."""
Tried = tuple[Chosen, float]
"""The edits that were made in one trial, and how good that was; more is better."""
FIRST = ("scale_inputs", "swap_estimator", "optimizer")
"""Edits that bring their own settings with them, so that they are made before these are changed."""
DIGITS = 3


def spaces_of(settings: Chosen) -> dict[str, Space]:
    """Return by edit which values it may have, in the order in which edits are made together."""
    spaces = {name: edits()[name].knob.space(settings[name]) for name in sorted(settings)}
    return {name: spaces[name] for name in sorted(spaces, key=turn) if not _is_empty(spaces[name])}


def turn(name: str) -> int:
    """Return an edit's place in the order in which several are made together."""
    return FIRST.index(name) if name in FIRST else len(FIRST)


def rated(trials: Sequence[Trial], history: Sequence[Trial]) -> list[float]:
    """Return the scores of trials, higher is better; one that failed counts as the worst."""
    scores = [score(trial, history) for trial in trials]
    worst = min((own[1] for own in scores if own is not None), default=0.0)
    return [own[1] if own is not None else worst for own in scores]


def _is_empty(space: Space) -> bool:
    return not space.values if isinstance(space, Choice) else space.low > space.high


def tidy(value: float, space: Whole | Real) -> Setting:
    """Return a number as a person would write it, within its space."""
    number = round(value) if isinstance(space, Whole) else float(f"{value:.{DIGITS}g}")
    return min(max(number, space.low), space.high)


def proposals(
    spaces: Mapping[str, Space], tried: Sequence[Tried], *, seed: int, startup: int, optional: bool = False
) -> Iterator[Chosen]:
    """Yield choices that promise more than what was tried, by the tree-structured Parzen estimator, without end.

    They are not all different. (Bergstra et al. 2011, NeurIPS 24; several values together: Falkner et al. 2018,
    arXiv 1807.01774.)

    Args:
        spaces: The values that each edit may have.
        tried: What was tried so far.
        seed: Of the sampler.
        startup: How many trials have to be there before values are more than drawn at random.
        optional: Whether each edit may also be left out; its values are then looked at each for itself, not together.
    """
    with _quiet():
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=startup, multivariate=not optional)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.add_trials([trial for each in tried if (trial := _trial(spaces, *each, optional=optional))])
    while True:
        with _quiet():
            draw = study.ask()
            chosen = {
                name: _suggested(draw, name, space)
                for name, space in spaces.items()
                if not optional or draw.suggest_categorical(f"{MADE}{name}", [False, True])
            }
        yield chosen


def _suggested(trial: optuna.Trial, name: str, space: Space) -> Setting:
    if isinstance(space, Choice):
        return space.values[trial.suggest_categorical(name, range(len(space.values)))]
    if isinstance(space, Whole):
        return trial.suggest_int(name, space.low, space.high, log=space.log)
    return tidy(trial.suggest_float(name, space.low, space.high, log=space.log), space)


def _trial(
    spaces: Mapping[str, Space], chosen: Chosen, result: float, *, optional: bool
) -> optuna.trial.FrozenTrial | None:
    """Return a trial as the study knows it; None where it was made with what the spaces do not hold."""
    params: dict[str, int | float | None] = {}
    distributions: dict[str, BaseDistribution] = {}
    for name, space in spaces.items():
        if optional:
            params[MADE + name], distributions[MADE + name] = name in chosen, CategoricalDistribution((False, True))
        if name in chosen:
            params[name], distributions[name] = _parameter(space, chosen[name]), _distribution(space)
    if None in params.values():
        return None
    return optuna.trial.create_trial(params=params, distributions=distributions, value=result)


def _distribution(space: Space) -> BaseDistribution:
    if isinstance(space, Choice):
        return CategoricalDistribution(range(len(space.values)))
    if isinstance(space, Whole):
        return IntDistribution(space.low, space.high, log=space.log)
    return FloatDistribution(space.low, space.high, log=space.log)


def _parameter(space: Space, setting: Setting) -> int | float | None:
    """Return a setting as the study counts it; None where the space does not hold it."""
    if isinstance(space, Choice):
        return space.values.index(setting) if setting in space.values else None
    return setting if isinstance(setting, int | float) and space.low <= setting <= space.high else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from logging every study, and from warning of what is experimental."""
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(level)
