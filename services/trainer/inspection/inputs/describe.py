"""What a script asks for before it trains: refused where nothing gives it, reported where that is not certain."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping

from services.trainer.inspection.inputs.answers import ASKS, GETS, Answers, Environment
from services.trainer.inspection.inputs.command_line import CommandLine
from services.trainer.inspection.inputs.commands import Commands
from services.trainer.inspection.inputs.flow import certain_steps
from services.trainer.inspection.inputs.parsers import Parsers
from services.trainer.inspection.plan import Note
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_PARSES = frozenset({"parse_args", "parse_known_args"})


def refuse_unanswered(
    project: Project, reached: list[Script], *, args: tuple[str, ...], stdin: str, env: Collection[str]
) -> None:
    """Raise when the first of *reached* certainly asks for something that nothing gives.

    Raises:
        SubmissionError: Names what is asked for, where, and the setting that gives it.
    """
    watchers: list[Parsers | Commands | CommandLine | Answers | Environment] = [
        Answers(bool(stdin)),
        Environment(project, reached, env),
    ]
    if not reached[0].is_notebook:  # which finds there what its kernel was started with
        watchers.append(CommandLine(reached, len(args)))
    if not args:
        watchers += [Parsers(project), Commands(project)]
    for step in certain_steps(project, reached, len(args)):
        for watcher in watchers:
            want = watcher.see(step)
            if want:
                raise want.refusal()


def describe_inputs(
    reached: list[Script], *, args: tuple[str, ...], stdin: str, env: Mapping[str, str], whose: str
) -> Iterator[Note]:
    """Say what is given to the scripts, and what they may ask for beyond that.

    Args:
        reached: The script to run and what it imports.
        args: Its command line.
        stdin: What it reads from standard input.
        env: Variables that are set for it.
        whose: Where args come from.
    """
    asked = [(script, node) for script in reached for node in ast.walk(script.tree)]
    if args:
        yield Note("input", f"gets the arguments {' '.join(args)}, since {whose} gives them")
    elif place := _first(asked, _reads_arguments):
        yield Note("input", f"gets no arguments; {place} reads them, and the setting args would give some")
    if stdin:
        yield Note("input", f"reads {len(stdin.splitlines())} lines from the setting stdin")
    elif place := _first(asked, _asks):
        yield Note("input", f"gets no input; {place} may ask for it, and the setting stdin would answer")
    if env:
        yield Note("input", f"finds {', '.join(sorted(env))} in its environment")
    variables = sorted({name for script, node in asked for name in _variables(script, node)} - set(env))
    if variables:
        yield Note("input", f"looks for {', '.join(variables)} in its environment; the setting env would set them")


def _first(asked: list[tuple[Script, ast.AST]], asks: Callable[[Script, ast.AST], bool]) -> str:
    """Say where the first call stands for which *asks* holds; "" where there is none."""
    return next((script.place(getattr(node, "lineno", 1)) for script, node in asked if asks(script, node)), "")


def _reads_arguments(script: Script, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in _PARSES
    return isinstance(node, ast.Subscript) and script.dotted(node.value) == "sys.argv"


def _asks(script: Script, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and script.dotted(node.func) in ASKS


def _variables(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the environment variables that a node reads."""
    key: ast.AST | None = None
    if isinstance(node, ast.Call) and script.dotted(node.func) in GETS and node.args:
        key = node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        key = node.slice if script.dotted(node.value) == "os.environ" else None
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
