"""What a script asks of standard input and of its environment."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services.trainer.inspection.inputs.flow import Step
from services.trainer.inspection.inputs.wants import Want, sample
from trainyard_analysis.constants import Constants
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

ASKS = frozenset({"input", "builtins.input", "getpass.getpass"})
"""Calls that raise when nobody answers."""

GETS = frozenset({"os.environ.get", "os.getenv"})

_ALWAYS_THERE = ("PATH", "HOME", "USER", "LOGNAME", "PWD", "SHELL", "LANG", "HOST", "TMP", "TEMP", "TERM", "DISPLAY")
_PERHAPS_THERE = (
    "PYTHON",
    "LC_",
    "TF_",
    "CUDA",
    "MPL",
    "KERAS",
    "OMP_",
    "MKL_",
    "OPENBLAS",
    "NUMEXPR",
    "LD_",
    "SLURM",
    "RANK",
    "WORLD_SIZE",
    "LOCAL_RANK",
)
_NEEDS_TEXT = frozenset({"int", "float", "len", "open", "os.path.join", "os.listdir", "pandas.read_csv"})


@dataclass(frozen=True, slots=True)
class Answers:
    """Looks at `input()` and its like."""

    given: bool

    def see(self, step: Step) -> Want | None:
        """Return what is wanted when a step asks and there is no answer."""
        node, script = step.node, step.script
        if self.given or not (isinstance(node, ast.Call) and script.dotted(node.func) in ASKS) or _has_its_own(script):
            return None
        prompt = Constants(script).text(node.args[0]).known.strip() if node.args else ""
        what = f"an answer to {prompt!r}" if prompt else "a line of input"
        return Want("stdin", what, script, node.lineno, 'stdin = "ANSWER\\n"')


def _has_its_own(script: Script) -> bool:
    """Tell whether `input` may be something of the script's own, or standard input be replaced."""
    if "input" in script.aliases:
        return True
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Name) and node.id == "input" and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.arg) and node.arg == "input":
            return True
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == "input":
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("stdin", "input") and not isinstance(node.ctx, ast.Load):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Environment:
    """Looks at environment variables that the script cannot do without.

    Args:
        given: The names of those that are set for it.
    """

    project: Project
    reached: list[Script]
    given: Collection[str]

    def see(self, step: Step) -> Want | None:
        """Return what is wanted when a step reads a variable that is not set."""
        for name in _needed(step.script, step.node):
            if name not in self.given and not _may_be_set(self.project, self.reached, name):
                example = f"env = {{ {name} = {json.dumps(sample(self.project, name))} }}"
                line = getattr(step.node, "lineno", 1)
                return Want("env", f"the environment variable {name}", step.script, line, example)
        return None


def _needed(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the variables without which an expression raises."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and script.dotted(node.value) == "os.environ":
        yield from _text(node.slice)
    elif isinstance(node, ast.Call) and script.dotted(node.func) in _NEEDS_TEXT:
        yield from (name for each in node.args for name in _got(script, each))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from (name for each in (node.left, node.right) for name in _got(script, each))


def _got(script: Script, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and script.dotted(node.func) in GETS and len(node.args) == 1 and not node.keywords:
        yield from _text(node.args[0])


def _text(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _may_be_set(project: Project, reached: list[Script], name: str) -> bool:
    """Tell whether the variable may be there without a setting."""
    if name in _ALWAYS_THERE or name.startswith(_PERHAPS_THERE):
        return True
    return any(_sets_variables(script, project) for script in reached)


def _sets_variables(script: Script, project: Project) -> bool:
    """Tell whether a script sets variables itself; which ones, is its own affair."""
    if "putenv" in script.names or (
        "load_dotenv" in script.names and any(path.endswith(".env") for path in project.files)
    ):
        return True
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if script.dotted(node.value) == "os.environ" and not set(_text(node.slice)) & set(_known(node)):
                return True
        elif isinstance(node, ast.Attribute) and node.attr in ("update", "setdefault", "environ"):
            if script.dotted(node) in ("os.environ.update", "os.environ.setdefault"):
                return True
            if node.attr == "environ" and not isinstance(node.ctx, ast.Load):
                return True
    return False


def _known(node: ast.Subscript) -> list[str]:
    """Return the variable that is set here, where it is one that only makes a library quiet or hides a processor."""
    return [name for name in _text(node.slice) if name.startswith(_PERHAPS_THERE)]
