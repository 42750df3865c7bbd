"""After a pass with several tweaks: which of them are needed? The diff that is delivered holds no others."""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker import rules
from services.tweaker.diagnosis.history import changes, gain, made_from
from services.tweaker.search.candidates import Candidate, Editor, counted_in
from services.tweaker.search.objections import discounted, objections
from services.tweaker.search.plan import Keys, Plan, Step, keys_of
from services.tweaker.source.scripts import Files, fingerprint
from trainyard.diff.lineage import lineage, tweaks_of
from trainyard.evidence import as_good
from trainyard.policy import Policy
from trainyard.trial import Setting, Trial, Tweak, find_trial

SWAP = "swap_estimator"


@dataclass(frozen=True)
class Part:
    """A tweak of the winner: the step that makes it again, what it seems to have gained, whether it has to stay."""

    step: Step
    gain: float
    stays: bool = False


def smaller_diff(history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy, winner: int) -> Candidate | None:
    """Return the author's code with all tweaks but one of the trial that passed; None when none can be left out.

    Left out first is what seems to have gained least. Nothing is tried twice, and what was not as good once, or is not
    known to be, is not left out again together with more. What mends what every merge wants mended stays without a
    trial, and so does what mends what happens on some seeds only.
    """
    known = discounted(history, policy)
    passed = find_trial(known, winner)
    way = lineage(known, passed) if passed is not None else ()
    if not way or way[0].tweaks or way[0].trial not in codes or winner not in codes:
        return None
    editor = Editor(codes[way[0].trial], way[0].facts.get("entrypoint"), policy.tweaks, counted_in(way[0]))
    parts = _acting(tuple(_parts(way, known)), editor, codes[winner])
    return editor.first_untried(_without_one(parts, _missed(history, policy)), codes.values())


def why_nothing_is_left_out(history: Sequence[Trial], winner: int, *, tried: bool) -> str:
    """Return the sentence that nothing more is left out of the diff, or that this was not *tried*."""
    count = sum(len(tweaks_of(history, trial)) for trial in history if trial.trial == winner)
    if count <= 1:
        return "The diff is a single tweak." if count else "The code is the author's own."
    if not tried:
        return f"Nothing was left out of the diff's {count} tweaks: no further trial was to be made for that."
    return f"Every part of the diff is needed: none of its {count} tweaks could be left out."


def _acting(parts: Sequence[Part], editor: Editor, wanted: Files) -> tuple[Part, ...]:
    """Return the parts without those that later ones replaced: the code is the same without them."""
    settings, acting = editor.settings(), dict(enumerate(parts))
    for number, part in enumerate(parts):
        later = [other for other in acting if other > number and _may_replace(acting[other].step, part.step)]
        rest = {other: acting[other] for other in acting if other != number}
        made = editor.apply(tuple(other.step for other in rest.values())) if later else None
        if made is not None and fingerprint(made.files) == fingerprint(wanted):
            turns = [other for other in later if rest[other].step.edit == part.step.edit]
            acting = {**rest, **{other: _both(part, rest[other], settings) for other in turns[-1:]}}
    return tuple(acting.values())


def _may_replace(later: Step, earlier: Step) -> bool:
    return later.edit == SWAP or later.aspect == earlier.aspect


def _both(earlier: Part, later: Part, settings: Mapping[str, Setting]) -> Part:
    """Return two turns of one knob as one, described from the author's value on."""
    step = later.step
    if step.edit in settings:
        step = Step.change(step.edit, settings[step.edit], step.setting, step.why)
    return Part(step, earlier.gain + later.gain, earlier.stays or later.stays)


def _parts(way: Sequence[Trial], history: Sequence[Trial]) -> Iterator[Part]:
    """Yield what was done on the way, with its gain: measured alone, or a share of what was gained together.

    What was gained before the estimator was replaced says nothing of the new one.
    """
    last_swap = max((trial.trial for trial in way if SWAP in changes(trial)), default=0)
    for base, trial in itertools.pairwise(way):
        single = [each for each in made_from(base, history) if len(each.tweaks) == 1 and each.measurement is not None]
        alone = {keys_of(each.tweaks): gain(each, base, history) for each in single}
        shared = gain(trial, base, history) / max(1, len(trial.tweaks))
        most = 0.0 if trial.trial < last_swap else math.inf
        for tweak in trial.tweaks:
            yield Part(Step.again(tweak), min(most, alone.get(keys_of((tweak,)), shared)), _stays(tweak, history))


def _stays(tweak: Tweak, history: Sequence[Trial]) -> bool:
    """Return whether a tweak mends something that no trial without it could refute.

    The diagnosis is with the trial that the tweak was first made for, and not with those that leave something out.
    """
    found = (each for trial in history for each in trial.diagnosis)
    return any(rules.stays(each.name) for each in found if tweak.reason.startswith(each.sentence))


def _without_one(parts: Sequence[Part], missed: Collection[Keys]) -> Iterator[Plan]:
    """Yield all steps but one, that of the least gain left out first, of equals the last and so the least sure."""
    for _, part in sorted(enumerate(parts), key=lambda each: (each[1].gain, -each[0])):
        rest = tuple(other.step for other in parts if other is not part)
        if rest and not part.stays and not any(keys_of(rest) <= keys for keys in missed):
            yield rest


def _missed(history: Sequence[Trial], policy: Policy) -> list[Keys]:
    """Return the tweaks of each trial that left something out and is not as good for it, as far as is known."""
    pruned = [trial for trial in history if trial.purpose == "prune"]
    return [keys_of(trial.tweaks) for trial in pruned if not _may_shrink_further(trial, history, policy)]


def _may_shrink_further(trial: Trial, history: Sequence[Trial], policy: Policy) -> bool:
    passed = trial.measurement is not None and trial.measurement.reaches(policy.threshold)
    return passed and as_good(history, trial) is True and not objections(trial, policy)
