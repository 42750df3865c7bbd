"""Every fact that the probe writes is declared by the tweaker, and every declared fact is read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services.tweaker
import trainprobe
from services.tweaker.diagnosis.facts import Facts
from tests.unit.trainprobe.declared import declared, undeclared
from tests.unit.trainprobe.probing import Finished

FOR_PEOPLE = {"parameters"}  # the size of a model, for whoever reads the facts of a trial


def test_every_declared_fact_is_written() -> None:
    """By a name in the probe's code."""
    texts = {
        name
        for node in nodes(Path(trainprobe.__file__).parent)
        for name in (getattr(node, "value", None), getattr(node, "arg", None))
        if isinstance(name, str)
    }

    assert set(declared()) - texts == set()


def test_every_declared_fact_is_read() -> None:
    """By the tweaker; a fact that nobody reads costs time in every training."""
    folder = Path(services.tweaker.__file__).parent
    read = {node.attr for node in nodes(folder) if isinstance(node, ast.Attribute)} | {"kind"}

    assert set(declared(Facts)) - read - {"class"} == FOR_PEOPLE


def test_every_written_fact_is_declared(estimators: Finished) -> None:
    """`test_outcome` asserts the same of networks."""
    assert undeclared(estimators.result["facts"]) == set()


def nodes(folder: Path) -> Iterator[ast.AST]:
    """Yield every node of the code below *folder*."""
    for path in folder.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))
