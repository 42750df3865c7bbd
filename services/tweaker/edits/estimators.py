"""Which estimator of a script is the one whose score is measured."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read
from services.tweaker.source.script import Script, argument

PREDICTOR = re.compile(
    r"(?:sklearn|imblearn|xgboost|lightgbm|catboost)\.(?:\w+\.)*(?:\w+Classifier|\w+Regressor|\w*SV[CR]|\w+Regression|"
    r"\w+NB|Ridge|Lasso|ElasticNet|KernelRidge|Perceptron|NearestCentroid|\w+DiscriminantAnalysis|"
    r"(?:LogisticRegression|Ridge|RidgeClassifier|Lasso|ElasticNet)CV)"
)
NETWORK = re.compile(
    r"(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:\w+\.)*(?:Sequential|Model|Functional)|torch\.optim\.\w+"
)
"""What shows that the script trains a network too, which is then more likely to be what is measured."""
SCORES = frozenset({"score", "predict", "predict_proba", "predict_log_proba", "decision_function"})
FOLDS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict"})
UNSURE = "it is not certain which of the estimators made here is the one that is measured"


def predictors(script: Script) -> list[cst.Call]:
    """Return the calls that make estimators, but those that are parts of another one."""
    made = [call for call in script.calls if script.is_called(call, PREDICTOR)]
    return [call for call in made if not any(outer in made for outer in script.above(call))]


def kind_of(script: Script, call: cst.Call) -> str:
    """Return the class of the estimator that the call makes."""
    return script.is_called(call, PREDICTOR) or ""


def measured(script: Script) -> cst.Call:
    """Return the call that makes the estimator whose score is measured.

    Raises:
        NotUnderstoodError: None is made here, or several and the last one that is scored cannot be told.
    """
    made = predictors(script)
    if not made:
        raise NotUnderstoodError("no estimator is made here")
    if any(script.is_called(call, NETWORK) for call in script.calls):
        raise NotUnderstoodError("a network is trained here too, and it is not certain that the estimator is measured")
    made = made if len(made) == 1 else [call for call in made if not _is_passed_by(script, call)]
    if len(made) == 1:
        return made[0]
    scored = [subject for call in _scorings(script) if (subject := _subject(call)) is not None]
    found = _behind(script, scored[-1], made) if scored else set()
    if len(found) != 1:
        raise NotUnderstoodError(UNSURE)
    return next(iter(found))


def _is_passed_by(script: Script, call: cst.Call) -> bool:
    """Tell whether the call stands in a branch that is not taken: `elif kind == "svm":` where the kind is another."""
    inside: cst.CSTNode = call
    for outer in script.above(call):
        if isinstance(outer, cst.If) and inside in {outer.body, outer.orelse}:
            holds = _holds(script, outer.test)
            if holds is not None and holds is not (inside is outer.body):
                return True
        inside = outer
    return False


def _holds(script: Script, test: cst.BaseExpression) -> bool | None:
    """Tell whether a setting is the one that it is compared with; None where that is not known."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    compared = test.comparisons[0]
    if not isinstance(compared.operator, cst.Equal):
        return None
    try:
        return read(script, test.left) == read(script, compared.comparator)
    except NotUnderstoodError:
        return None


def _scorings(script: Script) -> Sequence[cst.Call]:
    """Return the calls that score or predict; those on training data only where there are no others."""
    calls = [call for call in script.calls if _subject(call) is not None]
    held_out = [call for call in calls if not any("train" in script.code(arg) for arg in call.args)]
    return held_out or calls


def _subject(call: cst.Call) -> cst.BaseExpression | None:
    """Return what is scored."""
    func = call.func
    if isinstance(func, cst.Attribute) and func.attr.value in SCORES:
        return func.value
    name = func.attr.value if isinstance(func, cst.Attribute) else func.value if isinstance(func, cst.Name) else ""
    given = argument(call, "estimator", position=0) if name in FOLDS else None
    return given.value if given is not None else None


def _behind(script: Script, node: cst.BaseExpression, made: Sequence[cst.Call]) -> set[cst.Call]:
    """Return which of the estimators may be what the expression stands for."""
    inside = {call for call in made if call is node or node in script.above(call)}
    if inside:
        return inside
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _behind(script, node.func.value, made)
    if isinstance(node, cst.Call):
        return set().union(*(_behind(script, name, made) for name in _names(node)))
    if isinstance(node, cst.Subscript):
        return _chosen(script, node, made)
    value = assigned(script, node) if isinstance(node, cst.Name) else None
    return _behind(script, value, made) if value is not None else set()


def _names(call: cst.Call) -> list[cst.Name]:
    found = [name for arg in call.args for name in m.findall(arg.value, m.Name())]
    return [name for name in found if isinstance(name, cst.Name)]


def assigned(script: Script, name: cst.Name) -> cst.BaseExpression | None:
    """Return what the name has been assigned where it is used; None where that is not certain.

    Of several assignments it is the last one above, if all of them stand side by side with the use.
    """
    found = [each for each in script.scope(name)[name.value] if isinstance(each, Assignment)]
    holders = [script.parent(script.parent(each.node) or each.node) for each in found]
    plain = [each for each in holders if isinstance(each, cst.Assign) and len(each.targets) == 1]
    if len(plain) != len(holders) or not plain:
        return None
    if len(plain) == 1:
        return plain[0].value
    if len({script.block(node) for node in (*plain, name)}) > 1:
        return None
    above = [each for each in plain if script.place(each) < script.place(name)]
    return max(above, key=script.place).value if above else None


def _chosen(script: Script, node: cst.Subscript, made: Sequence[cst.Call]) -> set[cst.Call]:
    """Return the estimator that is taken out of a dict of them by a key that is written down."""
    index = node.slice[0].slice
    models = assigned(script, node.value) if isinstance(node.value, cst.Name) else None
    if not isinstance(models, cst.Dict) or not isinstance(index, cst.Index):
        return set()
    wanted = read(script, index.value)
    elements = [each for each in models.elements if isinstance(each, cst.DictElement)]
    return set().union(*(_behind(script, each.value, made) for each in elements if read(script, each.key) == wanted))
