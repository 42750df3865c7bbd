"""What a script asks of whoever starts it and does not get, and the refusal that follows."""

import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from trainyard.errors import SubmissionError
from trainyard.policy import FILE
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

Setting = Literal["args", "stdin", "env"]

_DATA = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".npz", ".npy", ".h5", ".json", ".pkl", ".arff", ".data", ".txt"})
_NO_DATA = frozenset({"requirements.txt", "package.json", "requirements-dev.txt", "license.txt", "readme.txt"})
_IS_FILE = re.compile(r"data|file|csv|input|path|train", re.IGNORECASE)
_IS_COUNT = re.compile(r"epoch|iter|num|batch|size|count|steps|\bn_", re.IGNORECASE)


def missing_input(setting: Setting, what: str, script: Script, line: int, example: str) -> SubmissionError:
    """Return the refusal of a script that asks for something which nothing provides.

    Args:
        setting: What provides it.
        what: In words, as in "the argument 'data'".
        script: The script that asks for it.
        line: Where it asks.
        example: The line of `trainyard.toml` that provides it.
    """
    return SubmissionError(
        f"{script.place(line)} asks for {what}, which nothing provides",
        remedy=f"Provide it by the setting {setting} in {FILE}, for example: {example}",
        reason="input",
        file=script.path,
        line=script.line(line),
    )


def missing_arguments(script: Script, line: int, names: Sequence[str], words: Iterable[str]) -> SubmissionError:
    """Return the refusal of a script that asks for arguments, with a command line that provides them."""
    *before, last = map(repr, names)
    what = f"the arguments {', '.join(before)} and {last}" if before else f"the argument {last}"
    return missing_input("args", what, script, line, args_example(words))


def args_example(values: Iterable[str]) -> str:
    """Return the line of `trainyard.toml` with the setting `args`."""
    return f"args = {json.dumps(list(values), ensure_ascii=False)}"


def sample(project: Project, name: str) -> str:
    """Return a value that an argument of that name may take: the only data file there is, a number, or its name."""
    plain = name.strip("-<>[]")
    if _IS_FILE.search(plain):
        files = [path for path in sorted(project.files) if _is_data(path)]
        if len(files) == 1:
            return files[0]
    if _IS_COUNT.search(plain):
        return "10"
    return re.sub(r"\W+", "_", plain).upper() or "VALUE"


def _is_data(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return posixpath.splitext(name)[1] in _DATA and name not in _NO_DATA
