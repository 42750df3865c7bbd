"""Adapt the uses of an estimator to a pipeline with a scaler that takes its place."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.estimators import kind_of
from services.tweaker.edits.on_scikit.estimator_uses import attributes_of, uses
from services.tweaker.edits.parameters import SEARCH
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, called, dotted

METHODS = frozenset({"fit", "predict", "predict_proba", "predict_log_proba", "decision_function", "score"})
TAKERS = frozenset(
    {"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "clone"}
    | {"dump", "dumps", "print", "type"}
)
ENSEMBLES = re.compile(
    r"sklearn\.(?:\w+\.)*(?:Voting\w+|Stacking\w+|Bagging\w+|OneVs\w+Classifier|MultiOutput\w+|CalibratedClassifierCV)"
)
"""Classes that train the estimators they are given, and take pipelines too."""
PLAIN = frozenset(
    {"classes_", "n_features_in_", "n_iter_", "n_support_", "support_", "loss_", "loss_curve_", "best_loss_"}
)
"""Attributes that mean the same when the inputs are scaled; a pipeline's last step has them."""
RESULTS = frozenset({"best_score_", "best_index_", "cv_results_"})
GRID = ("param_grid", "param_distributions")


def adapt_uses(script: Script, changes: Changes, call: cst.Call) -> None:
    """Change what has to be written differently when the estimator becomes the last step of a pipeline."""
    for use, attribute in attributes_of(script, call):
        _adapt_attribute(script, changes, use, attribute)
    for use in uses(script, call):
        if isinstance(script.parent(use), cst.Arg):
            _adapt_argument(script, changes, use, kind_of(script, call).lower())


def _adapt_attribute(script: Script, changes: Changes, use: cst.BaseExpression, attribute: cst.Attribute) -> None:
    """Allow the methods that a pipeline has too, called with data alone; take other things from its last step."""
    name = attribute.attr.value
    if name in PLAIN:
        changes.replaced[use] = cst.parse_expression(f"{script.code(use)}[-1]")
        return
    if name not in METHODS:
        raise NotUnderstoodError(f"a pipeline has no {name} (line {script.line(attribute)})")
    check_called(script, attribute)


def check_called(script: Script, attribute: cst.Attribute) -> None:
    """Raise NotUnderstoodError unless the attribute is a method that is called with data alone."""
    name, call = attribute.attr.value, script.parent(attribute)
    if not isinstance(call, cst.Call) or call.func is not attribute:
        raise NotUnderstoodError(f"{name} in line {script.line(attribute)} is not called there")
    keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    if keywords - {"X", "y"} or any(arg.star for arg in call.args):
        raise NotUnderstoodError(f"{name} in line {script.line(attribute)} is given more than data")


def check_taker(script: Script, use: cst.BaseExpression) -> None:
    """Raise NotUnderstoodError unless the call around a use of an estimator takes any estimator."""
    call = script.nearest(use, cst.Call)
    if call is None or not (called(call) in TAKERS or script.is_called(call, ENSEMBLES)):
        raise NotUnderstoodError(f"the estimator is passed on in line {script.line(use)}")


def _adapt_argument(script: Script, changes: Changes, use: cst.BaseExpression, step: str) -> None:
    """Allow what takes any estimator; in a search the parameters become those of the pipeline's step."""
    call = script.nearest(use, cst.Call)
    if call is None or not SEARCH.search(called(call)):
        check_taker(script, use)
    else:
        _prefix(script, changes, call, f"{step}__")
        for _, attribute in attributes_of(script, call):
            _adapt_search_attribute(script, changes, attribute)


def _prefix(script: Script, changes: Changes, search: cst.Call, prefix: str) -> None:
    """Put the step's name before the names of the parameters that are searched."""
    given = argument(search, *GRID, position=1)
    if given is None or _is_shared(script, given):
        raise NotUnderstoodError(f"the parameters that are searched in line {script.line(search)} are used elsewhere")
    grid = resolved(script, given)
    for part in [each.value for each in grid.elements] if isinstance(grid, cst.List | cst.Tuple) else [grid]:
        for key in _keys(script, part):
            if isinstance(key, cst.SimpleString):
                changes.replaced[key] = cst.SimpleString(key.value.replace(key.quote, f"{key.quote}{prefix}", 1))
            else:
                changes.replaced[key] = cst.Name(f"{prefix}{key.value}")


def _is_shared(script: Script, node: cst.BaseExpression) -> bool:
    """Return whether a node is a name that is also read elsewhere."""
    return isinstance(node, cst.Name) and len(script.scope(node).accesses[node.value]) > 1


def _keys(script: Script, grid: cst.BaseExpression) -> list[cst.SimpleString | cst.Name]:
    """Return the names of the parameters in a grid, as they are written: `{"C": …}` or `dict(C=…)`."""
    keys = _written_keys(grid)
    names = [key for key in keys if isinstance(key, cst.SimpleString | cst.Name)]
    if not names or len(names) != len(keys):
        raise NotUnderstoodError(f"the searched parameters in line {script.line(grid)} are not written as a dictionary")
    return names


def _written_keys(grid: cst.BaseExpression) -> list[cst.BaseExpression | None]:
    if isinstance(grid, cst.Call) and dotted(grid.func) == "dict":
        return [arg.keyword for arg in grid.args]
    parts = grid.elements if isinstance(grid, cst.Dict) else ()
    return [part.key if isinstance(part, cst.DictElement) else None for part in parts]


def _adapt_search_attribute(script: Script, changes: Changes, outer: cst.Attribute) -> None:
    """Adapt the best estimator; refuse a result of the search that names a parameter, which has another name now."""
    name = outer.attr.value
    if name == "best_estimator_":
        for best, inner in attributes_of(script, outer):
            _adapt_attribute(script, changes, best, inner)
    elif name == "best_params_":
        if not _is_shown(script, outer):
            raise NotUnderstoodError(f"line {script.line(outer)} uses the best parameters of the search")
    elif name in RESULTS:
        if "param_" in script.module.code.replace("param_grid", ""):
            raise NotUnderstoodError("the script reads the results of the search by the names of parameters")
    elif name not in METHODS:
        raise NotUnderstoodError(f"the use of the search's {name} in line {script.line(outer)} is not understood")


def _is_shown(script: Script, node: cst.CSTNode) -> bool:
    if isinstance(script.parent(node), cst.FormattedStringExpression):
        return True
    arg, call = script.as_argument(node)
    return arg is not None and not arg.star and m.matches(call or node, m.Call(func=m.Name("print")))
