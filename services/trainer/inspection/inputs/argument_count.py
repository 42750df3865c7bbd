"""Where a script compares the number of its arguments, or changes them."""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass

from trainyard_analysis.script import Script

_COMPARISONS: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class CountTest:
    """A comparison of `len(sys.argv)` with a number."""

    compare: Callable[[int, int], bool]
    limit: int

    def holds(self, count: int) -> bool:
        """Return whether it holds when the script is started with so many arguments."""
        return self.compare(count + 1, self.limit)


def count_test(script: Script, test: ast.AST) -> CountTest | None:
    """Return the comparison that a condition is, if it is one of `len(sys.argv)` with a number."""
    match test:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[counted]),
            ops=[comparison],
            comparators=[ast.Constant(value=int(limit))],
        ) if type(comparison) in _COMPARISONS and script.dotted(counted) == "sys.argv":
            return CountTest(_COMPARISONS[type(comparison)], limit)
    return None


def changes_argv(script: Script) -> bool:
    """Return whether a script makes its own command line."""
    return any(_changes_argv(script, node) for node in script.nodes)


def _changes_argv(script: Script, node: ast.AST) -> bool:
    """Return whether a node calls a method of the command line, or stores something there."""
    inner = node.value if isinstance(node, ast.Attribute | ast.Subscript) else node
    is_stored = not isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if isinstance(node, ast.Attribute) and script.dotted(inner) == "sys.argv":
        return True
    return is_stored and "sys.argv" in (script.dotted(node), script.dotted(inner))
