"""Give the loss CrossEntropyLoss what it expects: the network's own values, of which it takes the softmax itself."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import OUTPUT
from services.tweaker.edits.on_torch.networks import Step, find_network
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, dotted
from trainyard.trial import Setting

_LOSS = re.compile(r"torch\.nn\.(?:\w+\.)*(?:CrossEntropyLoss|cross_entropy)")
ENDINGS = frozenset({"Softmax", "softmax", "Sigmoid", "sigmoid"})
BINARY = re.compile(r"[<>]=?\s*0?\.5\b")


def _ending(script: Script) -> Step:
    """Return the step at the end of the network that the loss does again.

    Raises:
        NotUnderstoodError: There is none, or the script needs the probabilities themselves.
    """
    if not any(script.is_called(call, _LOSS) for call in script.calls):
        raise NotUnderstoodError("the loss is none that takes the softmax itself")
    last = find_network(script)[-1]
    if last.name not in ENDINGS:
        raise NotUnderstoodError("output layer and loss go together, as far as the code shows")
    if BINARY.search(script.module.code):
        raise NotUnderstoodError("the script compares what the network puts out with 0.5")
    return last


def _read(script: Script) -> Setting:
    _ending(script)
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    if setting is not None:
        raise NotUnderstoodError(f"{setting} says nothing of a network of PyTorch")
    last, changes = _ending(script), Changes()
    if last.applied is not None:
        _take_out_call(script, changes, last, last.applied)
    elif isinstance(last.place, cst.Arg | cst.Element):
        _take_out_of_list(script, changes, last.place)
    return changes.applied_to(script)


def _take_out_call(script: Script, changes: Changes, last: Step, call: cst.Call) -> None:
    """Leave what the call was applied to; a statement that then does nothing goes, and a layer that nothing uses."""
    method = last.made is None and isinstance(call.func, cst.Attribute) and not _is_function(script, call.func)
    inner = call.func.value if method and isinstance(call.func, cst.Attribute) else call.args[0].value
    holder = script.parent(call)
    if isinstance(holder, cst.Assign) and dotted(holder.targets[0].target) == dotted(inner) != "":
        _remove(changes, script.statement(call))
    else:
        changes.replaced[call] = inner
    if isinstance(last.place, cst.SimpleStatementLine):
        name = dotted(call.func).partition(".")[2]
        if len(m.findall(script.module, m.Attribute(value=m.Name("self"), attr=m.Name(name)))) == len(("made", "used")):
            _remove(changes, last.place)


def _is_function(script: Script, func: cst.Attribute) -> bool:
    return any(name.startswith("torch.") for name in script.names(func))


def _take_out_of_list(script: Script, changes: Changes, place: cst.Arg | cst.Element) -> None:
    """Take out the last argument or element; the one before ends the list as it did."""
    holder = script.parent(place)
    if isinstance(holder, cst.Call) and isinstance(place, cst.Arg):
        before = holder.args[-2].with_changes(comma=place.comma, whitespace_after_arg=place.whitespace_after_arg)
        changes.replaced[holder] = holder.with_changes(args=[*holder.args[:-2], before])
    elif isinstance(holder, cst.List):
        last = holder.elements[-2].with_changes(comma=place.comma)
        changes.replaced[holder] = holder.with_changes(elements=[*holder.elements[:-2], last])


def _remove(changes: Changes, statement: cst.SimpleStatementLine) -> None:
    changes.replaced[statement] = cst.RemoveFromParent()  # type: ignore[assignment]  # what takes a node's place


EDIT = Edit(OUTPUT, _apply, _read)
