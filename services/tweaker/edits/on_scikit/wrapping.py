"""What becomes of the uses of an estimator when a pipeline with a scaler takes its place."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.estimators import assigned, kind_of
from services.tweaker.edits.on_scikit.following import uses
from services.tweaker.edits.parameters import SEARCH
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument, dotted

METHODS = frozenset({"fit", "predict", "predict_proba", "predict_log_proba", "decision_function", "score"})
TAKERS = frozenset(
    {
        "cross_val_score",
        "cross_validate",
        "cross_val_predict",
        "learning_curve",
        "clone",
        "dump",
        "dumps",
        "print",
        "type",
    }
)
ENSEMBLES = re.compile(
    r"sklearn\.(?:\w+\.)*(?:Voting\w+|Stacking\w+|Bagging\w+|OneVs\w+Classifier|MultiOutput\w+|CalibratedClassifierCV)"
)
"""What trains estimators in its own way and takes pipelines for it."""
PLAIN = frozenset(
    {"classes_", "n_features_in_", "n_iter_", "n_support_", "support_", "loss_", "loss_curve_", "best_loss_"}
)
"""Attributes that mean the same when the inputs are scaled; a pipeline's last step has them."""
FOUND = frozenset({"best_score_", "best_index_", "cv_results_"})
GRID = ("param_grid", "param_distributions")


def check(script: Script, changes: Changes, call: cst.Call) -> None:
    """Change what has to be written in another way when the estimator becomes the last step of a pipeline.

    Raises:
        NotUnderstoodError: It is used in a way that a pipeline does not understand.
    """
    for use in uses(script, call):
        outer = script.parent(use)
        if isinstance(outer, cst.Attribute):
            _check_attribute(script, changes, use, outer)
        elif isinstance(outer, cst.Arg):
            _check_argument(script, changes, use, kind_of(script, call).lower())


def _check_attribute(script: Script, changes: Changes, use: cst.BaseExpression, attribute: cst.Attribute) -> None:
    """Allow the methods that a pipeline has too, called with data alone; take other things from its last step."""
    name = attribute.attr.value
    if name in PLAIN:
        changes.replaced[use] = cst.parse_expression(f"{script.code(use)}[-1]")
        return
    if name not in METHODS:
        raise NotUnderstoodError(f"a pipeline has no {name} (line {script.line(attribute)})")
    check_called(script, attribute)


def check_called(script: Script, attribute: cst.Attribute) -> None:
    """Refuse what is not a method that is called with data alone."""
    name, call = attribute.attr.value, script.parent(attribute)
    if not isinstance(call, cst.Call) or call.func is not attribute:
        raise NotUnderstoodError(f"{name} in line {script.line(attribute)} is not called there")
    keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    if keywords - {"X", "y"} or any(arg.star for arg in call.args):
        raise NotUnderstoodError(f"{name} in line {script.line(attribute)} is given more than data")


def _check_argument(script: Script, changes: Changes, use: cst.BaseExpression, step: str) -> None:
    """Allow what takes any estimator; in a search the parameters become those of the pipeline's step."""
    call = next((up for up in script.above(use) if isinstance(up, cst.Call)), None)
    called = script.code(call.func).rpartition(".")[2] if call is not None else ""
    if call is None or not (called in TAKERS or SEARCH.search(called) or script.is_called(call, ENSEMBLES)):
        raise NotUnderstoodError(f"the estimator is given away in line {script.line(use)}")
    if SEARCH.search(called):
        _prefix(script, changes, call, f"{step}__")
        _check_search(script, changes, call)


def _prefix(script: Script, changes: Changes, search: cst.Call, prefix: str) -> None:
    """Put the step's name before the names of the parameters that are searched."""
    given = argument(search, *GRID, position=1)
    value = given.value if given is not None else None
    grid = assigned(script, value) if isinstance(value, cst.Name) else value
    parts = [each.value for each in grid.elements] if isinstance(grid, cst.List | cst.Tuple) else [grid]
    if value is None or (isinstance(value, cst.Name) and _is_shared(script, value)):
        raise NotUnderstoodError(f"the parameters that are searched in line {script.line(search)} are used elsewhere")
    for part in parts:
        _prefix_keys(script, changes, part, prefix)


def _is_shared(script: Script, name: cst.Name) -> bool:
    """Tell whether more than one place reads the name."""
    return len(script.scope(name).accesses[name.value]) > 1


def _prefix_keys(script: Script, changes: Changes, grid: cst.BaseExpression | None, prefix: str) -> None:
    if isinstance(grid, cst.Call) and dotted(grid.func) == "dict" and all(arg.keyword for arg in grid.args):
        for name in [arg.keyword for arg in grid.args if arg.keyword is not None]:
            changes.replaced[name] = cst.Name(f"{prefix}{name.value}")
        return
    if not isinstance(grid, cst.Dict):
        raise NotUnderstoodError("the parameters that are searched are not written down")
    for element in grid.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        if not isinstance(key, cst.SimpleString):
            raise NotUnderstoodError(f"a searched parameter in line {script.line(element)} is not written down")
        changes.replaced[key] = cst.SimpleString(key.value.replace(key.quote, f"{key.quote}{prefix}", 1))


def _check_search(script: Script, changes: Changes, search: cst.Call) -> None:
    """Refuse a use of the search's outcome that names a parameter, which has another name now."""
    for use in uses(script, search):
        outer = script.parent(use)
        name = outer.attr.value if isinstance(outer, cst.Attribute) else ""
        if isinstance(outer, cst.Attribute) and name == "best_estimator_":
            for best in uses(script, outer):
                inner = script.parent(best)
                if isinstance(inner, cst.Attribute):
                    _check_attribute(script, changes, best, inner)
        elif name == "best_params_" and isinstance(outer, cst.Attribute) and not _is_shown(script, outer):
            raise NotUnderstoodError(f"what the search found is used in line {script.line(use)}")
        elif name in FOUND and "param_" in script.module.code.replace("param_grid", ""):
            raise NotUnderstoodError("the outcome of the search is read by the names of its parameters")
        elif name and name not in METHODS | FOUND | {"best_params_"}:
            raise NotUnderstoodError(f"the use of the search's {name} in line {script.line(use)} is not understood")


def _is_shown(script: Script, node: cst.CSTNode) -> bool:
    """Tell whether it is printed as it is."""
    outer = script.parent(node)
    if isinstance(outer, cst.FormattedStringExpression):
        return True
    call = script.parent(outer) if isinstance(outer, cst.Arg) and not outer.star else None
    return m.matches(call or node, m.Call(func=m.Name("print")))
