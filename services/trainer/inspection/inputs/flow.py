"""What a script certainly does, in its order, before it may train anything.

Where it depends on something whether a statement is reached, certainty ends: nothing that follows is told, so that
nobody is refused for what might go well.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from trainyard_analysis.project import Project
from trainyard_analysis.reachable import FITS, TRAINERS, Function, asks_for_main
from trainyard_analysis.script import Script, identifiers

EXITS = frozenset({"exit", "quit", "_exit", "abort", "SystemExit"})

_ALWAYS_GO_ON = frozenset({"suppress", "raises"})
_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue
_LATER = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_MANY = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A statement or an expression that is certainly reached."""

    script: Script
    node: ast.AST


class _LostError(Exception):
    """Whether the rest of this function is reached depends on something."""


class _OverError(Exception):
    """Something may have been trained, or the script may have ended."""


Steps = Generator[Step, None, None]


def certain_steps(project: Project, reached: list[Script], given: int) -> Iterator[Step]:
    """Yield what the first of *reached* certainly does when it is started with *given* arguments.

    An expression comes after those within it; a condition comes before what depends on it.
    """
    walk = _Walk(project, reached, given)
    try:
        yield from walk.module(reached[0])
    except (_LostError, _OverError):
        return


@dataclass(slots=True)
class _Walk:
    project: Project
    reached: list[Script]
    given: int
    over: frozenset[str] = frozenset()
    seen: set[int] = field(default_factory=set)
    counts_arguments: bool = True

    def __post_init__(self) -> None:
        seeds = FITS | EXITS | {name.rpartition(".")[2] for name in TRAINERS}
        self.over = _leading_to(self.reached, seeds)
        self.counts_arguments = not any(changes_argv(script) for script in self.reached)

    def module(self, script: Script) -> Steps:
        """Go through a file's top level."""
        if id(script.tree) not in self.seen and len(self.seen) < _DEEPEST:
            self.seen.add(id(script.tree))
            yield from self._block(script, script.tree.body)

    def _block(self, script: Script, statements: Iterable[ast.stmt]) -> Steps:
        for statement in statements:
            yield from self._statement(script, statement)

    def _statement(self, script: Script, node: ast.stmt) -> Steps:
        if isinstance(node, Function | ast.ClassDef):
            return
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from self._imported(script, node)
        elif isinstance(node, ast.If | ast.While):
            yield Step(script, node)
            yield from self._condition(script, node)
        elif isinstance(node, ast.For):
            yield from self._expression(script, node.iter)
            yield from self._loop(script, node)
        elif isinstance(node, ast.With):
            yield from self._with(script, node)
        elif isinstance(node, ast.Try) and not node.handlers:
            yield from self._block(script, [*node.body, *node.finalbody])
        elif isinstance(node, ast.Try | ast.Match | ast.AsyncFor | ast.AsyncWith | ast.TryStar):
            self._perhaps(script, node)
        else:
            yield from self._expression(script, node)
            yield Step(script, node)
            if isinstance(node, _LEAVES):
                raise _LostError

    def _condition(self, script: Script, node: ast.If | ast.While) -> Steps:
        yield from self._expression(script, node.test)
        known = self._truth(script, node.test)
        if known is None:
            self._perhaps(script, node)
            return
        yield from self._block(script, node.body if known else node.orelse)
        if known and isinstance(node, ast.While):
            raise _LostError

    def _loop(self, script: Script, node: ast.For) -> Steps:
        """Go through a loop once where it is gone through at least once."""
        if not _has_items(node.iter):
            self._perhaps(script, node)
            return
        yield from self._block(script, node.body)

    def _with(self, script: Script, node: ast.With) -> Steps:
        for item in node.items:
            yield from self._expression(script, item.context_expr)
        if any(_ALWAYS_GO_ON & set(_names(script, item.context_expr)) for item in node.items):
            self._perhaps(script, node)
            return
        yield from self._block(script, node.body)

    def _perhaps(self, script: Script, node: ast.AST) -> None:
        """Pass over what may or may not be done."""
        if self.over & set(_names(script, node)):
            raise _OverError
        if any(isinstance(each, _LEAVES) for each in _now(node)):
            raise _LostError

    def _imported(self, script: Script, node: ast.Import | ast.ImportFrom) -> Steps:
        lines = [each for each in script.imports if each.line == node.lineno]
        for path in sorted({path for each in lines for path in self.project.resolve(script, each)}):
            yield from self.module(self.project.scripts[path])

    def _expression(self, script: Script, node: ast.AST) -> Steps:
        """Go through an expression, inner parts first, without those that may be left out."""
        for each in _in_order(node):
            yield Step(script, each)
            if isinstance(each, ast.Call):
                yield from self._called(script, each)

    def _called(self, script: Script, call: ast.Call) -> Steps:
        names = set(_names(script, call.func))
        defined = self._defined(script, call.func)
        if defined and id(defined[1]) not in self.seen and len(self.seen) < _DEEPEST:
            self.seen.add(id(defined[1]))
            with suppress(_LostError):  # whether it returned early is of no concern to the caller
                yield from self._block(defined[0], defined[1].body)
        if self.over & names:
            raise _OverError

    def _defined(self, script: Script, called: ast.AST) -> tuple[Script, ast.FunctionDef] | None:
        """Return the plain function of the bundle that is called, where there is no doubt about it."""
        dotted = script.dotted(called)
        name = dotted.rpartition(".")[2]
        found = [
            (each, node)
            for each in self.reached
            for node in each.tree.body
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        if len(found) != 1 or found[0][1].decorator_list or _yields(found[0][1]):
            return None
        module = found[0][0].path.removesuffix(".py").replace("/", ".")
        is_own = isinstance(called, ast.Name) and (found[0][0] is script or called.id in script.aliases)
        return (
            found[0] if is_own or (dotted != name and f".{module}".endswith(f".{dotted[: -len(name) - 1]}")) else None
        )

    def _truth(self, script: Script, test: ast.AST) -> bool | None:
        """Tell whether a condition holds, where that is certain."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        if asks_for_main(test):
            return script is self.reached[0]
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._truth(script, test.operand)
            return None if inner is None else not inner
        return count_holds(script, test, self.given) if self.counts_arguments else None


_COMPARE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", ""),
    ast.Gt: (">", ""),
    ast.Eq: ("=", ""),
    ast.NotEq: ("=", "not"),
    ast.LtE: (">", "not"),
    ast.GtE: ("<", "not"),
}


def count_holds(script: Script, test: ast.AST, given: int) -> bool | None:
    """Tell what a comparison of `len(sys.argv)` with a number comes to when so many arguments are given."""
    limit = count_limit(script, test)
    if limit is None or not isinstance(test, ast.Compare):
        return None
    sign, no = _COMPARE[type(test.ops[0])]
    count = given + 1
    return {"<": count < limit, "=": count == limit, ">": count > limit}[sign] is (no == "")


def count_limit(script: Script, test: ast.AST) -> int | None:
    """Return the number that a condition compares `len(sys.argv)` with."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and is_count(script, test.left)):
        return None
    number = test.comparators[0]
    known = type(test.ops[0]) in _COMPARE and isinstance(number, ast.Constant) and isinstance(number.value, int)
    return number.value if known and isinstance(number, ast.Constant) and isinstance(number.value, int) else None


def is_count(script: Script, node: ast.AST) -> bool:
    """Tell whether an expression is `len(sys.argv)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "len"
        and len(node.args) == 1
        and script.dotted(node.args[0]) == "sys.argv"
    )


def changes_argv(script: Script) -> bool:
    """Tell whether a script makes its own command line."""
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Attribute | ast.Name) and script.dotted(node) == "sys.argv":
            if not isinstance(node.ctx, ast.Load):
                return True
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if script.dotted(node.value) == "sys.argv":
                return True
        elif isinstance(node, ast.Attribute) and script.dotted(node.value) == "sys.argv":
            return True
    return False


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that are certainly evaluated, inner ones first."""
    stack: list[tuple[ast.AST, bool]] = [(node, False)]
    while stack:
        each, entered = stack.pop()
        if entered:
            if isinstance(each, ast.expr):
                yield each
            continue
        stack.append((each, True))
        stack += [(child, False) for child in reversed(_parts(each))]


def _parts(node: ast.AST) -> list[ast.AST]:
    """Return what is evaluated first and always within a node."""
    if isinstance(node, _LATER):
        return []
    if isinstance(node, ast.IfExp | ast.Assert):
        return [node.test]
    if isinstance(node, ast.BoolOp):
        return [node.values[0]]
    if isinstance(node, _MANY):
        return [node.generators[0].iter]
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    return [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr | ast.keyword)]


