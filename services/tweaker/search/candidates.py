"""From a plan to code: edits made one after the other, checked before a trial is spent on them."""

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.tweaker.diagnosis.facts import Facts
from services.tweaker.edits.edit import Edit
from services.tweaker.edits.registry import edits
from services.tweaker.guard import changed_measure, imports_in_time
from services.tweaker.search.plan import Key, Plan, Step
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Counted, Script
from services.tweaker.source.scripts import Files, editable, fingerprint, moved
from trainyard.diff.patch import make_patch
from trainyard.trial import Setting, Trial, Tweak

NOTEBOOK = "notebooks are not edited (`jupyter nbconvert --to script` converts one to a script)"
UNCERTAIN = Counted()
UNKNOWN = "it is not recorded which of these files was run"


def counted_in(trial: Trial) -> Counted:
    """Return the model whose measurement a trial counts, as the probe recorded it."""
    measured = Facts.model_validate(trial.facts).measured
    return Counted(measured.model, measured.lines)


@dataclass(frozen=True)
class Candidate:
    """The code of a next trial, with what was changed in it."""

    files: dict[str, bytes]
    tweaks: tuple[Tweak, ...]


@dataclass(frozen=True)
class _State:
    """The files after some steps, with the diff of each step and a remark on it; None for one that did not apply."""

    files: Files
    made: tuple[tuple[str, str] | None, ...] = ()
    parsed: dict[str, Script] = field(default_factory=dict)

    def script(self, name: str, counted: Counted) -> Script:
        """Return the parsed script; parsed once for all edits that are tried on it."""
        if name not in self.parsed:
            self.parsed[name] = Script(self.files[name], name, self.files, counted)
        return self.parsed[name]


class Editor:
    """Reads and edits the scripts of one trial; `left_alone` says by edit why it did not apply."""

    def __init__(
        self, files: Files, entrypoint: Any, allowed: Collection[str] | None = None, counted: Counted = UNCERTAIN
    ) -> None:
        """Open the files, of which *entrypoint* ran as the probe recorded it; all edits are *allowed* when None.

        *counted* is the model whose measurement counts.
        """
        self.left_alone: dict[str, str] = {}
        self._counted = counted
        self._entrypoint = entrypoint if isinstance(entrypoint, str) else ""
        self._scripts = editable(files, self._entrypoint)
        self._edits = {name: edit for name, edit in edits().items() if allowed is None or name in allowed}
        self._states: dict[tuple[Key, ...], _State] = {(): _State(files)}

    def settings(self) -> dict[str, Setting]:
        """Return what each edit finds in the code; what finds nothing to change is not in it."""
        self.left_alone |= dict.fromkeys(edits().keys() - self._edits, "the author's settings do not allow it")
        found: dict[str, Setting] = {}
        for name, edit in self._edits.items():
            try:
                found[name] = self._read(edit)
            except NotUnderstoodError as error:
                self.left_alone[name] = str(error)
        return found

    def first_untried(self, plans: Iterable[Plan], tried: Iterable[Files]) -> Candidate | None:
        """Return the candidate of the first plan that applies and whose code is none of those that were tried."""
        known = {fingerprint(code) for code in tried}
        candidates = (candidate for plan in plans if (candidate := self.apply(plan)) is not None)
        return next((candidate for candidate in candidates if fingerprint(candidate.files) not in known), None)

    def apply(self, plan: Plan) -> Candidate | None:
        """Make all edits of a plan; return None where none of them applies."""
        keys: tuple[Key, ...] = ()
        for step in plan:
            before, keys = self._states[keys], (*keys, step.key)
            if keys not in self._states:
                self._states[keys] = self._after(before, step)
        state = self._states[keys]
        tweaks = tuple(step.tweak(*made) for step, made in zip(plan, state.made, strict=True) if made is not None)
        return Candidate(dict(state.files), tweaks) if tweaks else None

    def _read(self, edit: Edit) -> Setting:
        why = NOTEBOOK if self._entrypoint.endswith(".ipynb") else UNKNOWN
        for name in self._scripts:
            try:
                return edit.read(self._script(self._states[()], name))
            except NotUnderstoodError as error:
                why = why if name != self._scripts[0] else str(error)
        raise NotUnderstoodError(why)

    def _script(self, state: _State, name: str) -> Script:
        """Return a script of a state, which knows where in it the model was fitted that counts."""
        is_first = name == self._scripts[0]
        lines = moved(self._counted.lines, self._states[()].files[name], state.files[name]) if is_first else ()
        return state.script(name, self._counted._replace(lines=lines))

    def _after(self, state: _State, step: Step) -> _State:
        """Return what one more step makes of the files, in the first script where it applies."""
        for name in self._scripts if step.edit in self._edits else ():
            edit, script = self._edits[step.edit], self._script(state, name)
            try:
                changed = edit.apply(script, step.setting)
                _check(state.files, changed)
            except NotUnderstoodError as error:
                self.left_alone.setdefault(step.edit, str(error))
            else:
                files = {**state.files, **changed}
                return _State(files, (*state.made, (make_patch(state.files, files), edit.remark(script))))
        return replace(state, made=(*state.made, None))


def _check(files: Mapping[str, bytes], changed: Mapping[str, bytes]) -> None:
    """Refuse an edit that changes nothing, does not parse, touches what measures, or uses a name before its import."""
    if not changed:
        raise NotUnderstoodError("it would change nothing")
    for name, after in changed.items():
        if name.endswith(".py"):
            _check_script(files.get(name, b""), after)
    why = changed_measure(files, {**files, **changed})
    if why is not None:
        raise NotUnderstoodError(f"it would change the data, the split, a seed or the measurement: {why}")


def _check_script(before: bytes, after: bytes) -> None:
    try:
        ast.parse(after)
        known = imports_in_time(before.decode(), after.decode())
    except (SyntaxError, ValueError) as error:
        raise NotUnderstoodError(f"the edited script would not parse ({error})") from error
    if not known:
        raise NotUnderstoodError("it would use a name before its import")
