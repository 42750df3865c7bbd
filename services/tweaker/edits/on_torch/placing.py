"""Put a layer into a network of PyTorch before one that is there, in the style in which that is written."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_torch.networks import Step
from services.tweaker.source import imports
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, line
from services.tweaker.source.script import Script

_SPACE = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def put_before(script: Script, changes: Changes, step: Step, texts: list[tuple[str, str]]) -> None:
    """Put layers before *step*, each by its name as an attribute and the arguments of its class.

    Raises:
        NotUnderstoodError: Nothing can be put there.
    """
    if step.made is None:
        raise NotUnderstoodError("a function is the first of the network's layers")
    made = [_class(script, changes, step.made, text) for _, text in texts]
    if isinstance(step.place, cst.Arg | cst.Element):
        for text in made:
            changes.put_before(step.place, [_beside(script, step.place, text)])
    elif step.applied is not None and isinstance(step.place, cst.SimpleStatementLine):
        applied = step.applied.args[0]
        inner = script.code(changes.replaced.get(applied.value, applied.value))
        for (name, _), text in zip(texts, made, strict=True):
            free = _free(script, changes, name)
            changes.put_before(step.place, [line(f"self.{free} = {text}")])
            inner = f"self.{free}({inner})"
        changes.replaced[applied.value] = cst.parse_expression(inner)
    else:
        raise NotUnderstoodError(f"nothing can be put before the layer in line {script.line(step.made)}")


def _class(script: Script, changes: Changes, known: cst.Call, text: str) -> str:
    """Return the call *text* of a class, written as the class of *known* is."""
    name, _, rest = text.partition("(")
    return f"{imports.sibling(script, changes, known.func, name, known)}({rest}"


def _beside(script: Script, place: cst.Arg | cst.Element, text: str) -> cst.Arg | cst.Element:
    """Return *text* as an argument or element that is set apart as its neighbours are, without their comments."""
    holder = script.parent(place)
    others = holder.args if isinstance(holder, cst.Call) else getattr(holder, "elements", ())
    commas = [each.comma for each in others if isinstance(each.comma, cst.Comma)]
    comma = commas[0] if commas and len(others) > 1 else _SPACE
    space = comma.whitespace_after
    if isinstance(space, cst.ParenthesizedWhitespace):
        first = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
        space = space.with_changes(first_line=first, empty_lines=[])
    kind = cst.Arg if isinstance(place, cst.Arg) else cst.Element
    return kind(cst.parse_expression(text), comma=comma.with_changes(whitespace_after=space))


def _free(script: Script, changes: Changes, wanted: str) -> str:
    """Return a name of an attribute that the script does not have."""
    new = [node for nodes in changes.before.values() for node in nodes]
    every = [found for holder in (script.module, *new) for found in m.findall(holder, m.Name())]
    taken = {found.value for found in every if isinstance(found, cst.Name)}
    return next(name for name in (wanted, *(f"{wanted}_{number}" for number in range(2, 100))) if name not in taken)
