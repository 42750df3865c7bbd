"""Files that a script reads its settings from: which call reads which of the author's files, in which format."""

import posixpath
import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, InFile, NextStep, Step, argument, called, dotted, receiver
from services.tweaker.source.values import names
from trainyard_analysis.vocabulary import READERS

LOADERS = {
    re.compile(r"json\.loads?"): "json",
    re.compile(r"yaml\.(?:safe_|full_|unsafe_)?load|(?:omegaconf\.)?OmegaConf\.load"): "yaml",
    re.compile(r"(?:tomllib|tomli|toml)\.loads?"): "toml",
    re.compile(r"dotenv\.dotenv_values"): "env",
}
PARSER = re.compile(r"configparser\.(?:Raw|Safe)?ConfigParser")
PAIRS = m.GeneratorExp() | m.ListComp() | m.DictComp()
_SPLIT = m.Call(func=m.Attribute(attr=m.Name("split") | m.Name("partition")), args=[m.Arg(m.SimpleString())])
_SAME_PATH = frozenset({"abspath", "realpath", "normpath", "resolve", "absolute", "fspath", "str"})
_JOINED_PATH = frozenset({"join", "Path", "PurePath", "joinpath"})
_METHODS = frozenset({"resolve", "absolute", "joinpath"})
"""Calls of the two tables above that begin with the path that they are called on."""
_ROOT = "/"
"""The root of the code: a path made from `__file__` starts with it."""


def file_read(at: At, node: cst.Call | cst.DictComp, next_step: NextStep) -> InFile | None:
    """Return the file whose content a call gives; None for a call that reads none."""
    if isinstance(node, cst.DictComp):
        return _pairs(at, node, next_step)
    for pattern, kind in LOADERS.items():
        if at.script.is_called(node, pattern) and node.args:
            return _whole_file(at, _name_of_file(at.to(node.args[0].value), next_step), kind)
    if _stream(node) is not None:
        return _whole_file(at, _name_of_file(at, next_step), "text")
    if m.matches(node, m.Call(func=m.Name("dict"), args=[m.Arg(PAIRS)])):
        return _pairs(at, node.args[0].value, next_step)
    return None


def config_parser(at: At, call: cst.Call) -> InFile | None:
    """Return the file that a `ConfigParser()` assigned to a name reads; None for other calls."""
    if not at.script.is_called(call, PARSER):
        return None
    target = at.script.parent(call)
    name = target.targets[0].target if isinstance(target, cst.Assign) else None
    if not isinstance(name, cst.Name):
        raise NotUnderstoodError(f"{at} is not assigned to a name")
    methods = {f"{name.value}.read", f"{name.value}.read_file"}
    reading = [each for each in at.script.calls if dotted(each.func) in methods]
    if len(reading) != 1 or not reading[0].args:
        raise NotUnderstoodError(f"{name.value} reads {len(reading)} files")
    return _whole_file(at, _name_of_file(at.to(reading[0].args[0].value), _next_name), "ini")


def _next_name(at: At) -> Step | None:
    """Follow a name that is a path or an opened file: all that is needed for a parser's file."""
    return names.follow_name(at, at.node) if isinstance(at.node, cst.Name) else None


def _stream(node: cst.CSTNode) -> cst.BaseExpression | None:
    return receiver(node) if isinstance(node, cst.Call) and called(node) in READERS else None


def _whole_file(at: At, file: str, kind: str) -> InFile:
    """Return the place of all of a file, unless a script also writes it."""
    word = file.rpartition("/")[2]
    for script in at.script.mentioning(word):
        for call in filter(_opens_to_write, script.calls):
            if word in script.code(call):
                raise NotUnderstoodError(f"{file} is written in line {script.line(call)} of {script.name}")
    return InFile(at.script, file, kind)


def _opens_to_write(call: cst.Call) -> bool:
    mode = argument(call, "mode", position=1) if called(call) == "open" else None
    return isinstance(mode, cst.SimpleString) and not set("wax+").isdisjoint(str(mode.evaluated_value))


