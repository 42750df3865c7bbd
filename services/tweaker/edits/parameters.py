"""Parameters of estimators: where a script sets one, and the edits that set it to another value."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeGuard

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.edit import Edit, as_int, site_edit
from services.tweaker.edits.estimators import kind_of, measured
from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.space import Whole
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, as_code, called, dotted, read, write
from services.tweaker.source.arguments import text_literal, with_entry, with_keyword
from services.tweaker.source.literals import follow, literal_in_file
from services.tweaker.source.script import At, InFile
from services.tweaker.source.uses import serves_only
from services.tweaker.source.values.members import keys_of, member
from trainyard.trial import Setting

SEARCH = re.compile(r"SearchCV$")
NO_DEFAULT = "no default"
"""In the place of a default: the parameter is only changed where the author wrote it."""
_NONE = m.Name("None")
_SET_PARAMS = m.Attribute(attr=m.Name("set_params"))


@dataclass(frozen=True)
class Parameter:
    """One parameter of some classes.

    Attributes:
        classes: The names of the classes, separated by blanks.
        keyword: What it is called there.
        default: Its value where none is given.
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


@dataclass(frozen=True)
class Site:
    """Where a script sets a parameter, or could.

    Attributes:
        parameter: The parameter.
        value: What it is set to; None where it has its default.
        holder: The call or dictionary that would take it; None where that was not found.
    """

    parameter: Parameter
    value: cst.BaseExpression | None
    holder: cst.CSTNode | None


def estimator_edit(knob: Knob, parameters: Sequence[Parameter]) -> Edit:
    """Return the edit that turns a knob by whichever of the parameters the measured estimator has."""
    return parameter_edit(knob, lambda script: estimator_site(script, knob, parameters))


def parameter_edit(knob: Knob, find: Callable[[Script], Site]) -> Edit:
    """Return the edit that sets the parameter at the site which *find* returns."""

    def change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
        _check(knob, site.parameter, current_setting(script, site), setting)
        put(script, changes, site, setting)

    return site_edit(knob, find, change, current_setting)


def current_setting(script: Script, site: Site) -> Setting:
    """Return the parameter's value, also by its default."""
    if site.value is not None:
        return _read_setting(script, site.value)
    if site.parameter.default == NO_DEFAULT:
        raise NotUnderstoodError(f"the script does not set {site.parameter.keyword}")
    return site.parameter.default


