"""Standardize the inputs of a scikit-learn estimator: a pipeline with a scaler, fitted on the training part only."""

import re

import libcst as cst

from services.tweaker.edits.assignments import names_in, only_value, resolved
from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.estimators import behind_the_score, kind_of, parts_of
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.on_scikit.estimator_uses import pipeline_around, pipelines_of
from services.tweaker.edits.on_scikit.wrapping import adapt_uses
from services.tweaker.edits.searches import searched_name
from services.tweaker.source import AbsentError, Changes, NotUnderstoodError, Script, called, imports, receiver
from services.tweaker.source.arguments import beside, quote
from trainyard.trial import Setting

SENSITIVE = (
    "KNeighborsClassifier|KNeighborsRegressor|RadiusNeighborsClassifier|RadiusNeighborsRegressor|NearestCentroid|"
    "SVC|SVR|NuSVC|NuSVR|LinearSVC|LinearSVR|LogisticRegression|SGDClassifier|SGDRegressor|Perceptron|"
    "MLPClassifier|MLPRegressor|RidgeClassifier|Ridge|Lasso|ElasticNet|PassiveAggressiveClassifier"
)
ESTIMATOR = re.compile(rf"sklearn\.(?:\w+\.)*(?:{SENSITIVE})")
SCALER = re.compile(r"\b(?:\w+Scaler|Normalizer|normalize|scale)\(")
WORDS = re.compile(r"\b\w*Vectorizer\(|\bFeatureHasher\(")
SPARSE = re.compile(r"\b(?:OneHotEncoder|ColumnTransformer|make_column_transformer|DictVectorizer)\(")
"""What may give a sparse matrix, from which a mean cannot be subtracted."""
NUMBERS = re.compile(r"\b\w*PCA\(|\bFastICA\(|\bLinearDiscriminantAnalysis\(")
"""Steps that are sensitive to the scale themselves and take nothing but numbers."""
DENSE = re.compile(r"\.toarray\(|\.todense\(|\bsparse(?:_output)?\s*=\s*False")
FUNCTION = re.compile(r"sklearn\.preprocessing\.(?:\w+\.)*(?:scale|minmax_scale|robust_scale|normalize)")
UNCENTRED = "(with_mean=False)"


def _sensitive(script: Script) -> list[cst.Call]:
    """Return the calls that create estimators which are sensitive to the scale of their inputs."""
    estimators = [call for call in script.calls if script.is_called(call, ESTIMATOR)]
    if not estimators:
        raise AbsentError("no estimator of the script is sensitive to the scale of its inputs")
    targets = _behind_the_score(script, estimators) if script.counted.model else _outside_searches(script, estimators)
    _scale(script, Changes(), targets)
    return targets


def _behind_the_score(script: Script, estimators: list[cst.Call]) -> list[cst.Call]:
    """Return those of the estimators that the measured one is or is made of; to scale leaves a search what it is."""
    whole = behind_the_score(script)
    targets = [call for call in estimators if call in parts_of(script, whole)]
    if not targets:
        raise NotUnderstoodError(f"the measured {kind_of(script, whole)} is not sensitive to the scale of its inputs")
    return targets


def _outside_searches(script: Script, estimators: list[cst.Call]) -> list[cst.Call]:
    """Return those of the estimators with which the author tries no settings in a loop; all where there are none."""
    return [call for call in estimators if searched_name(script, call) is None] or estimators


def _scale(script: Script, changes: Changes, estimators: list[cst.Call], _: Setting = None) -> None:
    """Put a StandardScaler in front of the estimators."""
    highest = min((pipeline_around(script, call) or call for call in estimators), key=script.line)
    scaler = imports.imported(script, changes, "sklearn.preprocessing", "StandardScaler", highest)
    alone = [call for call in estimators if not _is_scaled_in_pipeline(script, changes, call, f"{scaler}()")]
    if alone:
        _check_data(script)
        maker = imports.imported(script, changes, "sklearn.pipeline", "make_pipeline", highest)
        step = f"{scaler}{UNCENTRED if _is_sparse(script) else '()'}"
        for call in alone:
            adapt_uses(script, changes, call)
            changes.replaced[call] = cst.parse_expression(f"{maker}({step}, {script.code(call)})")


def _is_scaled_in_pipeline(script: Script, changes: Changes, call: cst.Call, scaler: str) -> bool:
    """Put the scaler into the pipeline of which the estimator is a step; return whether there is one."""
    pipelines = pipelines_of(script, call)
    found = [each for each in pipelines if each is not None]
    if found and len(found) < len(pipelines):
        raise NotUnderstoodError(f"the estimator in line {script.line(call)} is used in a pipeline and by itself")
    for pipeline in found:
        _into_pipeline(script, changes, pipeline, scaler)
    return bool(found)


def _check_data(script: Script) -> None:
    """Refuse where the estimator's inputs are not a table of unscaled numbers."""
    if WORDS.search(script.module.code):
        raise NotUnderstoodError("the script vectorizes text, which is not scaled")
    for call in script.calls:
        if script.is_called(call, FUNCTION) or _transforms_by_scaler(script, call):
            raise NotUnderstoodError(f"the script already scales its inputs (line {script.line(call)})")


def _transforms_by_scaler(script: Script, call: cst.Call) -> bool:
    owner = receiver(call)
    if owner is None or called(call) not in {"fit", "fit_transform", "transform"}:
        return False
    return SCALER.match(script.code(resolved(script, owner)).rpartition("preprocessing.")[2]) is not None


def _is_sparse(script: Script) -> bool:
    code = script.module.code
    return SPARSE.search(code) is not None and DENSE.search(code) is None


def _into_pipeline(script: Script, changes: Changes, pipeline: cst.Call, scaler: str) -> None:
    steps = _steps(pipeline)
    texts = [_text(script, step) for step in steps]
    if SCALER.search(" ".join(texts)):
        raise NotUnderstoodError("the pipeline already has a scaler")
    if WORDS.search(" ".join(texts)):
        raise NotUnderstoodError("the pipeline takes text, not numbers")
    index = _position(texts)
    if SPARSE.search(" ".join(texts[:index])):
        scaler = scaler.replace("()", UNCENTRED)
    place = steps[index]
    if place not in changes.before:
        named = scaler if isinstance(place, cst.Arg) else f"({quote(script)}scaler{quote(script)}, {scaler})"
        changes.put_before(place, [beside(script, place, named)])


def _position(steps: list[str]) -> int:
    """Return which step the scaler goes before: the estimator, or what works on plain numbers ahead of it."""
    index = len(steps) - 1
    while index > 0 and NUMBERS.search(steps[index - 1]):
        index -= 1
    return index


def _steps(pipeline: cst.Call) -> list[cst.Arg | cst.Element]:
    """Return the steps of a pipeline: its arguments, or what is in its list."""
    first = pipeline.args[0].value
    if isinstance(first, cst.List):
        return [element for element in first.elements if isinstance(element, cst.Element)]
    return [arg for arg in pipeline.args if arg.keyword is None]


def _text(script: Script, step: cst.Arg | cst.Element) -> str:
    """Return the source of a step, with what the names in it stand for."""
    created = [call for name in names_in(step) if isinstance(call := only_value(script, name), cst.Call)]
    return " ".join(script.code(each) for each in (step, *created))


EDIT = site_edit(SCALE_INPUTS, _sensitive, _scale)
