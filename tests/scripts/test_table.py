"""The table of scripts: whole, and in the documentation as it is."""

import pytest

from tests.scripts.expectations import CASES, Case, cases
from tests.scripts.table import PAGE, page


def test_every_repository_has_its_row_and_every_row_its_repository() -> None:
    """None is trained without an expectation, and none is expected that is not there."""
    assert sorted(case.name for case in cases()) == sorted(path.name for path in CASES.iterdir())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_row_says_what_can_be_wrong(case: Case) -> None:
    """Either a failure, or the script that runs and where its value comes from."""
    if case.failure:
        assert (case.runs, case.value, case.source) == ("", None, "")
    else:
        assert case.runs in case.files()
        assert case.value is not None
        assert case.source


def test_page_is_current() -> None:
    """What the documentation shows is what is tested; `make docs` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(cases())
