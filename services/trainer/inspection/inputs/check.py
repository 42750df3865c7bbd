"""What a script asks for before it trains: refused where nothing provides it, reported where that is not certain."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from services.trainer.inspection.inputs.argparse_options import ArgparseCheck
from services.trainer.inspection.inputs.argv import ArgvCheck
from services.trainer.inspection.inputs.commands import CommandCheck
from services.trainer.inspection.inputs.environment import ASKS, EnvironmentCheck, missing_answer, variables_read
from services.trainer.inspection.inputs.flow import Step, certain_steps
from services.trainer.inspection.plan import Note
from trainyard.errors import SubmissionError
from trainyard.words import counted
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_PARSES = frozenset({"parse_args", "parse_known_args"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a script is started with.

    Attributes:
        args: Its command line.
        source: The file that the command line comes from.
        stdin: What it reads from standard input.
        env: Variables that are set for it.
    """

    args: tuple[str, ...]
    source: str
    stdin: str
    env: Mapping[str, str]


def refuse_missing_input(project: Project, reached: list[Script], inputs: Inputs, variables: Collection[str]) -> None:
    """Raise when the first of *reached* certainly asks for something that nothing provides.

    The environment has the *variables* of these names as well.

    Raises:
        SubmissionError: Names what is asked for, where, and the setting that provides it.
    """
    checks: list[Callable[[Step], SubmissionError | None]] = [] if inputs.stdin else [missing_answer]
    checks.append(EnvironmentCheck(project, reached, {*inputs.env, *variables}).missing)
    if not reached[0].is_notebook:  # which finds there what its kernel was started with
        checks.append(ArgvCheck(reached, len(inputs.args)).missing)
    if not inputs.args:
        checks += [ArgparseCheck(project).missing, CommandCheck(project).missing]
    for step in certain_steps(project, reached, len(inputs.args)):
        for check in checks:
            if refusal := check(step):
                raise refusal


def describe_inputs(reached: list[Script], inputs: Inputs) -> Iterator[Note]:
    """Yield what is given to the scripts, and what they may ask for beyond that."""
    return (Note("input", text) for text in (*_arguments_and_input(reached, inputs), *_environment(reached, inputs)))


def _arguments_and_input(reached: list[Script], inputs: Inputs) -> Iterator[str]:
    nodes = [(script, node) for script in reached for node in script.nodes]
    if inputs.args:
        yield f"gets the arguments {' '.join(inputs.args)} from {inputs.source}"
    elif place := _first(nodes, _reads_arguments):
        yield f"gets no arguments, although {place} reads them: set args to pass some"
    if inputs.stdin:
        yield f"reads {counted(len(inputs.stdin.splitlines()), 'line')} from the setting stdin"
    elif place := _first(nodes, _asks):
        yield f"gets no input, although {place} may ask for it: set stdin to answer"


def _environment(reached: list[Script], inputs: Inputs) -> Iterator[str]:
    if inputs.env:
        yield f"gets {', '.join(sorted(inputs.env))} in its environment"
    read = {name for script in reached for node in script.nodes for name in variables_read(script, node)}
    if read - inputs.env.keys():
        yield f"looks for {', '.join(sorted(read - inputs.env.keys()))} in its environment: set env to provide them"


def _first(nodes: list[tuple[Script, ast.AST]], asks: Callable[[Script, ast.AST], bool]) -> str:
    """Return where the first call is for which *asks* holds; "" where there is none."""
    return next((script.place(getattr(node, "lineno", 1)) for script, node in nodes if asks(script, node)), "")


def _reads_arguments(script: Script, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in _PARSES
    return isinstance(node, ast.Subscript) and script.dotted(node.value) == "sys.argv"


def _asks(script: Script, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and script.dotted(node.func) in ASKS
