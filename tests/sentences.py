"""``python -m tests.sentences [WORD ...]``: print every sentence that the product can write, for a read-through.

A sentence is a text of several words in the code that is no docstring. What is filled in at run time stands in braces
as in the code, so that nothing need be run, and nothing is missing because it did not happen in an example. WORDs
choose the files whose path contains one of them.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGES = ("services", "trainyard", "trainyard_analysis", "trainyard_cli", "trainprobe")
FEWEST_WORDS = 3


class Sentence(NamedTuple):
    """One text, and where it stands."""

    path: str
    line: int
    text: str


def sentences() -> Iterator[Sentence]:
    """Yield every sentence in the product's code and in the templates of its mail, in the order of their files."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            path = str(file.relative_to(ROOT))
            if file.suffix == ".py":
                yield from _in_code(path, ast.parse(file.read_text()))
            elif file.suffix == ".j2":
                yield from (Sentence(path, number, line.strip()) for number, line in _template_lines(file))


def docstrings() -> Iterator[Sentence]:
    """Yield every docstring of the product."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                    line = 1 if isinstance(node, ast.Module) else node.lineno
                    yield Sentence(str(file.relative_to(ROOT)), line, ast.get_docstring(node) or "")


def _in_code(path: str, tree: ast.Module) -> Iterator[Sentence]:
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inner | bare:
            continue
        text = _text(node)
        if len([word for word in text.split() if word.isalpha()]) >= FEWEST_WORDS:
            yield Sentence(path, getattr(node, "lineno", 0), " ".join(text.split()))


def _text(node: ast.AST) -> str:
    """Return the text that a literal or an f-string stands for, "" for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.FormattedValue):
        return f"{{{ast.unparse(node.value)}}}"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _template_lines(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if len([word for word in line.split() if word.isalpha()]) >= FEWEST_WORDS:
            yield number, line


def main(words: list[str]) -> None:
    """Print the sentences, file by file."""
    last = ""
    for path, line, text in sentences():
        if words and not any(word in path for word in words):
            continue
        if path != last:
            print(f"\n{path}")  # noqa: T201  a command
            last = path
        print(f"{line:5}  {text}")  # noqa: T201  the same


if __name__ == "__main__":
    main(sys.argv[1:])
