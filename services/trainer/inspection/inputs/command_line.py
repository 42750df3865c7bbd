"""What a script takes from `sys.argv` itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import EXITS, Step, changes_argv, count_holds, count_limit
from services.trainer.inspection.inputs.wants import Want, args_example
from trainyard_analysis.script import Script, identifiers

_SAYS = frozenset({"print", "write", "usage", "help", "error", "warning", "info", "print_help", "print_usage"})
_MOST = 20


@dataclass(slots=True)
class CommandLine:
    """Looks at indexes into the command line, and at the usage that is shown where there are too few arguments."""

    reached: list[Script]
    given: int
    names: dict[str, int] = field(default_factory=dict)
    changed: bool = False

    def __post_init__(self) -> None:
        self.changed = any(changes_argv(script) for script in self.reached)

    def see(self, step: Step) -> Want | None:
        """Return what is wanted when a step asks for more arguments than are given."""
        node, script = step.node, step.script
        if self.changed:
            return None
        if isinstance(node, ast.Assign):
            return self._assigned(script, node)
        if isinstance(node, ast.Call):
            self._handed_over(script, node)
        if isinstance(node, ast.If):
            return self._guarded(script, node)
        index = _index(script, node, self.names)
        if index is None or index <= self.given:
            return None
        return self._want(script, node, index)

    def _want(self, script: Script, node: ast.AST, index: int) -> Want:
        most = min(max([index, *_indexes(script)]), _MOST)
        what = "an argument" if index == 1 else f"{index} arguments"
        line = getattr(node, "lineno", 1)
        return Want("args", what, script, line, args_example(f"ARGUMENT{n}" for n in range(1, most + 1)))

    def _assigned(self, script: Script, node: ast.Assign) -> Want | None:
        """Note a name for the command line, or for a part of it; see to one that is taken apart."""
        start = _start(script, node.value)
        if start is None or len(node.targets) != 1:
            return None
        target = node.targets[0]
        if isinstance(target, ast.Name) and _stored_once(script, target.id):
            self.names[target.id] = start
        if isinstance(target, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in target.elts):
            wanted = len(target.elts) + start - 1
            return self._want(script, node, wanted) if wanted > self.given else None
        return None

    def _handed_over(self, script: Script, node: ast.Call) -> None:
        """Note the parameter that gets the command line, as in `main(sys.argv)`."""
        defined = [each for each in script.tree.body if isinstance(each, ast.FunctionDef)]
        called = [each for each in defined if isinstance(node.func, ast.Name) and each.name == node.func.id]
        for function in called if len(called) == 1 else ():
            for parameter, value in zip(function.args.args, node.args, strict=False):
                start = _start(script, value)
                if start is not None and _stored_once(script, parameter.arg):
                    self.names[parameter.arg] = start

    def _guarded(self, script: Script, node: ast.If) -> Want | None:
        """See to `if len(sys.argv) < 2: sys.exit("usage")`."""
        limit = count_limit(script, node.test)
        if limit is None or limit - 1 <= self.given or not count_holds(script, node.test, self.given):
            return None
        return self._want(script, node, limit - 1) if _gives_up(node.body) else None


def _gives_up(body: list[ast.stmt]) -> bool:
    """Tell whether statements only print and then end the script; a mere `return` does so after showing the usage."""
    *before, last = body
    if not all(_calls(each, _SAYS) for each in before):
        return False
    if isinstance(last, ast.Return):
        texts = [each.value for node in before for each in ast.walk(node) if isinstance(each, ast.Constant)]
        return last.value is None and any("usage" in str(text).lower() for text in texts)
    return isinstance(last, ast.Raise) or _calls(last, EXITS)


def _calls(node: ast.stmt, names: frozenset[str]) -> bool:
    called = node.value if isinstance(node, ast.Expr) else None
    return isinstance(called, ast.Call) and bool(names & set(identifiers(called.func)))


def _index(script: Script, node: ast.AST, names: dict[str, int]) -> int | None:
    """Return which argument an index asks for, counted from 1."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)):
        return None
    index = node.slice
    if not (isinstance(index, ast.Constant) and isinstance(index.value, int) and index.value >= 0):
        return None
    if script.dotted(node.value) == "sys.argv":
        return index.value
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    return index.value + names[name] if name in names else None


def _indexes(script: Script) -> Iterator[int]:
    for node in ast.walk(script.tree):
        index = _index(script, node, {})
        if index is not None:
            yield index


def _start(script: Script, node: ast.AST) -> int | None:
    """Return where an expression such as `sys.argv[1:]` begins."""
    if script.dotted(node) == "sys.argv":
        return 0
    if (
        isinstance(node, ast.Subscript)
        and script.dotted(node.value) == "sys.argv"
        and isinstance(node.slice, ast.Slice)
    ):
        lower = node.slice.lower
        if node.slice.upper is None and isinstance(lower, ast.Constant) and isinstance(lower.value, int):
            return lower.value
    return None


def _stored_once(script: Script, name: str) -> bool:
    stores = [
        node
        for node in ast.walk(script.tree)
        if (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.arg) and node.arg == name)
        or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name)
    ]
    return len(stores) == 1
