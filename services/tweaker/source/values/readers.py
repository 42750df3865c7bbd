"""Files that a script reads its settings from: which call reads which file, in which format."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import argument, dotted
from services.tweaker.source.values import names
from services.tweaker.source.values.paths import file_at
from services.tweaker.source.values.places import At, InFile, NextStep, Step

LOADERS = {
    re.compile(r"json\.loads?"): "json",
    re.compile(r"yaml\.(?:safe_|full_|unsafe_)?load|(?:omegaconf\.)?OmegaConf\.load"): "yaml",
    re.compile(r"(?:tomllib|tomli|toml)\.loads?"): "toml",
    re.compile(r"dotenv\.dotenv_values"): "env",
}
TEXT = "text"
PARSER = re.compile(r"configparser\.(?:Raw|Safe)?ConfigParser")
OPENS = m.Name("open") | m.Attribute(attr=m.Name("open"))
READS = m.Attribute(attr=m.OneOf(m.Name("read"), m.Name("readline"), m.Name("read_text")))
SPLITS = m.Call(func=m.Attribute(attr=m.OneOf(m.Name("split"), m.Name("partition"))), args=[m.Arg(m.SimpleString())])
PAIRS = m.GeneratorExp() | m.ListComp() | m.DictComp()


def file_read(at: At, next_step: NextStep) -> InFile | None:
    """Return the file whose content a call gives; None for a call that reads none.

    Raises:
        NotUnderstoodError: It reads one, but it is not seen which.
    """
    call = at.node
    if isinstance(call, cst.DictComp):
        return _pairs(at, call, next_step)
    if not isinstance(call, cst.Call):
        return None
    for pattern, kind in LOADERS.items():
        if at.script.is_called(call, pattern) and call.args:
            return _at(at, _content(at.to(call.args[0].value), next_step), kind)
    if m.matches(call.func, READS) and isinstance(call.func, cst.Attribute):
        return _at(at, _content(at, next_step), TEXT)
    if m.matches(call.func, m.Name("dict")) and len(call.args) == 1 and m.matches(call.args[0].value, PAIRS):
        return _pairs(at, call.args[0].value, next_step)
    return None


def config_parser(at: At) -> InFile | None:
    """Return the file that a `ConfigParser()` assigned to a name reads; None for other calls."""
    if not isinstance(at.node, cst.Call) or not at.script.is_called(at.node, PARSER):
        return None
    target = at.script.parent(at.node)
    name = target.targets[0].target if isinstance(target, cst.Assign) else None
    if not isinstance(name, cst.Name):
        raise NotUnderstoodError(f"{at} is not assigned to a name")
    reading = [
        call for call in at.script.calls if dotted(call.func) in {f"{name.value}.read", f"{name.value}.read_file"}
    ]
    if len(reading) != 1 or not reading[0].args:
        raise NotUnderstoodError(f"{name.value} reads {len(reading)} files")
    return _at(at, _content(at.to(reading[0].args[0].value), _of_name), "ini")


def _of_name(at: At) -> Step | None:
    """Follow a name that is a path or an opened file: all that is needed for a parser's file."""
    return names.follow_name(at, at.node.value) if isinstance(at.node, cst.Name) else None


def _at(at: At, file: str, kind: str) -> InFile:
    """Return the place of all of a file, unless a script also writes it."""
    for script in at.script.mentioning(file.rpartition("/")[2]):
        for call in script.calls:
            mode = argument(call, "mode", position=1) if m.matches(call.func, OPENS) else None
            written = mode is not None and m.matches(mode.value, m.SimpleString()) and _writes(mode.value)
            if written and file.rpartition("/")[2] in script.code(call):
                raise NotUnderstoodError(f"{file} is written in line {script.line(call)} of {script.name}")
    return InFile(at.script, file, kind)


def _writes(mode: cst.BaseExpression) -> bool:
    return isinstance(mode, cst.SimpleString) and any(letter in str(mode.evaluated_value) for letter in "wax+")


def _content(at: At, next_step: NextStep) -> str:
    """Return the file that stands behind a stream, a text read from one, or a path."""
    node = at.node
    if isinstance(node, cst.Call) and m.matches(node.func, READS) and isinstance(node.func, cst.Attribute):
        return _content(at.to(node.func.value), next_step)
    if isinstance(node, cst.Call) and m.matches(node.func, OPENS):
        if isinstance(node.func, cst.Attribute) and not m.matches(node.func.value, m.Name("io") | m.Name("codecs")):
            return file_at(at.to(node.func.value), next_step)
        return file_at(at.to(node.args[0].value), next_step) if node.args else ""
    if isinstance(node, cst.Name) and node.value != "__file__":
        step = next_step(at)
        if step is not None:
            return step.to.file if isinstance(step.to, InFile) else _content(step.to, next_step)
    return file_at(at, next_step)


def _pairs(at: At, node: cst.CSTNode, next_step: NextStep) -> InFile | None:
    """Return the file of `key=value` lines that is read by splitting each line at its sign."""
    splits = [each for each in m.findall(node, SPLITS) if isinstance(each, cst.Call)]
    signs = [each.args[0].value for each in splits]
    if not isinstance(node, cst.GeneratorExp | cst.ListComp | cst.DictComp) or len(signs) != 1:
        return None
    if not m.matches(signs[0], m.SimpleString('"="') | m.SimpleString("'='")):
        return None
    return _at(at, _content(at.to(node.for_in.iter), next_step), "env")
