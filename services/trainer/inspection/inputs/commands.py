"""The arguments that click, typer, fire and absl require."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.wants import Want, args_example, sample
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_ANSWERED = frozenset({"default", "prompt", "envvar", "default_map", "callback", "is_flag", "flag_value", None})


@dataclass(slots=True)
class Commands:
    """Looks at functions that a library makes a command of."""

    project: Project
    flags: list[str] = field(default_factory=list)

    def see(self, step: Step) -> Want | None:
        """Return what is wanted when such a command is started."""
        node, script = step.node, step.script
        if not isinstance(node, ast.Call):
            return None
        called = script.dotted(node.func)
        self._flagged(script, node, called)
        if called in ("fire.Fire", "fire.core.Fire", "typer.run") and len(node.args) == 1:
            return self._want(step, [(name, [name]) for name in _without_default(script, node.args[0])], called)
        if called == "absl.app.run" and self.flags:
            return self._want(step, [(f"--{name}", [f"--{name}"]) for name in self.flags], called)
        if isinstance(node.func, ast.Name) and not node.args and not node.keywords:
            return self._want(step, list(_of_click(script, node.func.id)), "click")
        return None

    def _flagged(self, script: Script, node: ast.Call, called: str) -> None:
        """Note the flags that absl requires."""
        last = called.rpartition(".")[2]
        marks = last in ("mark_flag_as_required", "mark_flags_as_required")
        defines = last.startswith("DEFINE_") and any(
            each.arg == "required" and isinstance(each.value, ast.Constant) and each.value.value is True
            for each in node.keywords
        )
        if "absl" in {each.top for each in script.imports} and node.args and (marks or defines):
            names = getattr(node.args[0], "elts", [node.args[0]])
            self.flags += [str(each.value) for each in names if isinstance(each, ast.Constant)]

    def _want(self, step: Step, needed: list[tuple[str, list[str]]], called: str) -> Want | None:
        if not needed or not isinstance(step.node, ast.Call):
            return None
        words: list[str] = []
        for name, flags in needed:
            if flags and called != "typer.run":
                words.append(f"--{name.lstrip('-')}")
            words.append(sample(self.project, name))
        names = ", ".join(repr(name) for name, _ in needed)
        what = f"the argument{'s' if len(needed) > 1 else ''} {names}"
        return Want("args", what, step.script, step.node.lineno, args_example(words))


def _without_default(script: Script, function: ast.AST) -> list[str]:
    """Return the parameters that a plain function of the script cannot be called without."""
    defined = [
        node for node in script.tree.body if isinstance(node, ast.FunctionDef) and node.name == script.dotted(function)
    ]
    if len(defined) != 1 or defined[0].decorator_list:
        return []
    plain = [*defined[0].args.posonlyargs, *defined[0].args.args]
    needed = plain[: len(plain) - len(defined[0].args.defaults)]
    return [each.arg for each in needed if script.dotted(each.annotation or each) not in ("typer.Context", "Context")]


def _of_click(script: Script, name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the arguments and options that a click command of the script must be given."""
    for node in script.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
            if any(script.dotted(each.func) == "click.command" for each in calls):
                for each in calls:
                    yield from _by_decorator(script, each)


def _by_decorator(script: Script, call: ast.Call) -> Iterator[tuple[str, list[str]]]:
    named = {each.arg: each.value for each in call.keywords}
    flags = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if not flags or _ANSWERED & set(named):
        return
    required, count = named.get("required"), named.get("nargs")
    says = required.value if isinstance(required, ast.Constant) else None
    if script.dotted(call.func) == "click.option" and says is True:
        name = next((flag for flag in flags if flag.startswith("--")), flags[0])
        yield name, [name]
    elif script.dotted(call.func) == "click.argument" and (required is None or says is True) and count is None:
        yield flags[0], []
