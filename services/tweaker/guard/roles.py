"""Which calls make models, and which settings measure whatever they stand in."""

import ast
import re
from typing import NamedTuple

from trainyard_analysis.imports import aliases_in
from trainyard_analysis.names import called, dotted, nodes_in

MODEL = re.compile(
    r"(?:tensorflow\.(?:python\.)?|tf_)?keras\."
    r"(?:(?:\w+\.)*(?:layers|optimizers|regularizers|initializers|callbacks|losses|activations|constraints|models|"
    r"applications|wrappers)\.(?!load_model)[\w.]+|Sequential|Model|Input|InputLayer)"
    r"|sklearn\.(?:ensemble|svm|neighbors|tree|linear_model|naive_bayes|neural_network|discriminant_analysis|dummy|"
    r"gaussian_process|pipeline|multiclass|multioutput|calibration|kernel_approximation|kernel_ridge|semi_supervised)\."
    r"[\w.]+"
    r"|torch\.(?:nn(?!\.functional)|optim)\.[\w.]+"
    r"|(?:xgboost|lightgbm|catboost)\.(?!DMatrix|QuantileDMatrix|Dataset|Pool|cv|train)[\w.]+"
    r"|scikeras\.[\w.]+"
)
LAYER = re.compile(r"(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:\w+\.)*layers\.[\w.]+|torch\.nn\.[\w.]+")
BASES = re.compile(r"(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:\w+\.)*(?:Model|Layer)|torch\.nn\.Module")
BUILDING = frozenset({"__init__", "forward", "call", "build"})
"""Methods of a model that say what it is made of."""
FIT_SETTINGS = frozenset(
    {"epochs", "nb_epoch", "batch_size", "callbacks", "class_weight", "sample_weight", "verbose", "initial_epoch"}
)
"""Arguments of fit about the training itself."""
SETTINGS = frozenset(
    {
        "random_state", "seed", "validation_split", "validation_data", "validation_fraction", "metrics", "scoring",
        "weighted_metrics", "test_size", "train_size", "cv", "shuffle", "stratify", "eval_set", "threshold",
    }
)  # fmt: skip
"""Settings that measure, whatever they are given to."""
BOOSTS = re.compile(r"(?:xgboost|lightgbm)\.train")
BOOSTED = frozenset({"dtrain", "train_set", "evals", "valid_sets", "valid_names", "feval", "custom_metric"})
"""Arguments of such a training about its data and what measures it."""
TESTING = re.compile(r"(?:^|_)(?:x|y)?_?(?:test|val|valid|validation|holdout)(?:_|\d|$)", re.IGNORECASE)
"""Names of data that nothing is trained on."""
RATES = frozenset({"learning_rate", "lr"})


class Own(NamedTuple):
    """Names of the author's classes that are models, functions that build of layers, and functions that train."""

    models: frozenset[str] = frozenset()
    builders: frozenset[str] = frozenset()
    trainers: frozenset[str] = frozenset()


class Roles:
    """What the names of one script stand for, by its imports; its `layers` are names that only layers are given to."""

    def __init__(self, tree: ast.Module, own: Own) -> None:
        self.own = own
        self._aliases = aliases_in(ast.walk(tree))
        imports = nodes_in(tree, ast.ImportFrom)
        self._starred = [each.module for each in imports if each.module and each.names[0].name == "*"]
        self.layers = self._layers(tree)

    def _layers(self, tree: ast.Module) -> frozenset[str]:
        assigns = nodes_in(tree, ast.Assign)
        assigned = [(target, self.makes_layer(node.value)) for node in assigns for target in node.targets]
        named = [(target.id, is_layer) for target, is_layer in assigned if isinstance(target, ast.Name)]
        return frozenset(name for name, _ in named) - {name for name, is_layer in named if not is_layer}

    def names(self, node: ast.expr) -> list[str]:
        """Return the full names that an expression may stand for."""
        text = dotted(node)
        root, dot, rest = text.partition(".")
        if root in self._aliases or not self._starred or not text:
            return [f"{self._aliases.get(root, root)}{dot}{rest}"] if text else []
        return [f"{module}.{text}" for module in self._starred]

    def makes_model(self, node: ast.AST) -> bool:
        """Return whether an expression makes a model or a part of one, or applies a layer."""
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Call):
            return self.applies_layer(node)
        known = isinstance(node.func, ast.Name) and node.func.id in self.layers | self.own.models | self.own.builders
        return known or self._is(node.func, MODEL)

    def makes_models(self, node: ast.AST) -> bool:
        """Return whether an expression makes a model, or a list of parts of one."""
        if isinstance(node, ast.List | ast.Tuple) and node.elts:
            return all(self._are_parts(each) for each in node.elts)
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.Add) and self.makes_models(node.left) and self.makes_models(node.right)
        return self.makes_models(node.elt) if isinstance(node, ast.ListComp) else self.makes_model(node)

    def is_part(self, node: ast.expr) -> bool:
        """Return whether an expression makes a model, or names a layer."""
        return self.makes_model(node) or dotted(node) in self.layers

    def _are_parts(self, node: ast.expr) -> bool:
        return self.makes_models(node.value) if isinstance(node, ast.Starred) else self.is_part(node)

    def boosts(self, node: ast.Call) -> bool:
        """Return whether a call trains boosted trees on its second argument."""
        return self._is(node.func, BOOSTS)

    def makes_layer(self, node: ast.AST) -> bool:
        """Return whether a call makes a layer."""
        return isinstance(node, ast.Call) and self._is(node.func, LAYER)

    def applies_layer(self, node: ast.AST) -> bool:
        """Return whether a call applies a layer that is made right there."""
        return isinstance(node, ast.Call) and self.makes_layer(node.func)

    def is_model_class(self, node: ast.ClassDef) -> bool:
        """Return whether a class is a model of the author's."""
        return any(self._is(base, BASES) for base in node.bases)

    def _is(self, node: ast.expr, pattern: re.Pattern[str]) -> bool:
        return any(pattern.fullmatch(name) for name in self.names(node))


def own_of(tree: ast.Module) -> Own:
    """Return the author's own models and functions that train, of one script."""
    roles, functions = Roles(tree, Own()), list(nodes_in(tree, ast.FunctionDef))
    return Own(
        frozenset(each.name for each in nodes_in(tree, ast.ClassDef) if roles.is_model_class(each)),
        frozenset(each.name for each in functions if _builds(each, roles)),
        frozenset(each.name for each in functions if goes_backward(each)),
    )


def goes_backward(node: ast.AST) -> bool:
    """Return whether the weights of a network are changed within a node."""
    return any(called(each) in {"backward", "train_on_batch"} for each in ast.walk(node))


def _builds(node: ast.FunctionDef, roles: Roles) -> bool:
    """Return whether a function returns nothing but what is made of layers."""
    returned = [each.value for each in nodes_in(node, ast.Return)]
    return bool(returned) and all(
        value is not None and (roles.makes_model(value) or _is_applied(node, value, roles)) for value in returned
    )


def _is_applied(function: ast.FunctionDef, value: ast.expr, roles: Roles) -> bool:
    """Return whether a name stands for what layers are applied to: `x = Dense(8)(x)`, wherever the function sets it."""
    name = dotted(value)
    stored = [each.id for each in nodes_in(function, ast.Name) if isinstance(each.ctx, ast.Store)]
    values = [each.value for each in nodes_in(function, ast.Assign) if list(map(dotted, each.targets)) == [name]]
    return bool(values) and len(values) == stored.count(name) and all(map(roles.applies_layer, values))
