"""What a script asks of standard input and of its environment."""

import ast
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.missing import missing_input, sample
from trainyard.errors import SubmissionError
from trainyard_analysis.constants import Constants
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

ASKS = frozenset({"input", "builtins.input", "getpass.getpass"})
"""Calls that raise when nobody answers."""

GETS = frozenset({"os.environ.get", "os.getenv"})

_ALWAYS_SET = ("PATH", "HOME", "USER", "LOGNAME", "PWD", "SHELL", "LANG", "HOST", "TMP", "TEMP", "TERM", "DISPLAY")
_BY_SYSTEM = ("PYTHON", "LC_", "LD_", "SLURM", "RANK", "WORLD_SIZE", "LOCAL_RANK")
_BY_LIBRARY = ("TF_", "CUDA", "MPL", "KERAS", "OMP_", "MKL_", "OPENBLAS", "NUMEXPR")
_MAY_BE_SET = _BY_SYSTEM + _BY_LIBRARY
"""How variables begin that a system or a library sets, or that only make a library quiet or hide a processor."""

_NEEDS_TEXT = frozenset({"int", "float", "len", "open", "os.path.join", "os.listdir", "pandas.read_csv"})


def missing_answer(step: Step) -> SubmissionError | None:
    """Return the refusal of a step that reads from standard input, where nothing is."""
    node, script = step.node, step.script
    if not (isinstance(node, ast.Call) and script.dotted(node.func) in ASKS) or _replaces_input(script):
        return None
    prompt = Constants(script).text(node.args[0]).known.strip() if node.args else ""
    what = f"an answer to {prompt!r}" if prompt else "a line of input"
    return missing_input("stdin", what, script, node.lineno, 'stdin = "ANSWER\\n"')


def _replaces_input(script: Script) -> bool:
    """Return whether `input` may be something of the script's own, or standard input be replaced."""
    return "input" in script.aliases or any(map(_makes_input, script.nodes))


def _makes_input(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="input", ctx=context) | ast.Attribute(attr="stdin" | "input", ctx=context):
            return not isinstance(context, ast.Load)
        case ast.arg(arg="input") | ast.FunctionDef(name="input") | ast.ClassDef(name="input"):
            return True
    return False


@dataclass(frozen=True, slots=True)
class EnvironmentCheck:
    """Looks at environment variables that the script cannot do without.

    Args:
        present: The names of those that are set for it.
    """

    project: Project
    reached: list[Script]
    present: Collection[str]

    def missing(self, step: Step) -> SubmissionError | None:
        """Return the refusal of a step that reads a variable which is not set."""
        for name in _needed(step.script, step.node):
            if name not in self.present and not self._may_be_set(name):
                example = f"env = {{ {name} = {json.dumps(sample(self.project, name))} }}"
                line = getattr(step.node, "lineno", 1)
                return missing_input("env", f"the environment variable {name}", step.script, line, example)
        return None

    def _may_be_set(self, name: str) -> bool:
        if name in _ALWAYS_SET or name.startswith(_MAY_BE_SET):
            return True
        has_file = any(path.endswith(".env") for path in self.project.files)
        setters = {"putenv", "load_dotenv"} if has_file else {"putenv"}
        return any(
            setters & script.names or any(_sets_variables(script, node) for node in script.nodes)
            for script in self.reached
        )


def _needed(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the variables without which an expression raises."""
    match node:
        case ast.Subscript(ctx=ast.Load()) if script.dotted(node.value) == "os.environ":
            yield from _text(node.slice)
        case ast.Call() if script.dotted(node.func) in _NEEDS_TEXT:
            yield from (name for each in node.args for name in _gotten(script, each))
        case ast.BinOp(op=ast.Add()):
            yield from (name for each in (node.left, node.right) for name in _gotten(script, each))


def _gotten(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the variable that an expression gets, None where it is not set."""
    if isinstance(node, ast.Call) and script.dotted(node.func) in GETS and len(node.args) == 1 and not node.keywords:
        yield from _text(node.args[0])


def _text(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _sets_variables(script: Script, node: ast.AST) -> bool:
    """Return whether a node sets variables; which ones, is the script's own affair."""
    match node:
        case ast.Subscript() if not isinstance(node.ctx, ast.Load):
            quiet = any(name.startswith(_MAY_BE_SET) for name in _text(node.slice))
            return script.dotted(node.value) == "os.environ" and not quiet
        case ast.Attribute(attr="update" | "setdefault"):
            return script.dotted(node.value) == "os.environ"
        case ast.Attribute(attr="environ"):
            return not isinstance(node.ctx, ast.Load)
    return False


def variables_read(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the environment variables that a node reads, whether it needs them or not."""
    match node:
        case ast.Call(args=[key, *_]) if script.dotted(node.func) in GETS:
            yield from _text(key)
        case ast.Subscript(ctx=ast.Load()) if script.dotted(node.value) == "os.environ":
            yield from _text(node.slice)
