"""The arguments that argparse requires."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.missing import MissingInput, missing_arguments, sample
from trainyard_analysis.options import Option, read_option
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_NUMBERS = {"int": "10", "float": "0.1"}
_MOST_VALUES = 9


@dataclass(slots=True)
class ArgparseCheck:
    """Follows what is done with each parser, by the name that it has in the script.

    An argument counts once it has certainly been added to a parser that is certainly argparse's own; a group's are its
    parser's, and those of sub-commands and of groups that exclude each other count nowhere.
    """

    project: Project
    required: dict[str, list[Option]] = field(default_factory=dict)

    def missing(self, step: Step) -> MissingInput | None:
        """Take note of one step; return what is missing once the command line is parsed."""
        node, script = step.node, step.script
        if isinstance(node, ast.Assign):
            self._assigned(script, node)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return None
        options = self.required.get(script.dotted(node.func.value))
        if options is None:
            return None
        if node.func.attr == "add_argument":
            option = read_option(node)
            options += [option] if option.name and option.certain and option.required else []
        elif node.func.attr in ("parse_args", "parse_known_args") and options and _reads_command_line(script, node):
            words = [word for option in options for word in self._words(script, option)]
            return missing_arguments(script, node.lineno, [option.name for option in options], words)
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

    def _words(self, script: Script, option: Option) -> list[str]:
        """Return what an option may look like on the command line."""
        values = [self._value(script, option)] * min(option.count, _MOST_VALUES)
        return values if option.is_positional else [option.name, *values]

    def _value(self, script: Script, option: Option) -> str:
        for each in (option.default, *getattr(option.keywords.get("choices"), "elts", ())):
            if isinstance(each, ast.Constant) and each.value is not None:
                return str(each.value)
        kind = script.dotted(option.keywords["type"]) if "type" in option.keywords else ""
        return _NUMBERS.get(kind) or sample(self.project, option.name)


def _reads_command_line(script: Script, node: ast.Call) -> bool:
    """Return whether the arguments are those that the script is started with."""
    if any(each.arg != "namespace" for each in node.keywords):
        return False
    arguments = node.args[0] if node.args else None
    if isinstance(arguments, ast.Name):
        return _is_never_given(script, arguments.id)
    return arguments is None or (isinstance(arguments, ast.Subscript) and script.dotted(arguments.value) == "sys.argv")


def _is_never_given(script: Script, name: str) -> bool:
    """Return whether a name is only a parameter of one function, None by default, and no call gives it a value."""
    nodes = list(ast.walk(script.tree))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef) and name in _none_by_default(node.args)]
    if len(functions) != 1 or any(isinstance(node, ast.Name) and _stores(node, name) for node in nodes):
        return False
    calls = [each for each in nodes if isinstance(each, ast.Call) and script.dotted(each.func) == functions[0].name]
    return not any(call.args or call.keywords for call in calls)


def _stores(node: ast.Name, name: str) -> bool:
    return node.id == name and not isinstance(node.ctx, ast.Load)


def _none_by_default(arguments: ast.arguments) -> list[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    with_default = plain[len(plain) - len(arguments.defaults) :]
    pairs = zip(with_default, arguments.defaults, strict=True)
    return [each.arg for each, default in pairs if isinstance(default, ast.Constant) and default.value is None]
