"""Scripts as people push them: each is trained in a process, and ends in the accuracy it must end in."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.pythons import forked
from tests.pythons.others import python_with
from tests.scripts.datasets import keras_datasets
from tests.scripts.expectations import Case, cases, differences
from tests.scripts.yard import ScriptYard, in_processes

SECONDS = 280

YardOf = Callable[[Case], ScriptYard]


@pytest.fixture(scope="session")
def yard_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[YardOf]:
    """Return where a case trains: by this Python, or by another one that has what it imports."""
    yards: dict[str, ScriptYard] = {}
    with ExitStack() as stack:

        def make(case: Case) -> ScriptYard:
            python = python_with(case.library) if case.library else forked.python()
            if python not in yards:
                folder = tmp_path_factory.mktemp("scripts")
                found = in_processes(folder, python, provides(case), keras_datasets(folder))
                yards[python] = stack.enter_context(found)
            return yards[python]

        yield make


def provides(case: Case) -> Callable[[str], bool]:
    """Return what knows the modules of the case's Python."""
    return lambda module: bool(case.library) or importlib.util.find_spec(module) is not None


@pytest.mark.parametrize("case", [case for case in cases() if case.trains != "image"], ids=lambda case: case.name)
def test_script_ends_as_expected(case: Case, yard_of: YardOf) -> None:
    """The right metric on the right data, found where the table says; or a failure that explains itself."""
    yard = yard_of(case)
    yard.submit(case)

    said = yard.said(case, timeout=SECONDS)

    assert said is not None, yard.printed(case)
    wrong = differences(case, said)
    assert not wrong, "\n".join([*wrong, "It printed:", yard.printed(case)])
    yard.decide(case)
