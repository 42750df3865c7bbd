"""What a script takes from `sys.argv` itself."""

import ast
from collections.abc import Mapping

from services.trainer.inspection.inputs.argument_count import changes_argv, count_test
from services.trainer.inspection.inputs.flow import EXITS, Step, functions_called
from services.trainer.inspection.inputs.missing import args_example, missing_input
from trainyard.errors import SubmissionError
from trainyard_analysis.script import Script, identifiers

_SHOWS = frozenset({"print", "write", "usage", "help", "error", "warning", "info", "print_help", "print_usage"})
_MOST = 20
_ARGV = "sys.argv"


class ArgvCheck:
    """Looks at indexes into the command line, and at the usage that is shown where there are too few arguments.

    Args:
        reached: The script to run and what it imports.
        count: How many arguments it is started with.
    """

    def __init__(self, reached: list[Script], count: int) -> None:
        self._count = count
        self._is_changed = any(map(changes_argv, reached))
        self._names = {_ARGV: 0}  # the command line, and names for the end of it with the place where that begins

    def missing(self, step: Step) -> SubmissionError | None:
        """Return the refusal of a step that asks for more arguments than there are."""
        node, script = step.node, step.script
        needed = 0 if self._is_changed else self._needed(script, node)
        if needed <= self._count:
            return None
        indexes = (_index(script, each, {_ARGV: 0}) for each in script.nodes)
        most = min(max([needed, *indexes]), _MOST)
        what = "an argument" if needed == 1 else f"{needed} arguments"
        example = args_example(f"ARGUMENT{n}" for n in range(1, most + 1))
        return missing_input("args", what, script, getattr(node, "lineno", 1), example)

    def _needed(self, script: Script, node: ast.AST) -> int:
        if isinstance(node, ast.Assign):
            return self._assigned(script, node)
        if isinstance(node, ast.Call):
            self._passed(script, node)
        if isinstance(node, ast.If):
            return self._guarded(script, node)
        return _index(script, node, self._names)

    def _assigned(self, script: Script, node: ast.Assign) -> int:
        """Note a name for the command line, or for a part of it; return how many arguments are taken apart."""
        start = _start(script, node.value)
        if start is None or len(node.targets) != 1:
            return 0
        target = node.targets[0]
        if isinstance(target, ast.Name):
            self._note(script, target.id, start)
        if isinstance(target, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in target.elts):
            return len(target.elts) + start - 1
        return 0

    def _passed(self, script: Script, node: ast.Call) -> None:
        """Note the parameter that gets the command line, as in `main(sys.argv)`."""
        functions = functions_called(script, script.dotted(node.func))
        if len(functions) == 1:
            for parameter, value in zip(functions[0].args.args, node.args, strict=False):
                self._note(script, parameter.arg, _start(script, value))

    def _note(self, script: Script, name: str, start: int | None) -> None:
        """Note a name for the command line from *start* on, unless it stands for something else as well."""
        if start is not None and sum(_stores(node, name) for node in script.nodes) == 1:
            self._names[name] = start

    def _guarded(self, script: Script, node: ast.If) -> int:
        """Return how many arguments it takes to get past `if len(sys.argv) < 2: sys.exit("usage")`."""
        test = count_test(script, node.test)
        return test.limit - 1 if test and test.holds(self._count) and _gives_up(node.body) else 0


def _gives_up(body: list[ast.stmt]) -> bool:
    """Return whether statements only print and then end the script; a mere `return` does so after showing the usage."""
    *before, last = body
    if not all(_calls(each, _SHOWS) for each in before):
        return False
    if isinstance(last, ast.Return):
        return last.value is None and any(map(_shows_usage, before))
    return isinstance(last, ast.Raise) or _calls(last, EXITS)


def _shows_usage(node: ast.stmt) -> bool:
    texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return any("usage" in str(text).lower() for text in texts)


def _calls(node: ast.stmt, names: frozenset[str]) -> bool:
    called = node.value if isinstance(node, ast.Expr) else None
    return isinstance(called, ast.Call) and not names.isdisjoint(identifiers(called.func))


def _index(script: Script, node: ast.AST, names: Mapping[str, int]) -> int:
    """Return which argument an index asks for, counted from 1; 0 for none."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=int(index)), ctx=ast.Load()) if index >= 0:
            start = names.get(script.dotted(node.value))
            return 0 if start is None else index + start
    return 0


def _start(script: Script, node: ast.AST) -> int | None:
    """Return where an expression such as `sys.argv[1:]` begins."""
    inner, start = node, 0
    match node:
        case ast.Subscript(slice=ast.Slice(lower=ast.Constant(value=int(start)), upper=None)):
            inner = node.value
    return start if script.dotted(inner) == _ARGV else None


def _stores(node: ast.AST, name: str) -> bool:
    """Return whether a node gives a name a value, or something of it."""
    match node:
        case ast.Name(id=stored):
            return stored == name and not isinstance(node.ctx, ast.Load)
        case ast.arg(arg=stored) | ast.Attribute(value=ast.Name(id=stored)):
            return stored == name
    return False
