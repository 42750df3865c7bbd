"""Which estimator of a script is the one whose score is measured."""

import re
from collections.abc import Sequence

import libcst as cst

from services.tweaker.edits.assignments import names_in, only_value
from services.tweaker.edits.branches import reachable
from services.tweaker.edits.searches import check_no_search
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, called, read, receiver

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
TRAINING = frozenset({"fit", "partial_fit", "fit_predict", "set_params"})
FOLDS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict"})
UNSURE = "it is not certain which of the script's estimators is measured"


def predictors(script: Script) -> list[cst.Call]:
    """Return the calls that create estimators, but those that are parts of another one."""
    calls = [call for call in script.calls if script.is_called(call, PREDICTOR)]
    return [call for call in calls if not any(outer in calls for outer in script.above(call))]


def kind_of(script: Script, call: cst.Call) -> str:
    """Return the class of the estimator that the call creates."""
    return script.is_called(call, PREDICTOR) or ""


def measured(script: Script) -> cst.Call:
    """Return the call that creates the estimator whose score counts, unless the author tries settings with it."""
    call = behind_the_score(script)
    check_no_search(script, call)
    for each in script.calls:
        if called(each) == "set_params" and call in _subjects_of(script, each):
            check_no_search(script, each)
    return call


def behind_the_score(script: Script) -> cst.Call:
    """Return the call that creates the estimator whose score counts."""
    created = predictors(script)
    if not created:
        raise AbsentError("the script creates no estimator")
    return _counted(script, created) if script.counted.model else _presumed(script, created)


def parts_of(script: Script, call: cst.Call) -> set[cst.Call]:
    """Return the call that creates an estimator, and those that create the estimators that it is made of."""
    calls = [each for each in script.calls if script.is_called(each, PREDICTOR)]
    inside = {each for each in calls if call in script.above(each)}
    return {call}.union(inside, *(_created_by(script, name, calls) for arg in call.args for name in names_in(arg)))


def _counted(script: Script, created: Sequence[cst.Call]) -> cst.Call:
    """Return what created the model that was measured, by its class and the lines that fitted it."""
    model, lines = script.counted
    same = [call for call in created if kind_of(script, call) == model or _is_in_class(script, call, model)]
    found, certain = reachable(script, same or created), bool(same)
    for line in lines:
        narrowed = [call for call in found if call in _used_in(script, line, created)]
        found, certain = narrowed or found, certain or bool(narrowed)
    if len(found) == 1 and certain:
        return found[0]
    place = f", which line {lines[0]} fits," if lines else ""
    raise NotUnderstoodError(f"it is not certain where the {model}{place} is created that is measured")


def _is_in_class(script: Script, call: cst.Call, name: str) -> bool:
    return any(isinstance(outer, cst.ClassDef) and outer.name.value == name for outer in script.above(call))


def _used_in(script: Script, line: int, created: Sequence[cst.Call]) -> set[cst.Call]:
    """Return the estimators that are fitted or scored in a line; where there are none, those that are passed on."""
    calls = [call for call in script.calls if script.line(call) <= line <= script.place(call)[0]]
    fitted = set[cst.Call]().union(*(_subjects_of(script, call) for call in calls))
    passed = (_created_by(script, arg.value, created) for call in calls for arg in call.args)
    return fitted & set(created) or set[cst.Call]().union(*passed)


def _subjects_of(script: Script, call: cst.Call) -> set[cst.Call]:
    """Return the estimators that a method may be called on, or a function of scikit-learn may score."""
    subject = receiver(call) if called(call) in TRAINING else _subject(call)
    return _created_by(script, subject, predictors(script)) if subject is not None else set()


def _presumed(script: Script, created: Sequence[cst.Call]) -> cst.Call:
    """Return what is scored last, if that is certain, where the measured model is not known."""
    if any(script.is_called(call, NETWORK) for call in script.calls):
        raise NotUnderstoodError("a network is trained too, and it is not certain that the estimator is measured")
    for narrow in (reachable, _scored_last):
        if len(created) > 1:
            created = narrow(script, created)
    if len(created) != 1:
        raise NotUnderstoodError(UNSURE)
    return created[0]


def _scored_last(script: Script, created: Sequence[cst.Call]) -> list[cst.Call]:
    """Return what the last score or prediction may be of, one on training data only where there is no other."""
    subjects = [(call, subject) for call in script.calls if (subject := _subject(call)) is not None]
    held_out = [each for each in subjects if not any("train" in script.code(arg) for arg in each[0].args)]
    return list(_created_by(script, (held_out or subjects)[-1][1], created)) if subjects else []


def _subject(call: cst.Call) -> cst.BaseExpression | None:
    """Return what is scored."""
    if called(call) in SCORES:
        return receiver(call)
    return argument(call, "estimator", position=0) if called(call) in FOLDS else None


def _created_by(script: Script, node: cst.BaseExpression, created: Sequence[cst.Call]) -> set[cst.Call]:
    """Return which of the created estimators the expression may stand for."""
    inside = {call for call in created if call is node or node in script.above(call)}
    return inside or set().union(*(_created_by(script, each, created) for each in _origins(script, node)))


def _origins(script: Script, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions from which the value of an expression comes."""
    if isinstance(node, cst.Call):
        owner = receiver(node)
        return [owner] if owner is not None else [name for arg in node.args for name in names_in(arg.value)]
    if isinstance(node, cst.Subscript):
        return _chosen(script, node)
    value = only_value(script, node)
    return [value] if value is not None else []


def _chosen(script: Script, node: cst.Subscript) -> list[cst.BaseExpression]:
    """Return the estimator that is taken out of a dictionary of them by a key that is written in the script."""
    index = node.slice[0].slice
    models = only_value(script, node.value)
    if not isinstance(models, cst.Dict) or not isinstance(index, cst.Index):
        return []
    wanted = read(script, index.value)
    elements = [each for each in models.elements if isinstance(each, cst.DictElement)]
    return [each.value for each in elements if read(script, each.key) == wanted]
