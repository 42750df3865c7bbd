"""A script without what edits are for: what is left must not change."""

import ast
import copy
from collections import Counter
from collections.abc import Iterable

from services.tweaker.guard.roles import BOOSTED, BUILDING, FIT_SETTINGS, RATES, SETTINGS, TESTING, Roles, goes_backward
from trainyard_analysis.names import called, dotted, nodes_in
from trainyard_analysis.vocabulary import TRAINING

A_MODEL = "·model·"
_BLOCKS = frozenset({"body", "orelse", "finalbody"})
_WITH_BLOCKS = ast.For | ast.While | ast.If | ast.With | ast.Try
_STEPS = frozenset({"zero_grad"})
"""Methods of an optimizer that a training calls and that touch no data."""
_HOLDING = frozenset({"from_tensor_slices", "flow"})
"""What makes a data set or a generator of arrays."""
_DATA = 2
"""So many arguments of fit are data, the features and the labels; so many of compile are optimizer and loss."""


class Canonical(ast.NodeTransformer):
    """Takes the models out of a tree.

    Attributes:
        measuring: Settings within the models that measure, counted.
        arguments: What models are made of, and what fit, adapt and the like are given besides their data.
        data: The names of what is trained on.
    """

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self.measuring: Counter[str] = Counter()
        self.arguments: list[ast.AST] = []
        self.data: set[str] = set()
        self._epochs: list[ast.Call] = []
        self._loops: list[ast.For] = []

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Take models out of the statements of a script."""
        for loop in nodes_in(node, ast.For):
            if not any(loop in ast.walk(each) for each in self._loops) and self._trains(loop):
                self._loops.append(loop)
        by_hand = (loop for loop in self._loops if self._trains_by_hand(loop))
        self.data |= {name for name in names_in(by_hand) if not TESTING.search(name)}
        without = ast.Module(self._block(node.body), [])
        self.data |= self._in_data_sets(node)
        return without

    def _in_data_sets(self, node: ast.Module) -> set[str]:
        """Return the names of the arrays that data sets and generators of what is trained on are made of."""
        values = [each.value for each in nodes_in(node, ast.Assign) if names_in(each.targets) <= self.data]
        calls = (call for value in values for call in nodes_in(value, ast.Call) if called(call) in _HOLDING)
        return {name for name in names_in(arg for call in calls for arg in call.args) if not TESTING.search(name)}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Put one mark in the place of every model, and leave out what a training is given about itself."""
        if node in self._epochs or self._roles.makes_model(node):
            self._note(node)
            return ast.Name(A_MODEL, ast.Load())
        entries = _entries(node)
        return self.visit_Dict(entries) if entries is not None else self.generic_visit(self._without_settings(node))

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
        body = node.body
        if self._roles.is_model_class(node):
            for each in body:
                self._note(each)
            body = [each for each in body if not (isinstance(each, ast.FunctionDef) and each.name in BUILDING)]
        return ast.ClassDef(node.name, node.bases, node.keywords, self._block(body), node.decorator_list)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Take models out of the body of a function."""
        new = self.generic_visit(ast.FunctionDef(node.name, node.args, [], node.decorator_list, node.returns))
        if isinstance(new, ast.FunctionDef):
            new.body = self._block(node.body)
        return ast.copy_location(new, node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """Take models out of what follows an error: often the training, where no saved model was found."""
        return ast.copy_location(ast.ExceptHandler(node.type, node.name, self._block(node.body)), node)

    def _without_settings(self, node: ast.Call) -> ast.Call:
        """Return a call without its arguments about model and training; these are noted."""
        name = called(node)
        if self._roles.boosts(node):
            self.arguments += [*node.args[:1], *node.args[_DATA:], *(each.value for each in node.keywords)]
            return ast.Call(node.func, node.args[1:_DATA], _among(node.keywords, BOOSTED | SETTINGS))
        if name == "set_params":
            self._note(node)
            return ast.Call(node.func, [], [])
        if name in TRAINING and isinstance(node.func, ast.Attribute):
            return self._fit_on_data(node)
        if name == "compile" and isinstance(node.func, ast.Attribute):
            return ast.Call(node.func, node.args[_DATA:], _among(node.keywords, SETTINGS))
        return node

    def _fit_on_data(self, node: ast.Call) -> ast.Call:
        self.data |= names_in(node.args[:_DATA])
        settings = _among(node.keywords, FIT_SETTINGS)
        self.arguments += [*(each.value for each in settings), *node.args[_DATA:]]
        return ast.Call(node.func, node.args[:_DATA], [each for each in node.keywords if each not in settings])

    def _block(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Return the statements that are about more than models."""
        return [new for each in body for new in self._statement(each)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            return []
        if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign) and self._is_of_model(node):
            self._note(node)
            return []
        return self._compound(node) if isinstance(node, _WITH_BLOCKS) else [self.visit(node)]

    def _compound(self, node: ast.stmt) -> list[ast.stmt]:
        """Return a compound statement; nothing where it was about models alone."""
        new = copy.copy(node)
        self._epochs += self._ranges_of_epochs(node)
        for name, value in ast.iter_fields(node):
            setattr(new, name, self._block(value) if name in _BLOCKS else _visited(self, value))
        is_empty = isinstance(new, ast.For | ast.If) and not new.body and not new.orelse
        return [] if is_empty else [new]

    def _ranges_of_epochs(self, node: ast.stmt) -> list[ast.Call]:
        """Return the range of the outermost loop whose rounds are epochs, also of one with a bar around it."""
        if not isinstance(node, ast.For) or node not in self._loops:
            return []
        ranges = [each for each in nodes_in(node.iter, ast.Call) if called(each) == "range"]
        return ranges if len(ranges) == 1 and len(ranges[0].args) <= _DATA else []

    def _trains(self, loop: ast.For) -> bool:
        """Return whether a loop's rounds are epochs: it goes backward through a network, or fits for some at a time."""
        calls = (call for call in nodes_in(loop, ast.Call) if called(call) in TRAINING)
        keywords = {keyword.arg for call in calls for keyword in call.keywords}
        return self._trains_by_hand(loop) or "epochs" in keywords

    def _trains_by_hand(self, loop: ast.For) -> bool:
        """Return whether a loop goes backward through a network, also in a function of the author's."""
        return goes_backward(loop) or bool(self._roles.own.trainers & set(map(called, nodes_in(loop, ast.Call))))

    def _is_of_model(self, node: ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
        """Return whether a statement only makes, assigns or extends a model, or sets its rate."""
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Call) and self._extends(node.value)
        if isinstance(node, ast.Assign) and all(map(_is_rate, node.targets)):
            return True
        return node.value is not None and self._roles.makes_models(node.value)

    def _extends(self, call: ast.Call) -> bool:
        """Return whether a call adds to a model, sets its rate, or shows the training's data to one of its layers."""
        if called(call) in _STEPS or _sets_rate(call):
            return True
        if not isinstance(call.func, ast.Attribute) or not call.args:
            return False
        if call.func.attr == "adapt":
            return dotted(call.func.value) in self._roles.layers or names_in([call.func.value]) <= self.data
        return call.func.attr in {"add", "append", "insert"} and self._roles.is_part(call.args[-1])

    def _note(self, node: ast.AST) -> None:
        """Note the settings within a model that measure, and what it is made of."""
        self.arguments.append(node)
        measuring = (each for each in nodes_in(node, ast.keyword) if _of_step(each.arg or "") in SETTINGS)
        self.measuring.update(map(ast.dump, measuring))


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the variables that nodes name."""
    return {each.id for node in nodes for each in nodes_in(node, ast.Name)}


def _among(keywords: Iterable[ast.keyword], names: frozenset[str]) -> list[ast.keyword]:
    return [each for each in keywords if each.arg in names]


def _entries(call: ast.Call) -> ast.Dict | None:
    """Return `dict(a=1)` as the dictionary that it is; None for other calls."""
    if called(call) != "dict" or call.args or not all(each.arg for each in call.keywords):
        return None
    keys = [ast.Constant(each.arg) for each in call.keywords]
    return ast.copy_location(ast.Dict([*keys], [each.value for each in call.keywords]), call)


def _of_step(name: str) -> str:
    """Return a parameter's name without the steps of a pipeline before it."""
    return name if name.startswith("__") else name.rpartition("__")[2]


def _visited(transformer: ast.NodeTransformer, value: object) -> object:
    if isinstance(value, list):
        return [_visited(transformer, each) for each in value]
    return transformer.visit(value) if isinstance(value, ast.AST) else value


def _sets_rate(call: ast.Call) -> bool:
    nodes = (part for each in (call.func, *call.args[:1]) for part in ast.walk(each))
    return called(call) in {"set_value", "assign"} and any(map(_is_rate, nodes))


def _is_rate(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in RATES
