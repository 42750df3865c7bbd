"""After a pass with several tweaks: which of them are needed? The diff that is delivered holds no others."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.diagnosis.history import gain, made_from
from services.tweaker.search.candidates import Candidate, Editor
from services.tweaker.search.plan import Keys, Plan, Step, keys_of
from services.tweaker.source.scripts import Files, fingerprint
from trainyard.diff.lineage import lineage, tweaks_of
from trainyard.policy import Policy
from trainyard.trial import Setting, Trial, Tweak

CERTAIN = 0.9
DEPENDS_ON_SEED = frozenset({"bottleneck", "dead_units", "identical_initial_weights"})
"""Findings about what happens on some seeds only: one seed that passes without their remedy proves nothing."""


@dataclass(frozen=True)
class Part:
    """A tweak of the winner: the step that makes it again, what it seems to have gained, whether it has to stay."""

    step: Step
    gain: float
    stays: bool = False


def smaller_diff(history: Sequence[Trial], codes: Mapping[int, Files], policy: Policy, winner: int) -> Candidate | None:
    """Return the author's code with all tweaks but one of the trial that passed; None when none can be left out.

    Left out first is what seems to have gained least. Nothing is tried twice, and what was missed once is not left out
    again together with more. What mends something certain stays without a trial, and so does what mends what
    happens on some seeds only.
    """
    way = lineage(history, next(trial for trial in history if trial.trial == winner))
    origin = way[0]
    if origin.tweaks or origin.trial not in codes or winner not in codes:
        return None
    editor = Editor(codes[origin.trial], origin.facts.get("entrypoint"), policy.tweaks)
    parts = _folded(tuple(_parts(way, history)), editor, codes[winner])
    return editor.first_untried(_without_one(parts, _missed(history, policy)), codes.values())


def every_part_is_needed(history: Sequence[Trial], winner: int) -> str:
    """Return the sentence that nothing can be left out of the diff."""
    count = sum(len(tweaks_of(history, trial)) for trial in history if trial.trial == winner)
    if count == 1:
        return "The diff is a single tweak."
    return f"Every part of the diff is needed: none of its {count} tweaks could be left out."


def _folded(parts: tuple[Part, ...], editor: Editor, wanted: Files) -> tuple[Part, ...]:
    """Return the parts with those of one knob made one, where the later ones replace the earlier: the code tells."""
    settings = editor.settings()
    for name, count in Counter(part.step.edit for part in parts).items():
        if count > 1 and name in settings:
            fewer = _with_one(parts, name, settings[name])
            made = editor.apply(tuple(part.step for part in fewer))
            parts = fewer if made is not None and fingerprint(made.files) == fingerprint(wanted) else parts
    return parts


def _with_one(parts: Sequence[Part], name: str, before: Setting) -> tuple[Part, ...]:
    *earlier, last = (part for part in parts if part.step.edit == name)
    step = Step.change(name, before, last.step.setting, last.step.why)
    total = Part(step, sum((part.gain for part in earlier), last.gain), any(part.stays for part in (*earlier, last)))
    return tuple(total if part is last else part for part in parts if part not in earlier)


def _parts(way: Sequence[Trial], history: Sequence[Trial]) -> Iterator[Part]:
    """Yield what was done on the way, with its gain: measured alone, or a share of what was gained together."""
    for base, trial in itertools.pairwise(way):
        single = [each for each in made_from(base, history) if len(each.tweaks) == 1 and each.measurement is not None]
        alone = {keys_of(each.tweaks): gain(each, base, history) for each in single}
        shared = gain(trial, base, history) / max(1, len(trial.tweaks))
        for tweak in trial.tweaks:
            yield Part(Step.again(tweak), alone.get(keys_of((tweak,)), shared), _stays(tweak, history))


def _stays(tweak: Tweak, history: Sequence[Trial]) -> bool:
    """Return whether what led to a tweak was certain, or happens on some seeds only.

    The diagnosis is with the trial that the tweak was first made for, and not with those that leave something out.
    """
    causes = [found for trial in history for found in trial.diagnosis if tweak.reason.startswith(found.sentence)]
    return any(found.confidence >= CERTAIN or found.name in DEPENDS_ON_SEED for found in causes)


def _without_one(parts: Sequence[Part], missed: Collection[Keys]) -> Iterator[Plan]:
    """Yield all steps but one, that of the least gain left out first, of equals the last and so the least sure."""
    for _, part in sorted(enumerate(parts), key=lambda each: (each[1].gain, -each[0])):
        rest = tuple(other.step for other in parts if other is not part)
        if rest and not part.stays and not any(keys_of(rest) <= keys for keys in missed):
            yield rest


def _missed(history: Sequence[Trial], policy: Policy) -> list[Keys]:
    """Return the tweaks of each trial that left something out and fell short for it."""
    pruned = [(trial.tweaks, trial.measurement) for trial in history if trial.purpose == "prune"]
    return [keys_of(tweaks) for tweaks, value in pruned if value is None or not value.reaches(policy.threshold)]
