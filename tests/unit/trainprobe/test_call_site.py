"""What the author calls the data that a watched function was given."""

import ast
from pathlib import Path
from typing import Any

import pytest

from trainprobe.call_site import called_by_author, statement
from trainprobe.data.kind import DataKind, kind_named


def measured(*given: Any) -> DataKind:
    return kind_named(*given)


def through_a_function(rows: Any) -> DataKind:
    return measured(rows)


class TestTheWord:
    def test_is_that_of_a_variable_anywhere_up_the_stack(self) -> None:
        """The function that measures may call its argument anything."""
        held_out = [1, 2, 3]

        assert through_a_function(held_out) == "test"

    def test_is_that_of_the_statement_where_the_data_has_no_name(self) -> None:
        """A slice or a batch is made on the spot."""
        x_val = [1, 2, 3]

        data = kind_named(x_val[:2])

        assert data == "validation"

    @pytest.mark.parametrize("rows", [[1, 2]])
    def test_is_unknown_where_nothing_speaks_of_it(self, rows: Any) -> None:
        """No guess."""
        found = measured(rows)

        assert found == "unknown"

    def test_is_unknown_where_a_statement_speaks_of_two(self) -> None:
        """It may be either."""
        train_x, test_x = [1], [2]

        found = kind_named(train_x + test_x)

        assert found == "unknown"


class TestTheStatement:
    def test_is_whole_where_it_takes_several_lines(self) -> None:
        """As authors format long calls."""
        found = str(
            statement(),
        )

        assert found.startswith("found = str(")
        assert found.endswith(")")


class TestTheCaller:
    @pytest.mark.parametrize(("folder", "is_author"), [("", True), ("site-packages", False)])
    def test_is_the_author_behind_the_standard_library_but_not_behind_a_package(
        self, folder: str, *, is_author: bool
    ) -> None:
        """Packages lie below the standard library where there is no virtual environment, as in a container."""
        file = Path(ast.__file__).parent / folder / "library.py"
        library: dict[str, Any] = {"ask": called_by_author}
        exec(compile("def call():\n    return ask()\n", str(file), "exec"), library)  # noqa: S102 - a function of that file

        assert library["call"]() is is_author
