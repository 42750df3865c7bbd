"""Arguments, elements and dictionary entries: taken out, and put in with the author's spacing and quotes."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.literals import Value, as_code
from services.tweaker.source.script import Script

Listed = TypeVar("Listed", cst.Arg, cst.BaseDictElement, cst.ImportAlias)
MaybeComma = cst.Comma | cst.MaybeSentinel
Part = cst.Arg | cst.Element
_SPACED = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def without(call: cst.Call, names: frozenset[str]) -> tuple[cst.Call, list[cst.Arg]]:
    """Return the call without the keywords *names*, and what was taken out."""
    taken = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value in names]
    kept = [arg for arg in call.args if arg not in taken]
    if taken and kept:
        kept[-1] = kept[-1].with_changes(comma=call.args[-1].comma, whitespace_after_arg=_space_at_end(call))
    return call.with_changes(args=kept), taken


def with_keyword(script: Script, call: cst.Call, name: str, value: Value | cst.BaseExpression) -> cst.Call:
    """Return the call with a further keyword at its end, spaced and quoted as the author does."""
    new = cst.Arg(_expression(script, value), cst.Name(name), _TIGHT, whitespace_after_arg=_space_at_end(call))
    last = [arg.with_changes(whitespace_after_arg=cst.SimpleWhitespace("")) for arg in call.args[-1:]]
    return call.with_changes(args=appended([*call.args[:-1], *last], new))


def with_entry(script: Script, entries: cst.Dict, key: str, value: Value | cst.BaseExpression) -> cst.Dict:
    """Return the dictionary with a further entry at its end, spaced and quoted as the author does."""
    new = cst.DictElement(_expression(script, key), _expression(script, value))
    return entries.with_changes(elements=appended(entries.elements, new))


def appended(parts: Sequence[Listed], new: Listed) -> list[Listed]:
    """Return the parts of a list with one more, separated as the others are."""
    if not parts:
        return [new]
    between, end = _commas(parts)
    *before, last = parts
    return [*before, last.with_changes(comma=between), new.with_changes(comma=end)]


def beside(script: Script, place: Part, text: str) -> Part:
    """Return *text* as an argument or element, set apart as those around *place* are, without their comments."""
    holder = script.parent(place)
    others: Sequence[cst.Arg | cst.BaseElement] = holder.args if isinstance(holder, cst.Call) else ()
    if isinstance(holder, cst.List | cst.Tuple):
        others = holder.elements
    commas = [each.comma for each in others if isinstance(each.comma, cst.Comma)]
    comma = _commented(commas[0], None) if commas and len(others) > 1 else _SPACED
    return type(place)(cst.parse_expression(text), comma=comma)


def _commas(parts: Sequence[Listed]) -> tuple[MaybeComma, MaybeComma]:
    """Return the comma between the last part and one more, and the one after that; comments stay on their lines."""
    last = parts[-1].comma
    if len(parts) == 1:
        return _SPACED, last
    space = _line_break(last)
    return _commented(parts[0].comma, space.first_line if space is not None else None), _commented(last, None)


def _line_break(comma: MaybeComma) -> cst.ParenthesizedWhitespace | None:
    space = comma.whitespace_after if isinstance(comma, cst.Comma) else None
    return space if isinstance(space, cst.ParenthesizedWhitespace) else None


def _commented(comma: MaybeComma, end: cst.TrailingWhitespace | None) -> MaybeComma:
    """Return the comma with this end of its line, or with one without a comment, if a line ends after it."""
    space = _line_break(comma)
    if space is None or not isinstance(comma, cst.Comma):
        return comma
    first = end or space.first_line.with_changes(whitespace=cst.SimpleWhitespace(""), comment=None)
    return comma.with_changes(whitespace_after=space.with_changes(first_line=first, empty_lines=[]))


def text_literal(script: Script, text: str) -> cst.SimpleString:
    """Return a text as source, in the author's quotes."""
    return cst.SimpleString(f"{quote(script)}{text}{quote(script)}")


def quote(script: Script) -> str:
    """Return the kind of quote that the author uses most."""
    texts = [node for node in m.findall(script.module, m.SimpleString()) if isinstance(node, cst.SimpleString)]
    counted = Counter(node.quote for node in texts if len(node.quote) == 1)
    return counted.most_common(1)[0][0] if counted else '"'


def _space_at_end(call: cst.Call) -> cst.BaseParenthesizableWhitespace:
    return call.args[-1].whitespace_after_arg if call.args else cst.SimpleWhitespace("")


def _expression(script: Script, value: Value | cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, str):
        return text_literal(script, value)
    return value if isinstance(value, cst.BaseExpression) else as_code(value)
