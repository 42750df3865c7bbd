"""Where a script reads, writes or looks for files, and by which paths."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from trainyard_analysis.constants import NOTHING, Constants, Text
from trainyard_analysis.script import Script

How = Literal["read", "load", "write", "test", "make", "enter"]
"""Read a file or folder, load a model, write a file, ask whether a path is there, make, remove or enter a folder."""


@dataclass(frozen=True, slots=True)
class Use:
    """One path that a call is given.

    Attributes:
        node: The expression that the path comes of.
        text: What is known of it.
    """

    script: Script
    how: How
    node: ast.AST
    text: Text
    line: int


Place = tuple[int, str]
"""Which argument of a call is the path: its position, and its name."""

_FIRST: Place = (0, "")

WRITES: Mapping[str, tuple[Place, ...]] = {
    "savefig": ((0, "fname"),),
    "to_csv": ((0, "path_or_buf"),),
    "to_excel": ((0, "excel_writer"),),
    "to_json": ((0, "path_or_buf"),),
    "to_pickle": ((0, "path"),),
    "to_parquet": ((0, "path"),),
    "to_hdf": ((0, "path_or_buf"),),
    "to_html": ((0, "buf"),),
    "ExcelWriter": ((0, "path"),),
    "savetxt": ((0, "fname"),),
    "savez": ((0, "file"),),
    "savez_compressed": ((0, "file"),),
    "save": ((0, "filepath"), (1, "f")),
    "save_model": ((0, "filepath"), (1, "path")),
    "save_weights": ((0, "filepath"),),
    "export": ((0, "filepath"),),
    "dump": ((1, "filename"),),
    "ModelCheckpoint": ((0, "filepath"),),
    "CSVLogger": ((0, "filename"),),
    "FileHandler": ((0, "filename"),),
    "basicConfig": ((9, "filename"),),
    "plot_model": ((1, "to_file"),),
    "plot": ((1, "to_file"),),
    "export_graphviz": ((1, "out_file"),),
    "write_html": ((0, "file"),),
    "write_image": ((0, "file"),),
    "imwrite": ((0, "filename"),),
    "imsave": ((0, "fname"),),
    "save_img": ((0, "path"),),
    "SummaryWriter": ((0, "log_dir"),),
    "TensorBoard": ((0, "log_dir"),),
}
"""Calls that write, by the last part of their names."""

READS: Mapping[str, tuple[Place, ...]] = {
    **dict.fromkeys(("read_csv", "read_table", "read_fwf", "read_json"), ((0, "filepath_or_buffer"),)),
    **dict.fromkeys(("read_excel", "ExcelFile"), ((0, "io"),)),
    **dict.fromkeys(("read_pickle", "read_parquet", "read_hdf", "read_feather", "read_sas", "read_spss"), (_FIRST,)),
    **dict.fromkeys(("loadtxt", "genfromtxt", "fromfile", "imread", "loadmat", "loadarff", "memmap"), ((0, "fname"),)),
    **dict.fromkeys(("load_img", "load_files", "load_svmlight_file", "ImageFolder", "ZipFile", "File"), (_FIRST,)),
    **dict.fromkeys(("listdir", "scandir", "walk", "glob", "iglob", "rglob", "get_data"), (_FIRST,)),
    "flow_from_directory": ((0, "directory"),),
    "image_dataset_from_directory": ((0, "directory"),),
    "text_dataset_from_directory": ((0, "directory"),),
    "flow_from_dataframe": ((1, "directory"),),
    "make_csv_dataset": ((0, "file_pattern"),),
    "load_word2vec_format": ((0, "fname"),),
}

LOADS: Mapping[str, tuple[Place, ...]] = {
    "load_model": ((0, "filepath"),),
    "load_weights": ((0, "filepath"),),
    "load": ((0, "file"), (0, "filename"), (0, "f")),
    "load_checkpoint": (_FIRST,),
}
"""Calls that load a model, or data in such a form."""

TESTS: Mapping[str, tuple[Place, ...]] = dict.fromkeys(("exists", "isfile", "isdir", "is_file", "is_dir"), (_FIRST,))

MAKES: Mapping[str, tuple[Place, ...]] = dict.fromkeys(
    ("mkdir", "makedirs", "mkpath", "MakeDirs", "rmtree", "rmdir", "removedirs"), (_FIRST,)
)

ENTERS: Mapping[str, tuple[Place, ...]] = {"chdir": (_FIRST,)}

_TABLES: tuple[tuple[How, Mapping[str, tuple[Place, ...]]], ...] = (
    ("write", WRITES),
    ("read", READS),
    ("load", LOADS),
    ("test", TESTS),
    ("make", MAKES),
    ("enter", ENTERS),
)
_OF_PATHS: Mapping[str, How] = {
    "exists": "test",
    "is_file": "test",
    "is_dir": "test",
    "mkdir": "make",
    "write_text": "write",
    "write_bytes": "write",
    "read_text": "read",
    "read_bytes": "read",
    "iterdir": "read",
    "glob": "read",
    "rglob": "read",
}
"""Methods of a path."""


def uses_in(script: Script, others: Iterable[Script] = ()) -> Iterator[Use]:
    """Yield every path that a call of the script is given, as far as it is known of it and the *others*."""
    constants = Constants(script, others)
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Call):
            for how, path in _paths(script, node):
                text = constants.text(path)
                if text != NOTHING:
                    yield Use(script, how, path, text, node.lineno)


def _paths(script: Script, call: ast.Call) -> Iterator[tuple[How, ast.AST]]:
    name = script.dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")
    if name == "open":
        yield from _opened(call)
        return
    for how, table in _TABLES:
        for position, keyword in table.get(name, ()):
            found = argument(call, position, keyword)
            if found is not None:
                yield how, found
    if isinstance(call.func, ast.Attribute) and name in _OF_PATHS:
        yield _OF_PATHS[name], call.func.value


def _opened(call: ast.Call) -> Iterator[tuple[How, ast.AST]]:
    """Tell reading from writing by the mode, and `open(path)` from `path.open()`."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    words = [str(each.value) for each in given if isinstance(each, ast.Constant) and _is_mode(each)]
    how: How = "write" if any(set(word) & set("wax") for word in words) else "read"
    path = argument(call, 0, "file")
    if path is not None and not _is_mode(path):
        yield how, path
    elif isinstance(call.func, ast.Attribute):
        yield how, call.func.value


def _is_mode(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and 0 < len(node.value) <= 4  # noqa: PLR2004  as in "rb+" and "wt"
        and set(node.value) <= set("rwaxbtU+")
    )


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """Return the argument of a call by its name or position."""
    for each in call.keywords:
        if each.arg == keyword:
            return each.value
    plain = call.args[: position + 1]
    if len(plain) <= position or any(isinstance(each, ast.Starred) for each in plain):
        return None
    return plain[position]