def _name_of_file(at: At, next_step: NextStep) -> str:
    """Return the file behind a stream, a text read from one, or a path."""
    node = at.node
    if isinstance(node, cst.Call) and called(node) == "open":
        return _file_at(at.to(_opened_path(node)), next_step)
    if (stream := _stream(node)) is not None:
        return _name_of_file(at.to(stream), next_step)
    step = next_step(at) if isinstance(node, cst.Name) and node.value != "__file__" else None
    if step is None:
        return _file_at(at, next_step)
    return step.to.file if isinstance(step.to, InFile) else _name_of_file(step.to, next_step)


def _opened_path(call: cst.Call) -> cst.CSTNode:
    """Return the path in `open(path)` and `path.open()`."""
    owner = receiver(call)
    is_method = owner is not None and not m.matches(owner, m.Name("io") | m.Name("codecs"))
    return owner if is_method and owner is not None else next((arg.value for arg in call.args), call)


def _pairs(at: At, node: cst.BaseExpression, next_step: NextStep) -> InFile | None:
    """Return the file of `key=value` lines that is read by splitting each line at its sign."""
    signs = [at.script.code(each.args[0].value) for each in m.findall(node, _SPLIT) if isinstance(each, cst.Call)]
    if not isinstance(node, cst.GeneratorExp | cst.ListComp | cst.DictComp) or signs not in (["'='"], ['"="']):
        return None
    return _whole_file(at, _name_of_file(at.to(node.for_in.iter), next_step), "env")


def _file_at(at: At, next_step: NextStep) -> str:
    """Return the name of the file among the author's whose path an expression gives."""
    path = _path(at, next_step)
    here = posixpath.dirname(at.script.name)
    tries = [path[1:]] if path.startswith(_ROOT) else [path, posixpath.join(here, path)]
    found = {name for name in map(posixpath.normpath, tries) if name in at.script.files}
    if len(found) != 1:
        raise NotUnderstoodError(f"{path.lstrip(_ROOT)} names {len(found) or 'no'} files of the code")
    return found.pop()


def _path(at: At, next_step: NextStep, *, first: bool = True) -> str:
    """Return the path that an expression gives, from the code's root where it is made from `__file__`.

    What is not the first part of a text may begin with a slash.
    """
    node = at.node
    if isinstance(node, cst.SimpleString):
        return _path_in_text(node, first=first)
    if isinstance(node, cst.BinaryOperation):
        left, right = _path(at.to(node.left), next_step), _path(at.to(node.right), next_step, first=False)
        return left + right if isinstance(node.operator, cst.Add) else posixpath.join(left, right)
    if isinstance(node, cst.Attribute) and node.attr.value == "parent":
        return posixpath.dirname(_path(at.to(node.value), next_step))
    if isinstance(node, cst.Call) and called(node):
        return _path_of_call(at, node, next_step)
    return _path_by_name(at, next_step)


def _path_in_text(node: cst.SimpleString, *, first: bool) -> str:
    text = str(node.evaluated_value)
    if first and text.startswith(_ROOT):
        raise NotUnderstoodError(f"{text} is outside the code")
    return text


def _path_by_name(at: At, next_step: NextStep) -> str:
    if m.matches(at.node, m.Name("__file__")):
        return _ROOT + at.script.name
    step = next_step(at)
    if step is None or not isinstance(step.to, At):
        raise NotUnderstoodError(f"the path {at} is computed")
    return _path(step.to, next_step)


def _path_of_call(at: At, call: cst.Call, next_step: NextStep) -> str:
    name, owner = called(call), receiver(call)
    if name in {"cwd", "getcwd"}:
        return ""
    if name not in _SAME_PATH | _JOINED_PATH | {"dirname"}:
        raise NotUnderstoodError(f"the path {at} is computed")
    parts = ([owner] if owner is not None and name in _METHODS else []) + [arg.value for arg in call.args]
    path = posixpath.join("", *(_path(at.to(each), next_step) for each in parts))
    return posixpath.dirname(path) if name == "dirname" else path
