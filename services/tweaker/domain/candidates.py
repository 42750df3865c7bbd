"""From a plan to code: edits made one after the other, checked before a trial is spent on them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from services.tweaker.codemods.edit import Edit
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.registry import edits
from services.tweaker.codemods.script import Script
from services.tweaker.domain.guard import imports_in_time, same_measure
from services.tweaker.domain.plan import Plan, Step
from services.tweaker.domain.project import Files, fingerprint
from trainyard.messages import Setting, Tweak
from trainyard.patch import make_patch


@dataclass(frozen=True)
class Candidate:
    """The code of a next trial, with what was changed in it."""

    files: dict[str, bytes]
    tweaks: tuple[Tweak, ...]


@dataclass
class Workshop:
    """Reads and edits the scripts of one trial.

    Attributes:
        files: All files of that trial.
        scripts: Names of those that may be edited, the likeliest first.
        allowed: Names of the edits that the author allows; all when None.
        left_alone: Why edits did not apply, for the log and for the end's explanation.
    """

    files: Files
    scripts: tuple[str, ...]
    allowed: Collection[str] | None = None
    left_alone: dict[str, str] = field(default_factory=dict)
    _parsed: dict[str, Script] = field(default_factory=dict)

    def settings(self) -> dict[str, Setting]:
        """Return what each edit finds in the code; what finds nothing to change is not in it."""
        found: dict[str, Setting] = {}
        for name, edit in edits().items():
            if self.allowed is not None and name not in self.allowed:
                self.left_alone[name] = "the author's settings do not allow it"
                continue
            try:
                found[name] = self._read(edit)
            except NotUnderstoodError as error:
                self.left_alone[name] = str(error)
        return found

    def first(self, plans: Iterable[Plan], tried: Collection[str]) -> Candidate | None:
        """Return the candidate of the first plan that applies and leads to code not tried yet."""
        for plan in plans:
            candidate = self.made(plan)
            if candidate is not None and fingerprint(candidate.files) not in tried:
                return candidate
        return None

    def made(self, plan: Plan) -> Candidate | None:
        """Make all edits of a plan; a plan of which none applies makes nothing."""
        files, tweaks = self.files, list[Tweak]()
        for step in plan:
            edited = self._edited(files, step)
            if edited is not None:
                diff = make_patch(files, edited)
                tweaks.append(step.tweak(diff))
                files = edited
        return Candidate(dict(files), tuple(tweaks)) if tweaks else None

    def _read(self, edit: Edit) -> Setting:
        why = "it is no script (a notebook is trained as it is; `jupyter nbconvert --to script` makes one of it)"
        for name in self.scripts:
            try:
                return edit.read(self._script(self.files, name))
            except NotUnderstoodError as error:
                why = why if name != self.scripts[0] else str(error)
        raise NotUnderstoodError(why)

    def _edited(self, files: Mapping[str, bytes], step: Step) -> dict[str, bytes] | None:
        """Make one edit in the first script where it applies, or None if there is no such script."""
        name = step.edit
        if self.allowed is not None and name not in self.allowed:
            return None
        for script in self.scripts:
            try:
                changed = edits()[name].apply(self._script(files, script), step.setting)
                _check(files, changed)
            except NotUnderstoodError as error:
                self.left_alone.setdefault(name, str(error))
            else:
                return {**files, **changed}
        return None

    def _script(self, files: Mapping[str, bytes], name: str) -> Script:
        """Return the parsed script; parsed once for all edits that are tried on the base's files."""
        if files is not self.files:
            return Script(files[name], name, files)
        if name not in self._parsed:
            self._parsed[name] = Script(files[name], name, files)
        return self._parsed[name]


def _check(files: Mapping[str, bytes], changed: Mapping[str, bytes]) -> None:
    """Refuse an edit that changes nothing, does not parse, touches what measures, or uses a name before its import."""
    if not changed:
        raise NotUnderstoodError("it would change nothing")
    for name, after in changed.items():
        if name.endswith(".py"):
            _check_script(files[name], after)


def _check_script(before: bytes, after: bytes) -> None:
    try:
        ast.parse(after)
        same = same_measure(before.decode(), after.decode())
        known = imports_in_time(before.decode(), after.decode())
    except (SyntaxError, ValueError) as error:
        raise NotUnderstoodError(f"the edited script would not parse ({error})") from error
    if not same:
        raise NotUnderstoodError("it would change the data, the split, a seed or what measures")
    if not known:
        raise NotUnderstoodError("it would use a name above its import")
