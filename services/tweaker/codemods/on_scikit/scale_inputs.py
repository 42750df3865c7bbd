"""Scale the inputs of a scikit-learn estimator: a pipeline with a scaler, fitted on the training part only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods import imports
from services.tweaker.codemods.calls import quote
from services.tweaker.codemods.edit import Edit
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import SCALE_INPUTS
from services.tweaker.codemods.literals import assigned_call
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script

SENSITIVE = (
    "KNeighborsClassifier|KNeighborsRegressor|RadiusNeighborsClassifier|RadiusNeighborsRegressor|NearestCentroid|"
    "SVC|SVR|NuSVC|NuSVR|LinearSVC|LinearSVR|LogisticRegression|SGDClassifier|SGDRegressor|Perceptron|"
    "MLPClassifier|MLPRegressor|RidgeClassifier|Ridge|Lasso|ElasticNet|PassiveAggressiveClassifier"
)
ESTIMATOR = re.compile(rf"sklearn\.(?:\w+\.)*(?:{SENSITIVE})")
PIPELINE = re.compile(r"sklearn\.pipeline\.(?:make_pipeline|Pipeline)")
SCALER = re.compile(r"\b(?:\w+Scaler|Normalizer|normalize|scale)\(")
WORDS = re.compile(r"\b\w*Vectorizer\(|\bFeatureHasher\(")
SPARSE = re.compile(r"\b(?:OneHotEncoder|ColumnTransformer|make_column_transformer|DictVectorizer)\(")
"""What may give a sparse matrix, of which no mean can be taken off."""
NUMBERS = re.compile(r"\b\w*PCA\(|\bFastICA\(|\bLinearDiscriminantAnalysis\(")
"""Steps that mind the scale themselves and take nothing but numbers."""

METHODS = frozenset({"fit", "predict", "predict_proba", "predict_log_proba", "decision_function", "score"})
TAKERS = frozenset(
    {"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "dump", "dumps", "print", "type"}
)


def scale(script: Script) -> Edited:
    """Return the source with a StandardScaler in front of the estimator.

    Raises:
        NotUnderstoodError: No estimator here needs it, it has a scaler already, or it is used in a way that a
            pipeline does not allow (an attribute of its own, a search over its parameters).
    """
    estimators = [call for call in script.calls if script.is_called(call, ESTIMATOR)]
    if not estimators:
        raise NotUnderstoodError("no scikit-learn estimator that minds the scale of its inputs is made here")
    changes = Changes()
    scaler = imports.imported(script, changes, "sklearn.preprocessing", "StandardScaler", _highest(script, estimators))
    for call in estimators:
        _scale_one(script, changes, call, f"{scaler}()")
    return changes.applied_to(script)


def _highest(script: Script, estimators: list[cst.Call]) -> cst.Call:
    """Return the estimator whose statement begins first, in a pipeline over several lines that of the pipeline."""
    outer = [next((up for up in script.above(call) if _is_pipeline(script, up)), call) for call in estimators]
    return min((node for node in outer if isinstance(node, cst.Call)), key=script.line)


def _scale_one(script: Script, changes: Changes, call: cst.Call, scaler: str) -> None:
    """Put the scaler in front of one estimator: into its pipeline if it has one."""
    pipeline = next((outer for outer in script.above(call) if _is_pipeline(script, outer)), None)
    if isinstance(pipeline, cst.Call):
        _into_pipeline(script, changes, pipeline, scaler)
        return
    for use in _uses(script, call):
        _check_use(script, use)
    maker = imports.imported(script, changes, "sklearn.pipeline", "make_pipeline", call)
    changes.replaced[call] = cst.parse_expression(f"{maker}({scaler}, {script.code(call)})")


def _is_pipeline(script: Script, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and script.is_called(node, PIPELINE) is not None


def _into_pipeline(script: Script, changes: Changes, pipeline: cst.Call, scaler: str) -> None:
    """Make the scaler the step before the estimator, and before what works on plain numbers ahead of that."""
    steps = _steps(pipeline)
    texts = [_text(script, step) for step in steps]
    if SCALER.search(" ".join(texts)):
        raise NotUnderstoodError("the pipeline has a scaler already")
    if WORDS.search(" ".join(texts)):
        raise NotUnderstoodError("the pipeline takes words, not measured numbers")
    index = len(steps) - 1
    while index > 0 and NUMBERS.search(texts[index - 1]):
        index -= 1
    if SPARSE.search(" ".join(texts[:index])):
        scaler = scaler.replace("()", "(with_mean=False)")
    if steps[index] not in changes.before:
        changes.put_before(steps[index], [_step(script, steps[index], scaler)])


def _steps(pipeline: cst.Call) -> list[cst.Arg | cst.Element]:
    """Return the steps of a pipeline: its arguments, or what is in its list."""
    first = pipeline.args[0].value
    if isinstance(first, cst.List):
        return [element for element in first.elements if isinstance(element, cst.Element)]
    return [arg for arg in pipeline.args if arg.keyword is None]


def _step(script: Script, beside: cst.Arg | cst.Element, scaler: str) -> cst.Arg | cst.Element:
    """Write the scaler as a step like the one beside it."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if isinstance(beside, cst.Arg):
        return cst.Arg(cst.parse_expression(scaler), comma=comma)
    mark = quote(script)
    return cst.Element(cst.parse_expression(f"({mark}scaler{mark}, {scaler})"), comma=comma)


