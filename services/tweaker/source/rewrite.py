"""Change a parsed script: nodes replaced, statements put before or after others, all else kept byte by byte."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.script import Literal, Script
from services.tweaker.source.values import formats

Line = cst.SimpleStatementLine | cst.BaseCompoundStatement
Inserted = Line | cst.Element | cst.Arg
Edited = dict[str, bytes]
"""The files that an edit changed, by their names."""


@dataclass
class Changes:
    """What is to change, collected before anything is changed.

    Attributes:
        replaced: New nodes by the ones whose place they take.
        before: Statements, elements or arguments to put before one of the same kind.
        after: The same, after it.
        scripts: Further scripts that hold such nodes; those that were looked into on the way are known anyway.
        files: Files that are no scripts, with their new content.
    """

    replaced: dict[cst.CSTNode, cst.CSTNode] = field(default_factory=dict)
    before: dict[cst.CSTNode, list[Inserted]] = field(default_factory=dict)
    after: dict[cst.CSTNode, list[Inserted]] = field(default_factory=dict)
    scripts: list[Script] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def put_before(self, node: cst.CSTNode, new: Sequence[Inserted]) -> None:
        """Put *new* directly before *node*."""
        self.before.setdefault(node, []).extend(new)

    def put_after(self, node: cst.CSTNode, new: Sequence[Inserted]) -> None:
        """Put *new* directly after *node*."""
        self.after.setdefault(node, []).extend(new)

    def applied_to(self, script: Script) -> Edited:
        """Return the files that the changes make different, by their names."""
        scripts = {each.name: each for each in (*self.scripts, *script.siblings())}
        after = {name: self._source(each) for name, each in scripts.items()}
        changed = {name: source for name, source in after.items() if source != scripts[name].module.bytes}
        return {**changed, **self._other_files(script)}

    def within(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """Return an expression with what is replaced in it."""
        return node.visit(_Rewriter(self))  # type: ignore[return-value]  # an expression stays one

    def _other_files(self, script: Script) -> Edited:
        """Return the files other than scripts in which a value is replaced."""
        changed = dict(self.files)
        for (place, _), node in script.file_literals.items():
            new = self.replaced.get(node)
            if isinstance(new, Literal) and not new.deep_equals(node):
                before = changed.get(place.file, script.files[place.file])
                value = new.evaluated_value
                if not isinstance(value, bytes):
                    changed[place.file] = formats.changed(place.kind, before, place.path, value)
        return changed

    def _source(self, script: Script) -> bytes:
        changed = script.module.visit(_Rewriter(self))
        return changed.bytes if isinstance(changed, cst.Module) else script.module.bytes


class _Rewriter(cst.CSTTransformer):
    """Makes the changes on the way out, so that a change within a changed node is kept."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self._changes = changes

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        """Replace the node if that is wanted, with new statements around it."""
        changes = self._changes
        node = changes.replaced.get(original_node, updated_node)
        before, after = changes.before.get(original_node, []), changes.after.get(original_node, [])
        if not before and not after:
            return node  # type: ignore[return-value]  # a replacement is of the kind that fits its place
        return cst.FlattenSentinel([*before, node, *after])  # type: ignore[list-item]  # the same


def line(text: str, like: Line | None = None) -> cst.SimpleStatementLine:
    """Parse one statement; with the blank lines above *like*, but not its comments, above it."""
    parsed = cst.parse_statement(text)
    if not isinstance(parsed, cst.SimpleStatementLine):
        raise TypeError(f"{text!r} is not a simple statement")
    blank = [above for above in like.leading_lines if above.comment is None] if like is not None else []
    return parsed.with_changes(leading_lines=blank)


def free_name(script: Script, changes: Changes, *wanted: str) -> str:
    """Return the first of these names that neither the script nor the new code uses; else the first with a number."""
    new = chain.from_iterable([*changes.before.values(), *changes.after.values()])
    names = chain.from_iterable(m.findall(tree, m.Name()) for tree in (script.module, *new))
    taken = {cst.ensure_type(name, cst.Name).value for name in names}
    numbered = (f"{wanted[0]}_{number}" for number in count(2))
    return next(name for name in chain(wanted, numbered) if name not in taken)
