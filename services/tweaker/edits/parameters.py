"""A parameter of an estimator: where the script gives it, what it is, and how to give it another value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.estimators import assigned, kind_of, measured
from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.space import Whole
from services.tweaker.source.arguments import quote, with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument, dotted
from services.tweaker.source.uses import serves_only
from services.tweaker.source.values.members import keys_of, member
from services.tweaker.source.values.places import At, InFile
from services.tweaker.source.values.trace import follow, held_at
from trainyard.trial import Setting

SEARCH = re.compile(r"SearchCV$")
NONE = m.Name("None")
MUST = "must be written"
"""In the place of a default: the parameter is only changed where the author wrote it."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of some classes.

    Attributes:
        classes: The names of the classes, with blanks between.
        keyword: What it is called there.
        default: What it is where nothing is said.
        position: Where it may be given without its keyword, from 0.
        aliases: Other keywords that mean the same.
        never_none: It has to be a number.
        texts: The texts that it takes.
    """

    classes: str
    keyword: str
    default: Setting = None
    position: int | None = None
    aliases: tuple[str, ...] = ()
    never_none: bool = False
    texts: tuple[str, ...] = ()

    @property
    def keywords(self) -> tuple[str, ...]:
        """All keywords by which it may be given."""
        return (self.keyword, *self.aliases)


def edit(knob: Knob, parameters: Sequence[Parameter]) -> Edit:
    """Return the edit that turns a knob by whichever of the parameters the measured estimator has."""
    return Edit(
        knob,
        lambda script, setting: _apply(script, knob, parameters, setting),
        lambda script: _read(script, knob, parameters),
    )


def _read(script: Script, knob: Knob, parameters: Sequence[Parameter]) -> Setting:
    call, parameter = find(script, knob, parameters)
    node = given(script, call, parameter)
    if node is None and parameter.default == MUST:
        raise NotUnderstoodError(f"{parameter.keyword} is not written down")
    return parameter.default if node is None else read_setting(script, node)


def _apply(script: Script, knob: Knob, parameters: Sequence[Parameter], setting: Setting) -> Edited:
    before = _read(script, knob, parameters)
    call, parameter = find(script, knob, parameters)
    settled(knob, parameter, before, setting)
    return put(script, call, parameter, setting)


def settled(knob: Knob, parameter: Parameter, before: Setting, setting: Setting) -> None:
    """Refuse a setting that the parameter cannot be, or is already.

    Raises:
        NotUnderstoodError: One of the two.
    """
    if setting is None and parameter.never_none:
        raise NotUnderstoodError(f"{parameter.keyword} has to be a number")
    if isinstance(setting, str) and setting not in parameter.texts:
        raise NotUnderstoodError(f"{parameter.keyword} does not take {setting!r}")
    if isinstance(knob.space(before), Whole) and setting is not None:
        whole(setting)
    if before == setting:
        raise NotUnderstoodError(f"{knob.name} is {setting} already")


def put(script: Script, call: cst.Call, parameter: Parameter, setting: Setting) -> Edited:
    """Give the parameter a value, where it is written or as a new keyword."""
    node, changes = given(script, call, parameter), Changes()
    if node is None:
        changes.replaced[call] = _with(script, call, parameter.keyword, setting)
    else:
        write_setting(script, changes, node, setting)
    return changes.applied_to(script)


def find(script: Script, knob: Knob, parameters: Sequence[Parameter]) -> tuple[cst.Call, Parameter]:
    """Return the measured estimator and that of the parameters that it has.

    Raises:
        NotUnderstoodError: It has none of them, a search goes through it, or no estimator is known to be measured.
    """
    call = measured(script)
    kind = kind_of(script, call)
    for parameter in parameters:
        if kind in parameter.classes.split():
            check_search(script, parameter.keywords)
            return call, parameter
    raise NotUnderstoodError(f"{kind} has nothing that {knob.name} would turn")


def check_search(script: Script, keywords: Sequence[str]) -> None:
    """Refuse where a search goes through values of the parameter: it would set its own over the new one."""
    if not any(SEARCH.search(script.code(call.func)) for call in script.calls):
        return
    keys = [each.key for each in m.findall(script.module, m.DictElement()) if isinstance(each, cst.DictElement)]
    texts = [str(key.evaluated_value) for key in keys if isinstance(key, cst.SimpleString)]
    texts += [arg.keyword.value for call in script.calls if _is_dict(call) for arg in call.args if arg.keyword]
    searched = {text.rpartition("__")[2] for text in texts} & set(keywords)
    if searched:
        raise NotUnderstoodError(f"a search goes through values of {min(searched)} already")


def given(script: Script, call: cst.Call, parameter: Parameter) -> cst.BaseExpression | None:
    """Return what the parameter is given: by `set_params`, in the call, or in a dict that is handed over with `**`.

    Raises:
        NotUnderstoodError: What is handed over with `**` cannot be seen, or it is set several times.
    """
    later = [
        arg.value
        for each in script.calls
        if isinstance(each.func, cst.Attribute) and each.func.attr.value == "set_params"
        for arg in each.args
        if arg.keyword is not None and arg.keyword.value.rpartition("__")[2] in parameter.keywords
    ]
    if len(later) > 1:
        raise NotUnderstoodError(f"{parameter.keyword} is set several times")
    if later:
        return later[0]
    found = argument(call, *parameter.keywords, position=parameter.position)
    if found is not None:
        return found.value
    values = [in_dict(script, arg.value, parameter.keywords) for arg in call.args if arg.star == "**"]
    return next((value for value in values if value is not None), None)


def made_at(script: Script, node: cst.BaseExpression) -> cst.CSTNode | None:
    """Return the expression that makes what the node stands for, through names and functions of the same script."""
    spot = follow(At(script, node)).to
    return spot.node if isinstance(spot, At) and spot.script is script else None


def in_dict(script: Script, node: cst.BaseExpression, keys: Sequence[str]) -> cst.BaseExpression | None:
    """Return the value that a dict, or a table in a file of settings, has by one of the keys.

    Raises:
        NotUnderstoodError: It is no dict whose keys are written down.
    """
    spot = follow(At(script, node)).to
    if isinstance(spot, InFile):
        held = next((key for key in keys if key in keys_of(spot)), None)
        return _in_file(spot, held) if held is not None else None
    value = spot.node if spot.script is script else None
    if isinstance(value, cst.Call) and _is_dict(value) and all(arg.keyword for arg in value.args):
        found = argument(value, *keys)
        return found.value if found is not None else None
    if not isinstance(value, cst.Dict) or any(isinstance(each, cst.StarredDictElement) for each in value.elements):
        raise NotUnderstoodError(f"what {script.code(node)} in line {script.line(node)} holds cannot be seen")
    for each in value.elements:
        if isinstance(each, cst.DictElement) and read(script, each.key) in keys:
            return each.value
    return None


def _in_file(table: InFile, key: str) -> cst.BaseExpression:
    """Return the node that stands for the value under a key of a table in a file."""
    found = member(table, key, follow).to
    if not isinstance(found, InFile):
        raise NotUnderstoodError(f"{key} in {table.file} cannot be seen")
    return held_at(found)


def _is_dict(call: cst.Call) -> bool:
    return dotted(call.func) == "dict"


def read_setting(script: Script, node: cst.BaseExpression) -> Setting:
    """Return the value of a node: as `literals.read`, and None, a plain tuple or list of whole numbers, and -1."""
    value = behind(script, node)
    if m.matches(value, NONE):
        return None
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        inner = read(script, value.expression)
        return inner if isinstance(inner, str) else -inner
    return _numbers(script, value) if isinstance(value, cst.Tuple | cst.List) else read(script, node)


def behind(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a name stands for where that is no plain literal but None, a tuple or a list; else the node."""
    value = assigned(script, node) if isinstance(node, cst.Name) else None
    kept = value is not None and m.matches(value, NONE | m.Tuple() | m.List())
    return value if value is not None and kept else node


