"""What the loop over epochs trains a network of PyTorch on, written as it can be used just before that loop."""

import re
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import GlobalScope

from services.tweaker.edits.assignments import (
    assigned_value,
    assignments,
    is_variable,
    latest,
    names_in,
    passed_values,
    possible_values,
)
from services.tweaker.edits.on_torch.epochs import BARS, epochs_loop
from services.tweaker.edits.on_torch.optimizer import optimizer, steps
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, called, dotted, imports, receiver
from services.tweaker.source.arguments import without

_LOADER = re.compile(r"torch\.utils\.data\.(?:\w+\.)*DataLoader")
_CALLED_LOADER = re.compile(r"loader", re.IGNORECASE)
_ORDER = frozenset({"shuffle"})
"""What of a DataLoader means nothing where all of its rows are taken together."""
_UNTRAINED = frozenset({"no_grad", "inference_mode"})
_DEEPEST = 8


@dataclass(frozen=True)
class Training:
    """The loop over epochs, and as source just before it the network and all the inputs that it is trained on."""

    loop: cst.For
    network: str
    inputs: str


def training(script: Script, changes: Changes) -> Training:
    """Return what is trained on what; raises NotUnderstoodError where that is not certain just before the loop."""
    loop, step = epochs_loop(script), steps(script)[0]
    around = loop if loop in script.above(step) else script.nearest(step, cst.FunctionDef) or loop
    applied, above = _applied(script, around, step), _Above(script, loop, around)
    network, inputs = (script.code(above.moved(each)) for each in (applied.func, applied.args[0].value))
    if above.batches is not None:
        torch = imports.package(script, changes, "torch", "torch", loop)
        target, loader = map(script.code, above.batches)
        inputs = f"{torch}.cat([{inputs} for {target} in {loader}])"
    return Training(loop, network, inputs)


def _applied(script: Script, around: cst.CSTNode, step: cst.Call) -> cst.Call:
    """Return the one call of the network that leads to the optimizer's step."""
    calls = [call for call in script.calls if around in script.above(call) and script.place(call) < script.place(step)]
    found = [call for call in calls if len(call.args) == 1 and _is_network(script, call) and _learns(script, call)]
    if len({script.code(call) for call in found}) != 1:
        raise NotUnderstoodError("it is not certain what the network is trained on")
    return found[0]


def _is_network(script: Script, call: cst.Call) -> bool:
    """Return whether what a call calls is the network whose parameters are optimized."""
    parameters = argument(optimizer(script)[1], "params", position=0)
    owner = receiver(parameters) if isinstance(parameters, cst.Call) else None
    passed = passed_values(script, call.func) if isinstance(call.func, cst.Name) else []
    return owner is not None and dotted(owner) in map(dotted, (call.func, *passed))


def _learns(script: Script, call: cst.Call) -> bool:
    """Return whether gradients are taken of what a call returns."""
    blocks = (outer for outer in script.above(call) if isinstance(outer, cst.With))
    return not any(called(item.item) in _UNTRAINED for block in blocks for item in block.items)


