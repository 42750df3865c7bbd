"""The arguments that click, typer, fire and absl require."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.missing import MissingInput, missing_arguments, sample
from trainyard_analysis.options import read_option
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_ANSWERED = frozenset({"default", "prompt", "envvar", "default_map", "callback", "is_flag", "flag_value"})
_FIRE = frozenset({"fire.Fire", "fire.core.Fire"})


@dataclass(slots=True)
class CommandCheck:
    """Looks at functions that a library makes a command of."""

    project: Project
    flags: list[str] = field(default_factory=list)

    def missing(self, step: Step) -> MissingInput | None:
        """Return what is missing when such a command is started."""
        node, script = step.node, step.script
        if not isinstance(node, ast.Call):
            return None
        self.flags += _absl_flags(script, node)
        names = _required(script, node, self.flags)
        if not names:
            return None
        as_options = script.dotted(node.func) in _FIRE
        words: list[str] = []
        for name in names:
            words += [f"--{name.lstrip('-')}"] if as_options or name.startswith("-") else []
            words.append(sample(self.project, name))
        return missing_arguments(script, node.lineno, names, words)


def _required(script: Script, node: ast.Call, flags: list[str]) -> list[str]:
    """Return the names of the arguments without which a call ends the script."""
    called = script.dotted(node.func)
    if (called in _FIRE or called == "typer.run") and len(node.args) == 1:
        return _without_default(script, node.args[0])
    if called == "absl.app.run":
        return [f"--{name}" for name in flags]
    if isinstance(node.func, ast.Name) and not node.args and not node.keywords:
        return list(_of_click(script, node.func.id))
    return []


def _absl_flags(script: Script, node: ast.Call) -> list[str]:
    """Return the flags that a call makes absl require."""
    last = script.dotted(node.func).rpartition(".")[2]
    marks = last in ("mark_flag_as_required", "mark_flags_as_required")
    defines = last.startswith("DEFINE_") and read_option(node).constant("required") is True
    if not node.args or not (marks or defines) or "absl" not in {each.top for each in script.imports}:
        return []
    names = getattr(node.args[0], "elts", [node.args[0]])
    return [str(each.value) for each in names if isinstance(each, ast.Constant)]


def _without_default(script: Script, function: ast.AST) -> list[str]:
    """Return the parameters that a plain function of the script cannot be called without."""
    defined = _functions(script, script.dotted(function))
    if len(defined) != 1 or defined[0].decorator_list:
        return []
    plain = [*defined[0].args.posonlyargs, *defined[0].args.args]
    needed = plain[: len(plain) - len(defined[0].args.defaults)]
    return [each.arg for each in needed if script.dotted(each.annotation or each) not in ("typer.Context", "Context")]


def _functions(script: Script, name: str) -> list[ast.FunctionDef]:
    return [node for node in script.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]


def _of_click(script: Script, name: str) -> Iterator[str]:
    """Yield the arguments and options that a click command of the script must be given."""
    for function in _functions(script, name):
        calls = [each for each in function.decorator_list if isinstance(each, ast.Call)]
        if any(script.dotted(each.func) == "click.command" for each in calls):
            yield from (argument for each in calls for argument in _by_decorator(script, each))


def _by_decorator(script: Script, call: ast.Call) -> Iterator[str]:
    option = read_option(call)
    if not option.flags or not option.certain or not _ANSWERED.isdisjoint(option.keywords):
        return
    kind, required = script.dotted(call.func), option.constant("required")
    if kind == "click.option" and required is True:
        yield option.name
    elif kind == "click.argument" and (required is True or "required" not in option.keywords):
        yield from () if "nargs" in option.keywords else option.flags[:1]