def _now(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below a node, but not what functions defined there do later."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [child for child in ast.iter_child_nodes(each) if not isinstance(child, _LATER)]


def _names(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the names that a node uses, by those that they were imported from as well."""
    for each in _now(node):
        for name in identifiers(each):
            yield name
            yield script.aliases.get(name, name).rpartition(".")[2]


def _leading_to(reached: list[Script], seeds: frozenset[str]) -> frozenset[str]:
    """Return *seeds* and the names of all functions and classes whose code leads to one of them."""
    bodies: list[tuple[str, set[str]]] = [
        (node.name, set().union(*(set(_all_names(script, child)) for child in node.body)))
        for script in reached
        for node in ast.walk(script.tree)
        if isinstance(node, Function | ast.ClassDef)
    ]
    found = set(seeds)
    while more := {name for name, used in bodies if name not in found and used & found}:
        found |= more
    return frozenset(found)


def _all_names(script: Script, node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        for name in identifiers(each):
            yield name
            yield script.aliases.get(name, name).rpartition(".")[2]


def _has_items(node: ast.AST) -> bool:
    """Tell whether a loop over *node* is certainly gone through."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return bool(node.elts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        only = node.args[0] if len(node.args) == 1 else None
        return isinstance(only, ast.Constant) and isinstance(only.value, int) and only.value > 0
    return False


def _yields(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in _now(ast.Module(node.body, [])))
