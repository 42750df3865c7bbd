"""The arguments that argparse requires."""

import ast
from dataclasses import dataclass, field

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.missing import missing_arguments, sample
from trainyard.errors import SubmissionError
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

    def missing(self, step: Step) -> SubmissionError | None:
        """Take note of one step; return the refusal once the command line is parsed."""
        match step.node:
            case ast.Assign(targets=[target], value=ast.Call(func=called)):
                self._assigned(step.script, target, called)
            case ast.Call(func=ast.Attribute(value=parser, attr="add_argument")) as call:
                option = read_option(call)
                if option.name and option.certain and option.required:
                    self.required.get(step.script.dotted(parser), []).append(option)
            case ast.Call(func=ast.Attribute(value=parser, attr="parse_args" | "parse_known_args")) as call:
                return self._parsed(step.script, call, self.required.get(step.script.dotted(parser), []))
        return None

    def _assigned(self, script: Script, target: ast.expr, called: ast.expr) -> None:
        """Note a new parser, or a group of one that is known."""
        name = script.dotted(target)
        self.required.pop(name, None)
        if script.dotted(called) == "argparse.ArgumentParser":
            self.required[name] = []
        elif isinstance(called, ast.Attribute) and called.attr == "add_argument_group":
            parser = self.required.get(script.dotted(called.value))
            if parser is not None:
                self.required[name] = parser

    def _parsed(self, script: Script, call: ast.Call, options: list[Option]) -> SubmissionError | None:
        if not options or not _reads_command_line(script, call):
            return None
        words = [word for option in options for word in self._words(script, option)]
        return missing_arguments(script, call.lineno, [option.name for option in options], words)

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
    if any(each.arg != "namespace" for each in node.keywords):
        return False
    arguments = node.args[0] if node.args else None
    if isinstance(arguments, ast.Name):
        return _is_never_given(script, arguments.id)
    return arguments is None or (isinstance(arguments, ast.Subscript) and script.dotted(arguments.value) == "sys.argv")


def _is_never_given(script: Script, name: str) -> bool:
    """Return whether a name is only a parameter of one function, None by default, and no call gives it a value."""
    functions = [
        each.name for each in script.nodes if isinstance(each, ast.FunctionDef) and name in _none_by_default(each)
    ]
    return (
        len(functions) == 1
        and not any(_passes_arguments(script, each, functions[0]) for each in script.nodes)
        and not any(_stores(each, name) for each in script.nodes)
    )


def _passes_arguments(script: Script, node: ast.AST, function: str) -> bool:
    return isinstance(node, ast.Call) and script.dotted(node.func) == function and bool(node.args or node.keywords)


def _stores(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)


def _none_by_default(function: ast.FunctionDef) -> list[str]:
    plain, defaults = [*function.args.posonlyargs, *function.args.args], function.args.defaults
    pairs = zip(plain[len(plain) - len(defaults) :], defaults, strict=True)
    return [each.arg for each, default in pairs if isinstance(default, ast.Constant) and default.value is None]
