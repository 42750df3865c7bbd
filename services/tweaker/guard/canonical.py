"""A script without what edits are for: what is left must not change."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterable

from services.tweaker.guard.roles import BOOSTED, BUILDING, FIT_SETTINGS, RATES, SETTINGS, Roles, goes_backward
from trainyard_analysis.names import called, dotted
from trainyard_analysis.vocabulary import TRAINING

A_MODEL = "·model·"
_WITH_BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try)
STEPS = frozenset({"zero_grad"})
"""What an optimizer is told within a training and that touches no data."""
_DATA = 2
"""So many arguments of fit are data, the features and the labels; so many of compile are optimizer and loss."""


class Canonical(ast.NodeTransformer):
    """Takes the models out of a tree.

    Attributes:
        kept: Settings within the models that measure.
        told: What fit, adapt and the like are told besides their data, which may hold names of data.
        shown: The names of what is trained on.
    """

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self.kept: Counter[str] = Counter()
        self.told: list[ast.AST] = []
        self.shown: set[str] = set()
        self._counted: list[ast.Call] = []
        self._loops: list[ast.For] = []

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Take models out of the statements of a script."""
        return ast.Module(self._block(node.body), [])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put one mark in the place of every model, and leave out what a training is told about itself."""
        if node in self._counted or self._roles.makes_model(node):
            self._keep(node)
            return ast.Name(A_MODEL, ast.Load())
        if called(node) in TRAINING and isinstance(node.func, ast.Attribute):
            return self._fit(node)
        if self._roles.boosts(node):
            self.told += [*node.args[:1], *node.args[_DATA:], *(each.value for each in node.keywords)]
            node = ast.Call(
                node.func, node.args[1:_DATA], [each for each in node.keywords if each.arg in BOOSTED | SETTINGS]
            )
        if called(node) == "dict" and not node.args and all(each.arg for each in node.keywords):
            keys: list[ast.expr | None] = [ast.Constant(each.arg) for each in node.keywords]
            return self.visit_Dict(ast.copy_location(ast.Dict(keys, [each.value for each in node.keywords]), node))
        if called(node) == "set_params":
            self._keep(node)
            node = ast.Call(node.func, [], [])
        if called(node) == "compile" and isinstance(node.func, ast.Attribute):
            node = ast.Call(node.func, node.args[_DATA:], [each for each in node.keywords if each.arg in SETTINGS])
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Take the names of a pipeline's steps off the keys of a search: `svc__C` is the C that it was."""
        keys = [
            ast.Constant(_of_step(key.value)) if isinstance(key, ast.Constant) and isinstance(key.value, str) else key
            for key in node.keys
        ]
        return self.generic_visit(ast.copy_location(ast.Dict(keys, node.values), node))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Take what was fitted from the estimator itself: `clf[-1].coef_` of a pipeline is its `coef_`."""
        inner = node.value
        if node.attr.endswith("_") and isinstance(inner, ast.Subscript) and ast.unparse(inner.slice) == "-1":
            node = ast.Attribute(inner.value, node.attr, node.ctx)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Leave out what a model of the author's is made of."""
        model = self._roles.is_model_class(node)
        body = [
            each for each in node.body if not (model and isinstance(each, ast.FunctionDef) and each.name in BUILDING)
        ]
        for each in node.body if model else ():
            self._keep(each)
        return ast.ClassDef(node.name, node.bases, node.keywords, self._block(body), node.decorator_list)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take models out of the body of a function."""
        new = self.generic_visit(ast.FunctionDef(node.name, node.args, [], node.decorator_list, node.returns))
        if isinstance(new, ast.FunctionDef):
            new.body = self._block(node.body)
        return ast.copy_location(new, node)

    def _block(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Return the statements that are about more than models."""
        return [new for each in body for new in self._statement(each)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        """Return what is left of a statement."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            return []
        if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) and self._is_of_model(node):
            self._keep(node)
            return []
        if isinstance(node, _WITH_BLOCKS):
            return self._with_blocks(node)
        visited = self.visit(node)
        return [visited]

    def _with_blocks(self, node: ast.stmt) -> list[ast.stmt]:
        """Return a compound statement; nothing where it was about models alone."""
        new, counted = copy.copy(node), self._count_of_epochs(node)
        if counted is not None:
            self._counted.append(counted)
        for name, value in ast.iter_fields(node):
            setattr(new, name, self._block(value) if name in _BLOCKS else _visited(self, value))
        if isinstance(new, ast.Try):
            new.handlers = [ast.ExceptHandler(each.type, each.name, self._block(each.body)) for each in new.handlers]
        if isinstance(new, ast.For | ast.If) and not new.body and not new.orelse:
            return []
        return [new]

    def _count_of_epochs(self, node: ast.stmt) -> ast.Call | None:
        """Return the range of the outermost loop whose rounds are epochs, also of one with a bar around it."""
        if not isinstance(node, ast.For) or not self._trains(node):
            return None
        if any(part is node for loop in self._loops for part in ast.walk(loop)):
            return None
        self._loops.append(node)
        calls = [each for each in ast.walk(node.iter) if isinstance(each, ast.Call) and called(each) == "range"]
        return calls[0] if len(calls) == 1 and len(calls[0].args) <= _DATA else None

    def _trains(self, loop: ast.For) -> bool:
        """Tell whether a loop's rounds are epochs: it goes backward through a network, or fits for some at a time."""
        calls = [each for each in ast.walk(loop) if isinstance(each, ast.Call)]
        told = {keyword.arg for call in calls if called(call) in TRAINING for keyword in call.keywords}
        return (
            goes_backward(loop) or "epochs" in told or any(called(call) in self._roles.own.trainers for call in calls)
        )

    def _is_of_model(self, node: ast.Expr | ast.Assign | ast.AnnAssign) -> bool:
        """Tell whether a statement only makes, assigns or extends a model, or sets its rate."""
        if isinstance(node, ast.Expr):
            call = node.value
            return isinstance(call, ast.Call) and (called(call) in STEPS or _sets_rate(call) or self._extends(call))
        if isinstance(node, ast.Assign) and all(_is_rate(target) for target in node.targets):
            return True
        return node.value is not None and self._roles.makes_models(node.value)

    def _extends(self, call: ast.Call) -> bool:
        """Tell whether a call adds to a model, or shows the training's data to one of its layers."""
        if not isinstance(call.func, ast.Attribute) or not call.args:
            return False
        if call.func.attr == "adapt" and dotted(call.func.value) in self._roles.layers:
            self.told += call.args
            return True
        return call.func.attr in {"add", "append", "insert"} and self._roles.is_part(call.args[-1])

    def _fit(self, node: ast.Call) -> ast.AST:
        """Leave out what fit is told about the training itself."""
        data = node.args[:_DATA]
        self.shown |= {each.id for part in data for each in ast.walk(part) if isinstance(each, ast.Name)}
        self.told += [each.value for each in node.keywords if each.arg in FIT_SETTINGS]
        self.told += node.args[_DATA:]
        kept = [each for each in node.keywords if each.arg not in FIT_SETTINGS]
        return self.generic_visit(ast.Call(node.func, data, kept))

    def _keep(self, node: ast.AST) -> None:
        """Note the settings within a model that measure, and what it is made of."""
        self.told.append(node)
        for each in ast.walk(node):
            if isinstance(each, ast.keyword) and (each.arg or "").rpartition("__")[2] in SETTINGS:
                self.kept[ast.dump(each)] += 1


_BLOCKS = frozenset({"body", "orelse", "finalbody"})


def _of_step(name: str) -> str:
    """Return a parameter's name without the steps of a pipeline before it."""
    return name if name.startswith("__") else name.rpartition("__")[2]


def _visited(transformer: ast.NodeTransformer, value: object) -> object:
    """Transform a field of a node."""
    if isinstance(value, list):
        return [_visited(transformer, each) for each in value]
    return transformer.visit(value) if isinstance(value, ast.AST) else value


def _sets_rate(call: ast.Call) -> bool:
    """Tell whether a call gives an optimizer another rate."""
    named = called(call) in {"set_value", "assign"}
    return named and any(_is_rate(part) for each in (call.func, *call.args[:1]) for part in ast.walk(each))


def _is_rate(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in RATES
