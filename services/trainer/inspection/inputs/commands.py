"""The arguments that click, typer, fire and absl require."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step, functions_called
from services.trainer.inspection.inputs.missing import missing_arguments, sample
from trainyard.errors import SubmissionError
from trainyard_analysis.options import Option, read_option
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_ANSWERED = frozenset({"default", "prompt", "envvar", "default_map", "callback", "is_flag", "flag_value"})
_FIRE = frozenset({"fire.Fire", "fire.core.Fire"})
_RUNS_A_FUNCTION = _FIRE | {"typer.run"}


@dataclass(slots=True)
class CommandCheck:
    """Looks at functions that a library makes a command of."""

    project: Project
    flags: list[str] = field(default_factory=list)

    def missing(self, step: Step) -> SubmissionError | None:
        """Return the refusal of a command that is started without its arguments."""
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
    if called in _RUNS_A_FUNCTION and len(node.args) == 1:
        return _without_default(script, node.args[0])
    if called == "absl.app.run":
        return [f"--{name}" for name in flags]
    if isinstance(node.func, ast.Name) and not node.args and not node.keywords:
        return list(_of_click(script, node.func.id))
    return []


def _absl_flags(script: Script, node: ast.Call) -> list[str]:
    module, _, last = script.dotted(node.func).rpartition(".")
    marks = last in ("mark_flag_as_required", "mark_flags_as_required")
    defines = last.startswith("DEFINE_") and read_option(node).constant("required") is True
    if not module.startswith("absl") or not (marks or defines):
        return []
    first = node.args[0] if node.args else None
    return [str(each.value) for each in getattr(first, "elts", [first]) if isinstance(each, ast.Constant)]


def _without_default(script: Script, function: ast.AST) -> list[str]:
    """Return the parameters that a plain function of the script cannot be called without."""
    defined = functions_called(script, script.dotted(function))
    if len(defined) != 1 or defined[0].decorator_list:
        return []
    plain = [*defined[0].args.posonlyargs, *defined[0].args.args]
    needed = plain[: len(plain) - len(defined[0].args.defaults)]
    return [each.arg for each in needed if script.dotted(each.annotation or each) not in ("typer.Context", "Context")]


def _of_click(script: Script, name: str) -> Iterator[str]:
    for function in functions_called(script, name):
        calls = (each for each in function.decorator_list if isinstance(each, ast.Call))
        declared = [(script.dotted(each.func), read_option(each)) for each in calls]
        if "click.command" in dict(declared):
            yield from (option.name for kind, option in declared if _is_required(kind, option))


def _is_required(kind: str, option: Option) -> bool:
    """Return whether click certainly stops where an option, or an argument, is not given."""
    required = option.constant("required") is True
    if kind == "click.argument":
        required = "nargs" not in option.keywords and (required or "required" not in option.keywords)
    elif kind != "click.option":
        return False
    return required and option.name != "" and option.certain and _ANSWERED.isdisjoint(option.keywords)
