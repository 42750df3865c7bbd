"""Which names mean the same metric."""

from __future__ import annotations

import re

_ALIASES = {
    "acc": "accuracy",
    "accuracy": "accuracy",
    "binary_accuracy": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "f1_score": "f1",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "r2_score": "r2",
    "precision_score": "precision",
    "recall_score": "recall",
    "balanced_accuracy_score": "balanced_accuracy",
    "accuracy_score": "accuracy",
    "roc_auc_score": "roc_auc",
    "auc": "roc_auc",
}
_DATA = {"val": "validation", "validation": "validation", "test": "test", "train": "train", "training": "train"}
_LESS_IS_BETTER = ("loss", "mae", "mse", "rmse", "error", "logloss")


def canonical(name: str) -> str:
    """Return the one name of a metric: ``Acc``, ``val_acc`` and ``accuracy_1`` are all ``accuracy``."""
    plain = re.sub(r"[\s\-]+", "_", name.strip().lower())
    plain = re.sub(r"^(val|validation|test|train|training)_", "", plain)
    plain = re.sub(r"_\d+$", "", plain)
    if plain in _ALIASES:
        return _ALIASES[plain]
    if re.search(r"(^|_)acc(uracy)?$", plain) and not re.search(r"top|balanced", plain):
        return "accuracy"
    return plain


def data_of(name: str) -> str:
    """Return the data that a name speaks of (``val_acc``: validation), or ``unknown``."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((_DATA[word] for word in words if word in _DATA), "unknown")


def direction_of(name: str) -> str:
    """Return ``minimize`` for losses and errors, else ``maximize``."""
    plain = canonical(name)
    if plain.startswith("neg_"):
        return "maximize"
    return "minimize" if any(plain.endswith(word) for word in _LESS_IS_BETTER) else "maximize"
