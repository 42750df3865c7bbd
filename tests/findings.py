"""Writes the table of findings in docs/how-it-decides.md from the rules: ``python -m tests.findings``."""

import dataclasses
import inspect
import re
from itertools import chain
from pathlib import Path

from services.tweaker.rules import RULES, Rule
from services.tweaker.rules.rule import never
from tests.unit.tweaker.diagnosing import a_network, an_estimator
from trainyard.trial import Setting

PAGE = Path(__file__).parents[1] / "docs" / "how-it-decides.md"
TABLE = re.compile(r"(<!-- findings, written by `make docs` -->\n).*(<!-- end of findings -->)", re.DOTALL)
MOST = 6

IMAGE = {"rows": 60000, "shape": [28, 28], "unscaled": True, "overall": {"min": 0.0, "max": 255.0, "std": 78.0}}
ON_NETWORKS: dict[str, Setting] = {
    "scale_inputs": None, "epochs": 10, "learning_rate": 0.02, "optimizer": "rmsprop", "batch_size": 64,
    "patience": 2, "rate_plateau": None, "units": (3,), "filters": (4,), "dense_layer": None, "conv_layer": None,
    "global_pooling": None, "dropout": 0.1, "regularizer": 0.1, "batch_norm": None, "augment": None,
    "activation": "sigmoid", "initializer": "zeros", "output": "x", "zero_grad": None, "class_weight": None,
    "momentum": 0.99,
}  # fmt: skip
ON_ESTIMATORS: dict[str, Setting] = {
    "scale_inputs": None, "neighbours": 1, "weights": "uniform", "C": 3.0, "alpha": 3.0, "gamma": 3.0, "kernel": "poly",
    "components": 2, "hidden_units": (3,), "learning_rate": 0.02, "solver": "sgd", "iterations": 5, "smoothing": 1e-9,
    "estimators": 3, "depth": 2, "leaf": 60, "leaves": 2, "features": 1.0, "swap_estimator": "x",
}  # fmt: skip
CASES = (
    dataclasses.replace(a_network(optimizer="RMSprop", inputs=IMAGE), settings=ON_NETWORKS),
    dataclasses.replace(a_network(optimizer="RMSprop"), settings=ON_NETWORKS),
    dataclasses.replace(an_estimator(inputs={"unscaled": True}), settings=ON_ESTIMATORS),
)
"""A network on images, one on a table, and an estimator, with everything that can be changed."""


def table() -> str:
    """Return the table: a row for each rule, from its detection's docstring and what its remedies yield."""
    rows = [f"| `{rule.name}` | {_evidence(rule)} | {_edits(rule)} |" for rule in RULES]
    return "\n".join(
        [
            "| finding | evidence (confidence, what it rests on) | edits, the first choice first |",
            "|---|---|---|",
            *rows,
        ]
    )


def page(text: str) -> str:
    """Return the page's text with the table as the rules have it."""
    return TABLE.sub(lambda found: f"{found[1]}{table()}\n{found[2]}", text)


def _evidence(rule: Rule) -> str:
    text = " ".join((inspect.getdoc(rule.detect) or "").split()).removeprefix("Detect ").removesuffix(".")
    only: dict[bool | None, str] = {
        True: ". Only where the training data are fitted",
        False: ". Only where the training data are not fitted",
    }
    objects = "" if rule.objects is never else ". **Objection**"
    return f"{text[0].upper()}{text[1:]}{only.get(rule.fits, '')}{objects}"


def _edits(rule: Rule) -> str:
    offered = [[remedy.edit for remedy in rule.remedies(case)] for case in CASES]
    most_first = sorted(offered, key=lambda edits: -len(edits))
    names = list(dict.fromkeys(chain.from_iterable(most_first)))
    return (
        ", ".join([*(f"`{name}`" for name in names[:MOST]), *(["…"] if len(names) > MOST else [])])
        or "none: reported only"
    )


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
