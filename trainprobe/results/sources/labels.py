"""The words by which people name a metric in front of its value, and those that make it another thing."""

from __future__ import annotations

import re
from typing import Pattern

from trainprobe.names import canonical

_BEFORE = r"(?:(?<![^\W_])|(?<=[a-z])(?=[A-Z])|(?<=train)|(?<=test)|(?<=val))"
_ACCURACY = (
    r"ac+u+r+a?n?c\w*|accuary\w*|accu?ar[sc]y|accruacy|accuray|accu(?![a-z])|acc(?:_\w+)?(?![a-z])|compile_metrics"
    r"|(?:recognition|classification|correct(?:ness)?) rate"
    r"|точност[ьи]|准确率|正确率|精确度|exactitud|acur[áa]cia|genauigkeit|akurasi|doğruluk|accuratezza|dokładność"
)
_SCORE = r"scores?(?![a-z])"
_OTHERS = {
    "mae": r"mae|mean[ _]absolute[ _]error",
    "mse": r"mse|mean[ _]squared?[ _]error",
    "rmse": r"rmse|root[ _]mean[ _]squared?(?:[ _]error)?",
    "mape": r"mape|mean[ _]absolute[ _]percentage[ _]error",
    "r2": r"r2(?:[ _-]?score)?|r\s?\^\s?2|r²|r[ _-]?squared|coefficient of determination|variance score",
    "f1": r"f1(?:[ _-]?score)?|f[ _-]?(?:measure|score)",
    "precision": r"precision(?:[ _]score)?",
    "recall": r"recall(?:[ _]score)?|sensitivity",
    "roc_auc": r"(?:roc[ _-]?)?auc(?:[ _-]?score)?|auroc",
    "balanced_accuracy": r"balanced[ _]accuracy(?:[ _]score)?",
}

ACCURACY = re.compile(_BEFORE + "(?:" + _ACCURACY + ")", re.IGNORECASE)
SCORE = re.compile(_BEFORE + _SCORE, re.IGNORECASE)

# What makes an accuracy another thing: directly in front of the word ...
_QUALIFIED = re.compile(
    r"(?<![a-z])(?:top[\W_]?\d*|balanced|baseline|target|required?|desired|expected|random|chance|dummy|null|min(?:imum)?"
    r"|previous|prev|old|threshold|goal|std|deviation(?: of)?|variance(?: of)?|increase in|improvement in|drop in|loss"
    r"|human|reached|iou|dice)[\W_]*(?:\w{1,3}[\W_]+)?$",
    re.IGNORECASE,
)
# ... between the word and the number ...
_SPOILED = re.compile(
    r"(?<![a-z])(?:loss|std|dev(?:iation)?|variance|thresh|target|goal|improv|increase|decrease|drop(?!out)|gain|diff|gap"
    r"|below|above|at least|at most|greater|less|more than|reached|count|number|time|seconds|patience|weight|support"
    r"|error|f1|recall|precision|auc|decay|stop)|@(?!1\b)|(?<![-=>])>(?!>)|<",
    re.IGNORECASE,
)
# ... and a score is an accuracy only where nothing says that it is another metric's
_ANOTHER_SCORE = re.compile(
    r"(?<![a-z])(?:f\d?|f[\W_]?beta|r\s?\^?\s?2|r²|r[\W_]?squared|recall|precision|auc|roc|silhouette|brier|jaccard|kappa|log"
    r"|mcc|matthews|variance|z|loss|bleu|rouge|inception|anomaly|mutual|info(?:rmation)?|rand|v|homogeneity|fid"
    r"|completeness|davies[\W_]bouldin|calinski[\W_]harabasz|gini|mae|mse|rmse|error|dice|iou|credit|importances?"
    r"|features?|similarity|confidence|sentiment|high|regression|t|d2|explained|likelihood|reward|game|total)[\W_]*$",
    re.IGNORECASE,
)


def pattern_of(metric: str) -> Pattern[str]:
    """Return the pattern of the words for *metric*."""
    name = canonical(metric)
    words = _OTHERS.get(name, re.escape(metric) if metric == name else re.escape(metric) + "|" + re.escape(name))
    return re.compile(_BEFORE + "(?:" + words + r")(?![a-z0-9])", re.IGNORECASE)


def is_meant(before: str, word: str) -> bool:
    """Return whether *word*, a word for accuracy with *before* in front of it on its line, means what was measured."""
    if _QUALIFIED.search(before) or _SPOILED.search(word):
        return False
    return not (SCORE.match(word) and _ANOTHER_SCORE.search(before))


def is_spoiled(between: str) -> bool:
    """Return whether the words *between* a label and a number make the number another thing."""
    return bool(_SPOILED.search(between))
