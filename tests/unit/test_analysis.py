"""The one reader of an author's program."""

import ast

import pytest

from trainyard_analysis.options import Option, read_option


def option(arguments: str) -> Option:
    """Read a declaration with these arguments."""
    call = ast.parse(f"parser.add_argument({arguments})", mode="eval").body
    assert isinstance(call, ast.Call)
    return read_option(call)


class TestOptions:
    @pytest.mark.parametrize(
        ("arguments", "name", "dest"),
        [
            ('"-e", "--max-epochs", "--epochs"', "--max-epochs", "max_epochs"),
            ('"-e"', "-e", "e"),
            ('"rows"', "rows", "rows"),
            ('"--epochs", dest="n"', "--epochs", "n"),
            ('"--epochs", dest=NAME', "--epochs", ""),
            ("FLAG", "", ""),
        ],
    )
    def test_knows_the_name_and_where_it_is_stored(self, arguments: str, name: str, dest: str) -> None:
        """As argparse does; a computed name is not known."""
        found = option(arguments)

        assert (found.name, found.dest) == (name, dest)

    @pytest.mark.parametrize(
        ("arguments", "required", "count"),
        [
            ('"--n"', False, 1),
            ('"--n", required=True', True, 1),
            ('"--n", action="store_true"', False, 0),
            ('"rows"', True, 1),
            ('"rows", nargs=3', True, 3),
            ('"rows", nargs="+"', True, 1),
            ('"rows", nargs="?"', False, 1),
            ('"rows", nargs=COUNT', False, 1),
        ],
    )
    def test_knows_whether_it_is_required_and_how_many_values_it_takes(
        self, arguments: str, count: int, *, required: bool
    ) -> None:
        """A positional argument is, unless it may be left out; what is computed is not certain."""
        found = option(arguments)

        assert (found.required, found.count) == (required, count)

    @pytest.mark.parametrize("arguments", ['"--n", **more', "*flags, default=1", "FLAG, default=1"])
    def test_is_not_certain_of_what_is_spread_or_computed(self, arguments: str) -> None:
        """Whoever refuses something for its sake has to be certain."""
        assert not option(arguments).certain
