"""What helps against what: for each finding the edits to try, the likeliest first, with values for this case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.tweaker.diagnosis.finding import Case
from services.tweaker.diagnosis.rules.kinds import fits_its_data, is_network
from services.tweaker.search.remedies import estimators, networks
from services.tweaker.search.remedies.remedy import Remedies, Remedy

__all__ = ["Remedy", "remedies"]


def remedies(finding: str, case: Case) -> tuple[Remedy, ...]:
    """Return what may help against the finding of that name, each remedy once."""
    return tuple(dict.fromkeys(TABLE[finding](case)))


def _nothing(_: Case) -> Remedies:
    """Offer nothing: that is said, and no edit helps against it."""
    yield from ()


def _learn_better(case: Case) -> Remedies:
    """Go through what is left, the edits that most often help first."""
    if not is_network(case):
        yield from estimators.tune(case)
        return
    if fits_its_data(case):
        yield from networks.forget(case)
    yield from networks.train_longer(case)
    yield from networks.adam(case)
    yield from networks.grow(case)
    yield from networks.slower(case)
    yield from networks.faster(case)
    yield from networks.bend(case)
    yield from networks.smaller_batches(case)
    yield from networks.forget(case)
    yield from estimators.tune(case)


def _restructure(case: Case) -> Remedies:
    """Change what the model is."""
    if is_network(case):
        yield from networks.restructure(case)
    yield from estimators.swap(case)


TABLE: Mapping[str, Callable[[Case], Remedies]] = {
    "not_scaled": networks.scale,
    "missing_values": _nothing,
    "few_components": estimators.keep_more,
    "wrong_output": networks.fit_output,
    "wrong_loss": networks.fit_output,
    "double_softmax": networks.unbend_output,
    "gradients_add_up": networks.clear_gradients,
    "imbalance": networks.weigh,
    "no_activation": networks.bend,
    "saturated": networks.bend,
    "collapsed": networks.wake,
    "dead_units": networks.wake,
    "bottleneck": networks.open_up,
    "few_filters": networks.see_more,
    "no_hidden_layer": networks.deepen,
    "too_small": networks.grow,
    "dropped": networks.forget_less,
    "shackled": networks.unshackle,
    "equal_start": networks.start_apart,
    "overfitting": networks.forget,
    "few_data": networks.more_data,
    "rate_too_high": networks.slower,
    "rate_too_low": networks.faster,
    "few_steps": networks.train_longer,
    "large_batches": networks.smaller_batches,
    "impatient": networks.be_patient,
    "still_improving": networks.train_longer,
    "few_neighbours": estimators.more_neighbours,
    "many_neighbours": estimators.fewer_neighbours,
    "not_converged": estimators.iterate,
    "slow_network": estimators.hurry,
    "few_trees": estimators.more_trees,
    "slow_boosting": estimators.boost,
    "shallow": estimators.deeper,
    "few_leaves": estimators.more_leaves,
    "large_leaves": estimators.smaller_leaves,
    "overgrown": estimators.prune,
    "single_tree": estimators.plant,
    "penalty_too_strong": estimators.loosen,
    "penalty_too_weak": estimators.tighten,
    "gamma_too_large": estimators.usual_gamma,
    "gamma_too_small": estimators.usual_gamma,
    "odd_kernel": estimators.bend_kernel,
    "cannot_fit": estimators.swap,
    "on_training_data_only": _nothing,
    "noise": _nothing,
    "plateau": _restructure,
    "ceiling": _nothing,
    "no_cause": _learn_better,
}
