"""Where a script reads, writes or looks for files, and by which paths."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from trainyard_analysis.constants import NOTHING, Constants, Text
from trainyard_analysis.script import Script

How = Literal["read", "load", "write", "test", "make", "enter"]
"""Read a file or folder, load a model, write a file, ask whether a path is there, make, remove or enter a folder."""


@dataclass(frozen=True, slots=True)
class FileUse:
    """One path that a call is given.

    Attributes:
        node: The expression that the path comes of.
        text: What is known of it.
    """

    how: How
    node: ast.AST
    text: Text

    @property
    def path(self) -> str:
        """The known beginning of the path."""
        return self.text.known

    @property
    def reads(self) -> bool:
        """Whether the path has to be there."""
        return self.how in ("read", "load")


_CALLS: Mapping[How, Mapping[tuple[int, str], str]] = {
    "write": {
        (0, "fname"): "savefig savetxt imsave",
        (0, "path_or_buf"): "to_csv to_json to_hdf",
        (0, "excel_writer"): "to_excel",
        (0, "path"): "to_pickle to_parquet ExcelWriter save_img",
        (0, "buf"): "to_html",
        (0, "file"): "savez savez_compressed write_html write_image",
        (0, "filepath"): "save save_model save_weights export ModelCheckpoint",
        (0, "filename"): "CSVLogger FileHandler imwrite",
        (0, "log_dir"): "SummaryWriter TensorBoard",
        (1, "f"): "save",
        (1, "path"): "save_model",
        (1, "filename"): "dump",
        (1, "to_file"): "plot_model plot",
        (1, "out_file"): "export_graphviz",
        (9, "filename"): "basicConfig",
    },
    "read": {
        (0, "filepath_or_buffer"): "read_csv read_table read_fwf read_json",
        (0, "io"): "read_excel ExcelFile",
        (0, "fname"): "loadtxt genfromtxt fromfile imread loadmat loadarff memmap load_word2vec_format",
        (0, "directory"): "flow_from_directory image_dataset_from_directory text_dataset_from_directory",
        (0, "file_pattern"): "make_csv_dataset",
        (0, ""): "read_pickle read_parquet read_hdf read_feather read_sas read_spss load_img load_files "
        "load_svmlight_file ImageFolder ZipFile File listdir scandir walk glob iglob rglob get_data",
        (1, "directory"): "flow_from_dataframe",
    },
    "load": {
        (0, "filepath"): "load_model load_weights",
        (0, "file"): "load",
        (0, "filename"): "load",
        (0, "f"): "load",
        (0, ""): "load_checkpoint",
    },
    "test": {(0, ""): "exists isfile isdir is_file is_dir"},
    "make": {(0, ""): "mkdir makedirs mkpath MakeDirs rmtree rmdir removedirs"},
    "enter": {(0, ""): "chdir"},
}
"""The calls that are given a path, by the last part of their names: which argument it is, by position and by name."""

_ARGUMENTS: dict[str, list[tuple[How, int, str]]] = {}
for _how, _places in _CALLS.items():
    for (_position, _keyword), _names in _places.items():
        for _name in _names.split():
            _ARGUMENTS.setdefault(_name, []).append((_how, _position, _keyword))

_LONGEST_MODE = 4

_OF_PATHS: Mapping[str, How] = {
    **dict.fromkeys(("exists", "is_file", "is_dir"), "test"),
    **dict.fromkeys(("read_text", "read_bytes", "iterdir", "glob", "rglob"), "read"),
    **dict.fromkeys(("write_text", "write_bytes"), "write"),
    "mkdir": "make",
}
"""Methods of a path."""


def uses_in(script: Script, others: Iterable[Script] = ()) -> Iterator[FileUse]:
    """Yield every path that a call of the script is given, as far as it is known of it and the *others*."""
    constants = Constants(script, others)
    for node in script.nodes:
        if isinstance(node, ast.Call):
            for how, path in _paths(script, node):
                text = constants.text(path)
                if text != NOTHING:
                    yield FileUse(how, path, text)


def _paths(script: Script, call: ast.Call) -> Iterator[tuple[How, ast.AST]]:
    name = script.called(call)
    if name == "open":
        yield from _opened(call)
        return
    for how, position, keyword in _ARGUMENTS.get(name, ()):
        path = argument(call, position, keyword)
        if path is not None:
            yield how, path
    if isinstance(call.func, ast.Attribute) and name in _OF_PATHS:
        yield _OF_PATHS[name], call.func.value


def _opened(call: ast.Call) -> Iterator[tuple[How, ast.AST]]:
    """Yield the path that is opened, by `open(path)` or by `path.open()`; the mode tells reading from writing."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    how: How = "write" if any(set(_mode(each)) & set("wax") for each in values) else "read"
    path = argument(call, 0, "file")
    if path is not None and not _mode(path):
        yield how, path
    elif isinstance(call.func, ast.Attribute):
        yield how, call.func.value


def _mode(node: ast.AST) -> str:
    """Return the mode that an argument is, such as "rb+"; "" for any other argument."""
    match node:
        case ast.Constant(value=str(text)) if len(text) <= _LONGEST_MODE and set(text) <= set("rwaxbtU+"):
            return text
    return ""


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """Return the argument of a call by its name or position."""
    for each in call.keywords:
        if each.arg == keyword:
            return each.value
    plain = call.args[: position + 1]
    if len(plain) <= position or any(isinstance(each, ast.Starred) for each in plain):
        return None
    return plain[position]