def _numbers(script: Script, node: cst.Tuple | cst.List) -> tuple[int, ...]:
    values = [read(script, each.value) for each in node.elements]
    if not all(isinstance(value, int) for value in values):
        raise NotUnderstoodError(f"{script.code(node)} holds more than whole numbers")
    return tuple(value for value in values if isinstance(value, int))


def write_setting(script: Script, changes: Changes, node: cst.BaseExpression, setting: Setting) -> None:
    """Make the setting the value of a node that `read_setting` reads, also one of another type."""
    value = behind(script, node)
    if isinstance(value, cst.Tuple | cst.List) and isinstance(setting, tuple) and len(setting) == len(value.elements):
        for each, number in zip(value.elements, setting, strict=True):
            if read(script, each.value) != number:
                write(script, changes, each.value, number)
    elif value is not node and isinstance(node, cst.Name):
        changes.replaced[value if serves_only(script, node) else node] = _written(script, setting)
    elif isinstance(setting, int | float | str) and _takes(node, setting):
        write(script, changes, node, setting)
    else:
        changes.replaced[node] = _written(script, setting)


def _takes(node: cst.BaseExpression, setting: Setting) -> bool:
    """Tell whether `literals.write` puts the setting there well: a text that takes a number's place lacks quotes."""
    if isinstance(node, cst.Integer | cst.Float):
        return not isinstance(setting, str)
    kept = isinstance(node, cst.SimpleString | cst.Name | cst.Attribute | cst.Subscript)
    return kept and not m.matches(node, NONE)


def _with(script: Script, call: cst.Call, keyword: str, setting: Setting) -> cst.Call:
    """Return the call with a further keyword."""
    if isinstance(setting, int | float | str):
        return with_keyword(script, call, keyword, setting)
    made = with_keyword(script, call, keyword, 0)
    *before, last = made.args
    return made.with_changes(args=[*before, last.with_changes(value=_written(script, setting))])


def _written(script: Script, setting: Setting) -> cst.BaseExpression:
    text = f"{quote(script)}{setting}{quote(script)}" if isinstance(setting, str) else repr(setting)
    return cst.parse_expression(text)