def _text(script: Script, step: cst.Arg | cst.Element) -> str:
    """Return what makes a step, also where a name stands for it."""
    made = [
        script.code(call)
        for name in m.findall(step, m.Name())
        if isinstance(name, cst.Name) and (call := assigned_call(script, name)) is not None
    ]
    return " ".join([script.code(step), *made])


def _uses(script: Script, call: cst.Call) -> Iterator[cst.CSTNode]:
    """Yield every place where the estimator is used, as the node that stands for it there.

    Raises:
        NotUnderstoodError: It goes somewhere that cannot be followed.
    """
    yield call
    holder = _holder(script, call)
    if isinstance(holder, cst.Expr):
        return
    target = holder.targets[0].target if isinstance(holder, cst.Assign) and len(holder.targets) == 1 else None
    if not isinstance(target, cst.Name):
        raise NotUnderstoodError(f"where the estimator in line {script.line(call)} goes cannot be followed")
    for access in script.scope(call).accesses[target.value]:
        yield access.node


def _holder(script: Script, call: cst.Call) -> cst.CSTNode | None:
    """Return what holds the estimator, seen past a `.fit(...)` that gives it back."""
    outer = script.parent(call)
    if not m.matches(outer or call, m.Attribute(attr=m.Name("fit"))):
        return outer
    fitted = script.parent(outer) if outer is not None else None
    return script.parent(fitted) if fitted is not None else None


def _check_use(script: Script, node: cst.CSTNode) -> None:
    """Refuse a use that a pipeline would not understand."""
    outer = script.parent(node)
    if isinstance(outer, cst.Attribute):
        _check_attribute(script, outer)
    elif isinstance(outer, cst.Arg):
        call = script.parent(outer)
        if not isinstance(call, cst.Call) or script.code(call.func).rpartition(".")[2] not in TAKERS:
            raise NotUnderstoodError(f"the estimator is given away in line {script.line(node)}")
    elif not isinstance(outer, cst.Assign | cst.Expr):
        raise NotUnderstoodError(f"the use of the estimator in line {script.line(node)} is not understood")


def _check_attribute(script: Script, attribute: cst.Attribute) -> None:
    """Allow the methods that a pipeline has too, called with data alone."""
    name, call = attribute.attr.value, script.parent(attribute)
    if name not in METHODS or not isinstance(call, cst.Call):
        raise NotUnderstoodError(f"a pipeline has no {name} (line {script.line(attribute)})")
    keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    if keywords - {"X", "y"} or any(arg.star for arg in call.args):
        raise NotUnderstoodError(f"{name} in line {script.line(attribute)} is given more than data")


EDIT = Edit(SCALE_INPUTS, lambda script, _: scale(script))
