"""What of a notebook is Python."""

import ast
import json
from typing import Any

import pytest

from trainprobe.notebook_code import place_of, python_of, source_of


def a_notebook(*cells: str | list[str], **metadata: Any) -> bytes:
    """Make a notebook of code cells, with a text cell in front."""
    code: list[dict[str, Any]] = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}} for cell in cells
    ]
    text = {"cell_type": "markdown", "source": "# Wines\n%matplotlib is no code here", "metadata": {}}
    return json.dumps({"cells": [text, *code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


class TestSource:
    def test_is_the_code_of_all_cells_in_their_order(self) -> None:
        """Text is left out; a cell may be a string or a list of lines."""
        assert source_of(a_notebook("a = 1", ["b = 2\n", "c = 3"])) == "a = 1\nb = 2\nc = 3\n"

    @pytest.mark.parametrize(
        ("cell", "plain"),
        [
            ("%matplotlib inline\nx = 1", "pass\nx = 1"),
            ("!pip install seaborn\nimport seaborn", "pass\nimport seaborn"),
            ("!pip install \\\n  seaborn\nx = 1", "pass\n\nx = 1"),
            ("if True:\n    !ls\n", "if True:\n    pass\n"),
            ("%time model.fit(X, y)", "model.fit(X, y)"),
            ("files = !ls data", "files = None"),
            ("model.fit?", "pass"),
            ("?model", "pass"),
            ("%%time\nmodel.fit(X, y)", "\nmodel.fit(X, y)"),
            ("%%bash\nls -l | wc", "\n"),
            ("\n%%time\n%time x = 1", "\n\nx = 1"),
        ],
    )
    def test_magics_and_shell_lines_leave_their_place_empty(self, cell: str, plain: str) -> None:
        """What remains parses, and every line stays where it was."""
        assert python_of(cell) == plain
        assert plain.count("\n") == cell.count("\n")
        ast.parse(plain)

    def test_a_percent_sign_that_is_python_stays(self) -> None:
        """An operator may begin a line."""
        cell = 'print("%d rows"\n      % len(rows))'

        assert python_of(cell) == cell

    def test_a_cell_that_is_no_python_is_left_for_the_reader_to_refuse(self) -> None:
        """A slip of the author's is not hidden."""
        assert python_of("print 'hello'") == "print 'hello'"

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"not json", "Expecting value"),
            (b"[]", "not a notebook"),
            (a_notebook("x <- 1", kernelspec={"language": "R", "name": "ir"}), "a notebook in r, not in Python"),
        ],
    )
    def test_what_is_no_python_notebook_is_said_to_be_none(self, content: bytes, says: str) -> None:
        """A ValueError, whatever is wrong with it."""
        with pytest.raises(ValueError, match=says):
            source_of(content)


class TestPlace:
    def test_a_line_of_the_source_is_found_in_its_cell(self) -> None:
        """Errors are told by cell and line, as the author sees them."""
        content = a_notebook("a = 1\nb = 2", "", "c = 3\nd = (")

        assert [place_of(content, line) for line in (1, 2, 3, 4, 5)] == [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2)]
