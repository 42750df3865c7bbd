"""Replace an estimator by one of another class."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import GlobalScope

from services.tweaker.edits.assignments import assignments
from services.tweaker.edits.edit import int_or_none, site_edit
from services.tweaker.edits.estimator_knobs import SCALED, SWAP_ESTIMATOR, is_regressor
from services.tweaker.edits.estimators import kind_of, measured
from services.tweaker.edits.on_scikit.estimator_uses import attributes_of, pipeline_around, pipelines_of, uses
from services.tweaker.edits.on_scikit.naming import rename, texts
from services.tweaker.edits.on_scikit.wrapping import check_called, check_taker
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, called, dotted, imports, line
from trainyard.trial import Setting

SEED, SPLIT = "random_state", "train_test_split"
GLOBAL_SEED = re.compile(r"seed|set_seed|set_random_seed|manual_seed")
COMMON = frozenset({"fit", "predict", "score"})
PROBABLE = COMMON | {"predict_proba", "predict_log_proba"}
DECIDING = COMMON | {"decision_function"}


@dataclass(frozen=True)
class Substitute:
    """A class that may replace another one.

    Attributes:
        module: Its module below `sklearn`.
        methods: The methods that the script may call.
        keeps: The arguments of the old one that it takes with the same meaning, separated by blanks.
        given: What it is given besides.
        called: What a variable that holds it is called.
        draws: Whether it draws at random, so that without a seed it is another one each time.
    """

    module: str
    methods: frozenset[str] = COMMON
    keeps: str = "random_state"
    given: str = ""
    called: str = "forest"
    draws: bool = True


_SEEDED, _FOREST = "random_state class_weight", "random_state class_weight n_jobs"
SUBSTITUTES: Mapping[str, Substitute] = {
    "RandomForestClassifier": Substitute("ensemble", PROBABLE, _FOREST, "n_estimators=200"),
    "ExtraTreesClassifier": Substitute("ensemble", PROBABLE, _FOREST, "n_estimators=200", "extra_trees"),
    "HistGradientBoostingClassifier": Substitute("ensemble", PROBABLE | DECIDING, _SEEDED, called="boosting"),
    "SVC": Substitute("svm", DECIDING, _SEEDED, "C=10", "svc", draws=False),
    "LogisticRegression": Substitute(
        "linear_model", PROBABLE | DECIDING, _SEEDED, "max_iter=1000", "logistic", draws=False
    ),
    "KNeighborsClassifier": Substitute("neighbors", PROBABLE, "n_jobs", called="knn", draws=False),
    "RandomForestRegressor": Substitute("ensemble", keeps="random_state n_jobs"),
    "HistGradientBoostingRegressor": Substitute("ensemble", called="boosting"),
    "Ridge": Substitute("linear_model", called="ridge", draws=False),
    "KNeighborsRegressor": Substitute("neighbors", keeps="n_jobs", called="knn", draws=False),
}
DENSE_ONLY = "HistGradientBoosting"
SPARSE = ("Vectorizer(", "OneHotEncoder(", "ColumnTransformer(", "csr_matrix(")


def _change(script: Script, changes: Changes, call: cst.Call, setting: Setting) -> None:
    old, wanted = kind_of(script, call), str(setting).removeprefix(SCALED)
    substitute = SUBSTITUTES.get(wanted)
    if substitute is None or old == wanted or is_regressor(old) != is_regressor(wanted):
        raise NotUnderstoodError(f"{wanted} cannot replace {old}")
    if wanted.startswith(DENSE_ONLY) and any(word in script.module.code for word in SPARSE):
        raise NotUnderstoodError(f"the inputs may be a sparse matrix, which {wanted} does not take")
    _check_uses(script, call, substitute.methods)
    given = [*_kept(script, call, substitute), *([substitute.given] if substitute.given else [])]
    name = _imported(script, changes, call, wanted, substitute.module)
    rename(script, changes, call, old, wanted, substitute.called)
    made = f"{name}({', '.join(given)})"
    changes.replaced[call] = cst.parse_expression(made if wanted == setting else _scaled(script, changes, call, made))


def _scaled(script: Script, changes: Changes, call: cst.Call, made: str) -> str:
    """Return a pipeline of a scaler and the new estimator, fitted in the place of the old one alone."""
    scaler = imports.imported(script, changes, "sklearn.preprocessing", "StandardScaler", call)
    return f"{imports.imported(script, changes, 'sklearn.pipeline', 'make_pipeline', call)}({scaler}(), {made})"


def _kept(script: Script, call: cst.Call, substitute: Substitute) -> list[str]:
    """Return the arguments that the substitute keeps, with a seed for one that draws."""
    if any(arg.star for arg in call.args):
        raise NotUnderstoodError(f"the arguments of the estimator in line {script.line(call)} were not found")
    named = {arg.keyword.value: script.code(arg.value) for arg in call.args if arg.keyword is not None}
    if substitute.draws and named.get(SEED, "None") == "None":
        named[SEED] = _seed(script, call)
    return [f"{name}={value}" for name, value in named.items() if name in substitute.keeps.split()]


def _seed(script: Script, call: cst.Call) -> str:
    """Return the seed that the script uses elsewhere, that of its split first; else 0."""
    calls = sorted(script.calls, key=lambda each: called(each) != SPLIT)
    seeds = (argument(each, SEED, position=0 if GLOBAL_SEED.fullmatch(called(each)) else None) for each in calls)
    return next((script.code(seed) for seed in seeds if seed is not None and _is_known(script, seed, call)), "0")


def _is_known(script: Script, seed: cst.BaseExpression, call: cst.Call) -> bool:
    """Return whether a seed is a number, or a global name that has one where the estimator is created."""
    if isinstance(seed, cst.Integer):
        return True
    found = assignments(script, seed) if isinstance(seed, cst.Name) else []
    in_module = all(
        isinstance(each.scope, GlobalScope) and script.line(each.node) < script.line(call) for each in found
    )
    return bool(found) and in_module and int_or_none(script, seed) is not None


def _check_uses(script: Script, call: cst.Call, methods: frozenset[str]) -> None:
    """Refuse a use that the substitute does not support, also by the pipeline in which it is a step."""
    for used in (call, *filter(None, pipelines_of(script, call))):
        for _, attribute in attributes_of(script, used):
            if attribute.attr.value not in methods:
                name, line_number = attribute.attr.value, script.line(attribute)
                raise NotUnderstoodError(f"another estimator may have no {name} (line {line_number})")
            check_called(script, attribute)
        for use in uses(script, used):
            if isinstance(script.parent(use), cst.Arg) and pipeline_around(script, use) is None:
                check_taker(script, use)


def _imported(script: Script, changes: Changes, call: cst.Call, wanted: str, module: str) -> str:
    """Return how to write the new class, imported in the author's way; an import that served the old one alone goes."""
    root = dotted(call.func).partition(".")[0]
    by_module = isinstance(call.func, cst.Attribute) and root != "sklearn"
    source, name = ("sklearn", module) if by_module else (f"sklearn.{module}", wanted)
    alone = _import_of(script, call, root)
    if alone is not None and not any(each.endswith(f".{name}") for each in _imported_names(script)):
        changes.replaced[alone] = line(f"from {source} import {name}").body[0]
    else:
        name = imports.imported(script, changes, source, name, call)
    return f"{name}.{wanted}" if by_module else name


def _import_of(script: Script, call: cst.Call, name: str) -> cst.ImportFrom | None:
    """Return the import of the old class or its module, if it imports nothing else and nothing else uses it."""
    for assignment in script.scope(call)[name]:
        node = getattr(assignment, "node", None)
        if not isinstance(node, cst.ImportFrom) or isinstance(node.names, cst.ImportStar):
            continue
        if len(node.names) == 1 and len(assignment.references) == 1:
            return node
    return None


def _imported_names(script: Script) -> frozenset[str]:
    assignments = script.scope(script.module).assignments
    return frozenset(name.name for each in assignments for name in each.get_qualified_names_for(each.name))


def _remark(script: Script, call: cst.Call) -> str:
    old = kind_of(script, call)
    shown = ", ".join(f'"{text}"' for text in texts(script, old))
    return f"What is printed still names the {old}: {shown}." if shown else ""


EDIT = site_edit(SWAP_ESTIMATOR, measured, _change, kind_of, _remark)
