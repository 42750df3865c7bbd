"""Options of a command line, as `add_argument` of argparse and `option` of click declare them."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

_STORES = frozenset({"store", "append", "extend"})


@dataclass(frozen=True, slots=True)
class Option:
    """One option, or one positional argument.

    Attributes:
        flags: Its names as the command line has them, such as `-n` and `--epochs`.
        keywords: What its declaration says of it, by keyword.
        certain: All of its declaration is written down: no name is computed, nothing is spread with `*` or `**`.
    """

    flags: tuple[str, ...]
    keywords: Mapping[str, ast.expr]
    certain: bool = True

    @property
    def name(self) -> str:
        """Its first long name, else its first; "" where none is written down."""
        return next((flag for flag in self.flags if flag.startswith("--")), self.flags[0] if self.flags else "")

    @property
    def dest(self) -> str:
        """Under which attribute argparse stores it; "" where that is not written down."""
        if "dest" in self.keywords:
            return str(self.constant("dest") or "")
        return _attribute(self.name)

    @property
    def names(self) -> frozenset[str]:
        """Every attribute or parameter under which argparse or click may store it."""
        return frozenset(map(_attribute, self.flags)) | ({self.dest} if self.dest else set())

    @property
    def default(self) -> ast.expr | None:
        """The expression of its default."""
        return self.keywords.get("default")

    @property
    def is_positional(self) -> bool:
        """Whether it is given by its place on the command line."""
        return not self.name.startswith("-")

    @property
    def stores(self) -> bool:
        """Whether it stores what is given with it; a switch such as `store_true` does not."""
        return "action" not in self.keywords or self.constant("action") in _STORES

    @property
    def count(self) -> int:
        """How many values have to be given with it."""
        if not self.stores:
            return 0
        number = self.constant("nargs")
        return number if isinstance(number, int) else 1

    @property
    def required(self) -> bool:
        """Whether the script certainly stops where it is not given."""
        if not self.is_positional:
            return self.constant("required") is True
        number = self.constant("nargs") if "nargs" in self.keywords else 1
        return self.stores and (number == "+" or (isinstance(number, int) and number > 0))

    def constant(self, keyword: str) -> object:
        """Return the constant that a keyword is given; None where it is computed or missing."""
        node = self.keywords.get(keyword)
        return node.value if isinstance(node, ast.Constant) else None


def read_option(call: ast.Call) -> Option:
    """Return the option that a call of `add_argument` or `option` declares."""
    flags = tuple(each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str))
    keywords = {each.arg: each.value for each in call.keywords if each.arg is not None}
    return Option(flags, keywords, len(flags) == len(call.args) and len(keywords) == len(call.keywords))


def _attribute(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_")
