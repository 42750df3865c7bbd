"""The arguments that argparse requires."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.wants import Want, args_example, sample
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_OPTIONAL = frozenset({"?", "*"})
_STORES = frozenset({"store", "append", "extend"})
_NUMBERS = {"int": "10", "float": "0.1"}


@dataclass(slots=True)
class Parsers:
    """Follows what is done with each parser, by the name that it has in the script.

    An argument counts once it has certainly been added to a parser that is certainly argparse's own; a group's are its
    parser's, and those of sub-commands and of groups that exclude each other count nowhere.
    """

    project: Project
    required: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)

    def see(self, step: Step) -> Want | None:
        """Take note of one step; return what is wanted once the command line is parsed."""
        node, script = step.node, step.script
        if isinstance(node, ast.Assign):
            self._assigned(script, node)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return None
        held = self.required.get(script.dotted(node.func.value))
        if held is None:
            return None
        if node.func.attr == "add_argument":
            held += _required(script, node, self.project)
        elif node.func.attr in ("parse_args", "parse_known_args") and held and _reads_command_line(script, node):
            return _want(script, node, held)
        return None

    def _assigned(self, script: Script, node: ast.Assign) -> None:
        if not (isinstance(node.value, ast.Call) and len(node.targets) == 1):
            return
        name, called = script.dotted(node.targets[0]), node.value.func
        self.required.pop(name, None)
        if script.dotted(called) == "argparse.ArgumentParser":
            self.required[name] = []
        elif isinstance(called, ast.Attribute) and called.attr == "add_argument_group":
            parser = self.required.get(script.dotted(called.value))
            if parser is not None:
                self.required[name] = parser


def _want(script: Script, node: ast.Call, held: list[tuple[str, list[str]]]) -> Want:
    names = [repr(name) for name, _ in held]
    what = f"the argument {names[0]}" if len(names) == 1 else f"the arguments {', '.join(names[:-1])} and {names[-1]}"
    return Want("args", what, script, node.lineno, args_example(word for _, words in held for word in words))


def _reads_command_line(script: Script, node: ast.Call) -> bool:
    """Tell whether the arguments are those that the script is started with."""
    if any(each.arg != "namespace" for each in node.keywords):
        return False
    given = node.args[0] if node.args else None
    if isinstance(given, ast.Name):
        return _is_left_out(script, given.id)
    return given is None or (isinstance(given, ast.Subscript) and script.dotted(given.value) == "sys.argv")


def _is_left_out(script: Script, name: str) -> bool:
    """Tell whether a name is but a parameter that is None where nothing is given, and that no call gives."""
    functions = [
        each for each in ast.walk(script.tree) if isinstance(each, ast.FunctionDef) and name in _optional(each.args)
    ]
    stored = [each for each in ast.walk(script.tree) if isinstance(each, ast.Name) and each.id == name]
    calls = [
        each
        for each in ast.walk(script.tree)
        if isinstance(each, ast.Call) and functions and script.dotted(each.func) == functions[0].name
    ]
    return (
        len(functions) == 1
        and all(isinstance(each.ctx, ast.Load) for each in stored)
        and not any(each.args or each.keywords for each in calls)
    )


def _optional(arguments: ast.arguments) -> list[str]:
    """Return the parameters whose default is None."""
    plain = [*arguments.posonlyargs, *arguments.args]
    with_default = plain[len(plain) - len(arguments.defaults) :]
    return [
        each.arg
        for each, default in zip(with_default, arguments.defaults, strict=True)
        if isinstance(default, ast.Constant) and default.value is None
    ]


def _required(script: Script, node: ast.Call, project: Project) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of an argument that must be given, and how it may be given."""
    flags = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if not flags or len(flags) != len(node.args) or any(each.arg is None for each in node.keywords):
        return
    named = {str(each.arg): each.value for each in node.keywords}
    name = next((flag for flag in flags if flag.startswith("--")), flags[0])
    if name.startswith("-"):
        if _is(named.get("required"), {True}):
            yield name, [name, *_values(script, name, named, project)]
    elif _is_required_positional(named):
        yield name, _values(script, name, named, project)


def _is_required_positional(named: dict[str, ast.expr]) -> bool:
    action, count = named.get("action"), named.get("nargs")
    if action is not None and not _is(action, _STORES):
        return False
    if count is None or _is(count, {"+"}):
        return True
    return isinstance(count, ast.Constant) and isinstance(count.value, int) and count.value > 0


def _is(node: ast.expr | None, values: set[object] | frozenset[str]) -> bool:
    return isinstance(node, ast.Constant) and node.value in values


def _values(script: Script, name: str, named: dict[str, ast.expr], project: Project) -> list[str]:
    """Return values that the argument may take."""
    action = named.get("action")
    if action is not None and not _is(action, _STORES):
        return []
    count = named.get("nargs")
    times = count.value if isinstance(count, ast.Constant) and isinstance(count.value, int) else 1
    return [_value(script, name, named, project)] * min(times, 9)


def _value(script: Script, name: str, named: dict[str, ast.expr], project: Project) -> str:
    choices = getattr(named.get("choices"), "elts", ())
    for each in (named.get("default"), *choices):
        if isinstance(each, ast.Constant) and each.value is not None:
            return str(each.value)
    kind = script.dotted(named["type"]) if "type" in named else ""
    return _NUMBERS.get(kind) or sample(project, name)
