"""Which names mean the same metric, and whether more of it is better."""

from __future__ import annotations

import re

_ALIASES = {
    "accuracy_score": "accuracy",
    "f1_score": "f1",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle",
    "mean_squared_log_error": "msle",
    "median_absolute_error": "medae",
    "r2_score": "r2",
    "r_squared": "r2",
    "precision_score": "precision",
    "recall_score": "recall",
    "balanced_accuracy_score": "balanced_accuracy",
    "cohen_kappa_score": "kappa",
    "matthews_corrcoef": "mcc",
    "roc_auc_score": "roc_auc",
    "auc": "roc_auc",
    "merror": "error",
    "log_loss": "logloss",
    "multi_logloss": "logloss",
    "mlogloss": "logloss",
    "binary_logloss": "logloss",
    "multi_error": "error",
    "binary_error": "error",
    "l1": "mae",
    "l2": "mse",
}
LESS_IS_BETTER = ("loss", "mae", "mse", "mape", "msle", "medae", "error", "deviance")
"""How the names of losses and errors end."""
_OTHER_ACCURACIES = re.compile(r"top|balanced|baseline|target|(^|_)(std|min|var|old|prev|previous)(_|$)|loss|thresh")


def canonical(name: str) -> str:
    """Return the one name of a metric: ``Acc``, ``val_acc``, ``testAccuracy`` and ``accuracy_1`` are ``accuracy``."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    plain = re.sub(r"[\s\-]+", "_", plain.lower())
    plain = re.sub(r"^(val|valid|validation|test|train|training|eval)_", "", plain)
    plain = re.sub(r"_\d+$", "", plain)
    if plain in _ALIASES:
        return _ALIASES[plain]
    if re.search(r"(^|_)acc(uracy)?$", plain) and not _OTHER_ACCURACIES.search(plain):
        return "accuracy"
    return plain


def direction_of(name: str) -> str:
    """Return ``minimize`` for losses and errors, else ``maximize``."""
    plain = canonical(name)
    if plain.startswith("neg_"):
        return "maximize"
    return "minimize" if plain.endswith(LESS_IS_BETTER) else "maximize"