def put(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Set the parameter where it is set already, or as a further keyword or entry."""
    holder, keyword = site.holder, site.parameter.keyword
    if site.value is not None:
        _write_setting(script, changes, site.value, setting)
    elif isinstance(holder, cst.Call):
        changes.replaced[holder] = with_keyword(script, holder, keyword, _as_source(script, setting))
    elif isinstance(holder, cst.Dict):
        changes.replaced[holder] = with_entry(script, holder, keyword, _as_source(script, setting))
    else:
        raise NotUnderstoodError(f"where {keyword} could be added was not found")


def _check(knob: Knob, parameter: Parameter, before: Setting, setting: Setting) -> None:
    """Refuse a setting that the parameter does not take, or has already."""
    if setting is None and parameter.never_none:
        raise NotUnderstoodError(f"{parameter.keyword} has to be a number")
    if isinstance(setting, str) and setting not in parameter.texts:
        raise NotUnderstoodError(f"{parameter.keyword} does not take {setting!r}")
    if isinstance(knob.space(before), Whole) and setting is not None:
        as_int(setting)
    if before == setting:
        raise NotUnderstoodError(f"{knob.name} is already {setting}")


def estimator_site(script: Script, knob: Knob, parameters: Sequence[Parameter]) -> Site:
    """Return where the measured estimator has one of the parameters."""
    call = measured(script)
    kind = kind_of(script, call)
    for parameter in parameters:
        if kind in parameter.classes.split():
            return call_site(script, call, parameter)
    raise NotUnderstoodError(f"{kind} has no parameter for {knob.name}")


def call_site(script: Script, call: cst.Call, parameter: Parameter) -> Site:
    """Return where a parameter of a call is set: by `set_params`, in the call, or in a dictionary that it unpacks."""
    _check_search(script, parameter.keywords)
    given = argument(call, *parameter.keywords, position=parameter.position)
    unpacked = (entry(script, arg.value, parameter.keywords) for arg in call.args if arg.star == "**")
    values = chain([_set_later(script, parameter), given], unpacked)
    return Site(parameter, next((value for value in values if value is not None), None), call)


def _set_later(script: Script, parameter: Parameter) -> cst.BaseExpression | None:
    """Return what `set_params` sets the parameter to."""
    calls = [call for call in script.calls if m.matches(call.func, _SET_PARAMS)]
    found = [arg.value for call in calls for arg in call.args if _keyword(arg) in parameter.keywords]
    if len(found) > 1:
        raise NotUnderstoodError(f"{parameter.keyword} is set several times")
    return found[0] if found else None


def _keyword(arg: cst.Arg) -> str:
    """Return the parameter that a keyword names, also as that of a pipeline's step."""
    return arg.keyword.value.rpartition("__")[2] if arg.keyword is not None else ""


def _check_search(script: Script, keywords: Sequence[str]) -> None:
    """Refuse where a search goes through values of the parameter: it would set its own over the new one."""
    searches = any(SEARCH.search(called(call)) for call in script.calls)
    searched = set(_keys(script)) & set(keywords) if searches else set()
    if searched:
        raise NotUnderstoodError(f"a search already tries values of {min(searched)}")


def _keys(script: Script) -> Iterator[str]:
    """Yield the parameters that the script's dictionaries have as their keys, without the steps of pipelines."""
    for element in script.nodes(cst.DictElement):
        if isinstance(element.key, cst.SimpleString):
            yield str(element.key.evaluated_value).rpartition("__")[2]
    for call in script.calls:
        if dotted(call.func) == "dict":
            yield from map(_keyword, call.args)


def entry(script: Script, node: cst.BaseExpression, keys: Sequence[str]) -> cst.BaseExpression | None:
    """Return the value that a dictionary, or a table in a file of settings, has under one of the keys."""
    owner = follow(At(script, node)).to
    key = next((key for key in keys if key in keys_of(owner)), None)
    if key is None:
        return None
    value = member(owner, key, follow).to
    if isinstance(value, InFile):
        return literal_in_file(value)
    if value.script is not script or not isinstance(value.node, cst.BaseExpression):
        raise NotUnderstoodError(f"{key} in line {script.line(node)} was not found")
    return value.node


def _read_setting(script: Script, node: cst.BaseExpression) -> Setting:
    """Return the value of a node: as `literals.read`, and None, a tuple or list of whole numbers, and -1."""
    value = _literal(script, node)
    if m.matches(value, _NONE):
        return None
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        inner = read(script, value.expression)
        return inner if isinstance(inner, str) else -inner
    if isinstance(value, cst.Tuple | cst.List):
        return tuple(as_int(read(script, each.value)) for each in value.elements)
    return read(script, node)


def _write_setting(script: Script, changes: Changes, node: cst.BaseExpression, setting: Setting) -> None:
    """Make the setting the value of a node that `_read_setting` reads, also one of another type."""
    value = _literal(script, node)
    numbers = [each.value for each in value.elements] if isinstance(value, cst.Tuple | cst.List) else []
    if isinstance(setting, tuple) and len(setting) == len(numbers):
        _write_numbers(script, changes, numbers, setting)
    elif value is node and _can_write(setting, node):
        write(script, changes, node, setting)
    else:
        changes.replaced[node if _is_shared(script, node) else value] = _as_source(script, setting)


def _write_numbers(script: Script, changes: Changes, nodes: list[cst.BaseExpression], numbers: tuple[int, ...]) -> None:
    for node, number in zip(nodes, numbers, strict=True):
        if read(script, node) != number:
            write(script, changes, node, number)


def _is_shared(script: Script, node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and not serves_only(script, node)


def _as_source(script: Script, setting: Setting) -> cst.BaseExpression:
    """Return a setting as an expression, a text in the author's quotes."""
    if isinstance(setting, str):
        return text_literal(script, setting)
    is_plain = isinstance(setting, int | float) and setting >= 0
    return as_code(setting) if is_plain else cst.parse_expression(repr(setting))  # type: ignore[arg-type]


def _literal(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the None, tuple or list that a name stands for; for all else the node."""
    value = resolved(script, node)
    return value if m.matches(value, _NONE | m.Tuple() | m.List()) else node


def _can_write(setting: Setting, node: cst.BaseExpression) -> TypeGuard[float | str]:
    """Return whether `literals.write` can put the setting there: a text in the place of a number would lack quotes."""
    if isinstance(node, cst.Integer | cst.Float):
        return isinstance(setting, int | float)
    kept = isinstance(node, cst.SimpleString | cst.Name | cst.Attribute | cst.Subscript)
    return kept and isinstance(setting, int | float | str) and not m.matches(node, _NONE)
