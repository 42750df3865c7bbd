"""What a script certainly does, in its order, before it may train anything.

Where it depends on something whether a statement is reached, certainty ends: nothing that follows is yielded, so that
nobody is refused for what might go well.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from services.trainer.inspection.inputs.argument_count import changes_argv, count_test
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


Steps = Iterator[Step]


def certain_steps(project: Project, reached: list[Script], count: int) -> Iterator[Step]:
    """Yield what the first of *reached* certainly does when it is started with *count* arguments.

    An expression comes after those within it; a condition comes before what depends on it.
    """
    walk = _Walk(project, reached, count)
    try:
        yield from walk.module(reached[0])
    except (_LostError, _OverError):
        return


def certain_imports(project: Project, reached: list[Script], count: int) -> frozenset[tuple[str, int]]:
    """Return file and line of each import, also within functions, that is certainly reached before any training."""
    steps = certain_steps(project, reached, count)
    nodes = ((step.script.path, step.node) for step in steps)
    return frozenset((path, node.lineno) for path, node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


class _Walk:
    """Goes through a script as Python would when it is started with *count* arguments."""

    def __init__(self, project: Project, reached: list[Script], count: int) -> None:
        self.project, self.reached, self.count = project, reached, count
        self.counts_arguments = not any(map(changes_argv, reached))
        seeds = FITS | EXITS | {name.rpartition(".")[2] for name in TRAINERS}
        self.final = _leading_to(reached, seeds)  # names of what may train something, or end the script
        self.visited: set[int] = set()  # files and functions
        self.functions: dict[str, list[tuple[Script, ast.FunctionDef]]] = {}
        for script, node in ((each, node) for each in reached for node in each.tree.body):
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(node.name, []).append((script, node))

    def module(self, script: Script) -> Steps:
        """Go through a file's top level."""
        if self._enters(script.tree):
            yield from self._block(script, script.tree.body)

    def _enters(self, node: ast.AST) -> bool:
        """Return whether a file or function is gone through now: the first time, as long as they are not too many."""
        if id(node) in self.visited or len(self.visited) >= _DEEPEST:
            return False
        self.visited.add(id(node))
        return True

    def _block(self, script: Script, statements: Iterable[ast.stmt]) -> Steps:
        for statement in statements:
            yield from _BY_TYPE.get(type(statement), _Walk.simple)(self, script, statement)

    def simple(self, script: Script, node: ast.stmt) -> Steps:
        yield from self._expression(script, node)
        yield Step(script, node)
        if isinstance(node, _LEAVES):
            raise _LostError

    def condition(self, script: Script, node: ast.If | ast.While) -> Steps:
        yield Step(script, node)
        yield from self._expression(script, node.test)
        known = self._truth(script, node.test)
        if known is None:
            yield from self.perhaps(script, node)
        else:
            yield from self._block(script, node.body if known else node.orelse)
        if known and isinstance(node, ast.While):
            raise _LostError

    def loop(self, script: Script, node: ast.For) -> Steps:
        """Go through a loop once where it is gone through at least once."""
        yield from self._expression(script, node.iter)
        yield from self._block(script, node.body) if _has_items(node.iter) else self.perhaps(script, node)

    def with_block(self, script: Script, node: ast.With) -> Steps:
        for item in node.items:
            yield from self._expression(script, item.context_expr)
        goes_on = any(_ALWAYS_GO_ON & _names(script, _now(item.context_expr)) for item in node.items)
        yield from self.perhaps(script, node) if goes_on else self._block(script, node.body)

    def try_block(self, script: Script, node: ast.Try) -> Steps:
        return self.perhaps(script, node) if node.handlers else self._block(script, [*node.body, *node.finalbody])

    def perhaps(self, script: Script, node: ast.AST) -> Steps:
        """Pass over what may or may not be done."""
        if self.final & _names(script, _now(node)):
            raise _OverError
        if any(isinstance(each, _LEAVES) for each in _now(node)):
            raise _LostError
        return iter(())

    def follow_import(self, script: Script, node: ast.Import | ast.ImportFrom) -> Steps:
        yield Step(script, node)
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
        function = self._defined(script, call.func)
        if function and self._enters(function[1]):
            with suppress(_LostError):  # whether it returned early is of no concern to the caller
                yield from self._block(function[0], function[1].body)
        if self.final & _names(script, _now(call.func)):
            raise _OverError

    def _defined(self, script: Script, called: ast.AST) -> tuple[Script, ast.FunctionDef] | None:
        """Return the plain function of the bundle that is called, where there is no doubt about it."""
        name = script.dotted(called).rpartition(".")[2]
        candidates = self.functions.get(name, [])
        if len(candidates) != 1:
            return None
        owner, function = candidates[0]
        is_plain = not function.decorator_list and not _yields(function)
        return candidates[0] if is_plain and _is_from(owner, script, called) else None

    def _truth(self, script: Script, test: ast.AST) -> bool | None:
        """Return whether a condition holds, None where that is not certain."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        if asks_for_main(test):
            return script is self.reached[0]
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._truth(script, test.operand)
            return None if inner is None else not inner
        compared = count_test(script, test) if self.counts_arguments else None
        return compared.holds(self.count) if compared else None


_BY_TYPE: Mapping[type[ast.stmt], Callable[..., Steps]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), lambda *_: iter(())),
    **dict.fromkeys((ast.Import, ast.ImportFrom), _Walk.follow_import),
    **dict.fromkeys((ast.If, ast.While), _Walk.condition),
    **dict.fromkeys((ast.Match, ast.AsyncFor, ast.AsyncWith, ast.TryStar), _Walk.perhaps),
    ast.For: _Walk.loop,
    ast.With: _Walk.with_block,
    ast.Try: _Walk.try_block,
}
"""How statements are gone through that are more than their expressions."""


def functions_called(script: Script, name: str) -> list[ast.FunctionDef]:
    """Return the functions of that name at the top level of a script."""
    return [node for node in script.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]


def _is_from(owner: Script, script: Script, called: ast.AST) -> bool:
    """Return whether a name in a script means what *owner* defines."""
    if isinstance(called, ast.Name):
        return owner is script or called.id in script.aliases
    module = owner.path.removesuffix(".py").replace("/", ".")
    return f".{module}".endswith(f".{script.dotted(called).rpartition('.')[0]}")


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that are certainly evaluated, inner ones first."""
    stack: list[tuple[ast.AST, bool]] = [(node, False)]
    while stack:
        each, entered = stack.pop()
        if not entered:
            stack.append((each, True))
            stack += [(child, False) for child in reversed(_parts(each))]
        elif isinstance(each, ast.expr):
            yield each


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


def _names(script: Script, nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that nodes use, and those that they were imported by."""
    names = {name for node in nodes for name in identifiers(node)}
    return names | {script.aliases.get(name, name).rpartition(".")[2] for name in names}


def _leading_to(reached: list[Script], seeds: frozenset[str]) -> frozenset[str]:
    """Return *seeds* and the names of all functions and classes whose code leads to one of them."""
    bodies = list(chain.from_iterable(map(_bodies, reached)))
    leading = set(seeds)
    while more := {name for name, used in bodies if name not in leading and used & leading}:
        leading |= more
    return frozenset(leading)


def _bodies(script: Script) -> Iterator[tuple[str, set[str]]]:
    """Yield the name of each function and class with the names that its code uses."""
    for node in script.nodes:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, _names(script, chain.from_iterable(map(ast.walk, node.body)))


def _has_items(node: ast.AST) -> bool:
    """Return whether a loop over *node* is certainly gone through."""
    match node:
        case ast.List() | ast.Tuple() | ast.Set():
            return bool(node.elts)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(count))]):
            return count > 0
    return False


def _yields(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in _now(ast.Module(node.body, [])))