class _Above:
    """The place above the loop over epochs, to which expressions within are moved.

    Attributes:
        batches: The names that a loop gives a batch, and the DataLoader that it goes through, where one was met.
    """

    def __init__(self, script: Script, loop: cst.For, around: cst.CSTNode) -> None:
        """Take the loop, and what the training of an epoch stands in: that loop, or a function called there."""
        self._script = script
        self._loop = loop
        self._around = around
        self.batches: tuple[cst.BaseExpression, cst.BaseExpression] | None = None

    def moved(self, node: cst.BaseExpression, depth: int = 0) -> cst.BaseExpression:
        """Return the expression in names that have their value above the loop; of a part of an array, all of it."""
        unknown = self._unknown(node)
        if unknown and isinstance(node, cst.Subscript) and any(map(self._unknown, node.slice)):
            return self._whole(node, depth)
        return Changes({name: self._replaced(name, depth + 1) for name in unknown}).within(node)

    def _unknown(self, node: cst.CSTNode) -> list[cst.Name]:
        """Return the variables in a node that do not have their value above the loop."""
        return [name for name in names_in(node) if is_variable(self._script, name) and not self._is_known(name)]

    def _is_known(self, name: cst.Name) -> bool:
        script, scope = self._script, self._script.scope(self._loop)
        line = script.line(self._loop)
        return all(
            script.line(each.node) < line if each.scope is scope else isinstance(each.scope, GlobalScope)
            for each in assignments(script, name)
        )

    def _whole(self, node: cst.Subscript, depth: int) -> cst.BaseExpression:
        """Return all of the array of which batches are cut, unless other parts of it are used elsewhere."""
        script, text = self._script, self._script.code(node.value)
        parts = [each for each in script.nodes(cst.Subscript) if script.code(each.value) == text]
        if any(self._around not in script.above(each) for each in parts):
            raise NotUnderstoodError(f"not all of {text} is trained on")
        return self.moved(node.value, depth)

    def _replaced(self, name: cst.Name, depth: int) -> cst.BaseExpression:
        """Return what stands for a name that has its value only in the loop, or in a function that is called there."""
        target = latest(self._script, name)
        passed = passed_values(self._script, name) if isinstance(target, cst.Param) else []
        if len(passed) == 1 and depth < _DEEPEST:
            return self.moved(passed[0], depth)
        loop = self._script.nearest(target, cst.For) if target is not None else None
        if loop is not None and target in {loop.target, *names_in(loop.target)}:
            return self._of_batch(name, loop, depth)
        if target is None or depth >= _DEEPEST:
            raise self._lost(name)
        return self._assigned(target, depth)

    def _of_batch(self, name: cst.Name, loop: cst.For, depth: int) -> cst.BaseExpression:
        """Return a name that a loop over a DataLoader gives its batches."""
        target: cst.BaseExpression = loop.target
        iterated = loop.iter
        while isinstance(iterated, cst.Call) and iterated.args and BARS.fullmatch(dotted(iterated.func)):
            numbered = called(iterated) == "enumerate"
            if numbered and isinstance(target, cst.Tuple):
                target = target.elements[1].value.with_changes(lpar=[], rpar=[])
            iterated = iterated.args[0].value
        if self.batches is not None or not self._is_loader(iterated):
            raise self._lost(name)
        loader = self.moved(iterated, depth)
        self.batches = target, without(loader, _ORDER)[0] if isinstance(loader, cst.Call) else loader
        return name

    def _is_loader(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Call):
            return self._script.is_called(node, _LOADER) is not None
        if not isinstance(node, cst.Name) or _CALLED_LOADER.search(node.value):
            return _CALLED_LOADER.search(dotted(node)) is not None
        values = possible_values(self._script, node) or passed_values(self._script, node)
        return bool(values) and all(map(self._is_loader, values))

    def _assigned(self, target: cst.CSTNode, depth: int) -> cst.BaseExpression:
        """Return what an assignment in the loop gives a name, also as one of several."""
        value = assigned_value(self._script, target)
        if value is not None:
            return self.moved(value, depth)
        element = self._script.parent(target)
        names = self._script.parent(element) if element is not None else None
        value = assigned_value(self._script, names) if isinstance(names, cst.Tuple) else None
        if value is None or not isinstance(names, cst.Tuple):
            raise self._lost(target)
        index = next(at for at, each in enumerate(names.elements) if each is element)
        if isinstance(value, cst.Tuple):
            return self.moved(value.elements[index].value, depth)
        return cst.parse_expression(f"{self._script.code(self.moved(value, depth))}[{index}]")

    def _lost(self, node: cst.CSTNode) -> NotUnderstoodError:
        what, line = self._script.code(node), self._script.line(node)
        return NotUnderstoodError(f"what the network is trained on was not found ({what} in line {line})")
