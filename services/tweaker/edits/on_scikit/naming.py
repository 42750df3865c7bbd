"""What around an estimator is named after its class: variables, the step of a pipeline, comments, printed texts."""

import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ClassScope

from services.tweaker.edits.assignments import assignments, is_variable, names_in, reads_of
from services.tweaker.edits.on_scikit.estimator_uses import PIPELINE
from services.tweaker.source import Changes, NotUnderstoodError, Script, called, free_name
from trainyard_analysis.vocabulary import SHOWING

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+")
_VAGUE = frozenset({"classifier", "regressor", "regression", "cv", "random", "extra", "gradient", "hist", "decision"})
"""Parts of classes' names that also mean other things."""
_ALSO: Mapping[str, str] = {
    "Neighbors": "knn neighbour neighbours neighbor nearest",
    "SV": "svm",
    "NB": "bayes",
    "Logistic": "logreg logit",
    "Forest": "forests",
    "Tree": "tree trees",
}
"""What people call the classes besides, by a part of their names."""
_LETTERS = frozenset({"", *ascii_lowercase})
_REACHED_BY_TEXT = re.compile(r"\b(?:__all__|globals|locals|exec|eval|global|nonlocal)\b")


def rename(script: Script, changes: Changes, call: cst.Call, old: str, wanted: str, new: str) -> None:
    """Call *new* what is named after the class *old* that a call creates, and let comments name the *wanted* one."""
    try:
        statement = script.statement(call)
    except NotUnderstoodError:
        return
    _change_comments(changes, statement, old, wanted)
    _rename_step(script, changes, call, old, new)
    assign = statement.body[0]
    target = assign.targets[0].target if isinstance(assign, cst.Assign) and len(assign.targets) == 1 else None
    for variable in _made_of(script, target) if isinstance(target, cst.Name) else ():
        name = _renamed(variable.value, old, new)
        fresh = cst.Name(free_name(script, changes, name)) if name else variable
        changes.replaced.update(dict.fromkeys(_places(script, variable) if name else (), fresh))


def texts(script: Script, old: str) -> list[str]:
    """Return the texts that the script shows in which the class *old* is named."""
    shown = (node for call in script.calls if called(call) in SHOWING for node in _written(call))
    return list(dict.fromkeys(text.strip() for text in shown if _says(text, old)))


def _written(call: cst.Call) -> Iterator[str]:
    for node in m.findall(call, m.SimpleString() | m.FormattedStringText()):
        if isinstance(node, cst.FormattedStringText):
            yield node.value
        elif isinstance(node, cst.SimpleString) and isinstance(node.evaluated_value, str):
            yield node.evaluated_value


def _words(kind: str) -> set[str]:
    """Return the words by which people know a class: of its name, and others."""
    also = (word for part, words in _ALSO.items() if part in kind for word in words.split())
    parts = {part.lower() for part in _PARTS.findall(kind) if len(part) > 1}
    return {kind.lower(), *also, *parts} - _VAGUE


def _initials(kind: str) -> set[str]:
    """Return the abbreviations of a class for which variables are named: rf and rfc, dt and dtc, lr, gnb."""
    letters = [part if part.isupper() else part[0] for part in _PARTS.findall(kind)]
    short = {"".join(each).lower() for each in (letters, letters[:-1])} - _LETTERS
    return short | ({"k"} if kind.startswith("KNeighbors") else set())


def _says(text: str, kind: str) -> bool:
    return not _words(kind).isdisjoint(re.findall(r"[a-z]+", text.lower()))


def _renamed(name: str, old: str, new: str) -> str:
    """Return the name with *new* for what names the class *old* in it; "" where nothing does."""
    parts = [part.lower() for part in re.findall(f"{_PARTS.pattern}|[0-9]+", name)]
    known = _words(old) | _initials(old)
    if known.intersection(parts) <= {new, *_LETTERS}:
        return ""
    text = "_".join(dict.fromkeys(new if part in known else part for part in parts))
    return text.upper() if name.isupper() else text


def _made_of(script: Script, target: cst.Name) -> Iterator[cst.Name]:
    """Yield the variable itself, and those that are assigned what is made with it."""
    yield target
    reads = set(reads_of(script, target))
    for node in script.nodes(cst.Assign):
        (first, *others) = node.targets
        if isinstance(first.target, cst.Name) and not others and not reads.isdisjoint(names_in(node.value)):
            yield first.target


def _places(script: Script, target: cst.Name) -> list[cst.Name]:
    """Return where a variable is assigned and read; none where it may be known by its name elsewhere."""
    every = [node for node in script.nodes(cst.Name) if node.value == target.value and is_variable(script, node)]
    assigned = assignments(script, target)
    reads = [name for each in assigned for access in each.references for name in names_in(access.node)]
    known = {target, *reads}
    elsewhere = any(other is not script for other in script.mentioning(target.value))
    is_safe = len(assigned) == 1 and known >= set(every) and not isinstance(assigned[0].scope, ClassScope)
    return [] if elsewhere or not is_safe or _REACHED_BY_TEXT.search(script.module.code) else every


def _change_comments(changes: Changes, statement: cst.SimpleStatementLine, old: str, wanted: str) -> None:
    """Drop a comment that names the class at the end of a line; one just above it names the other class."""
    end = statement.trailing_whitespace
    if end.comment is not None and _says(end.comment.value, old):
        changes.replaced[end] = end.with_changes(whitespace=cst.SimpleWhitespace(""), comment=None)
    for above in statement.leading_lines[-1:]:
        if above.comment is not None and _says(above.comment.value, old):
            changes.replaced[above.comment] = cst.Comment(f"# {wanted}")


def _rename_step(script: Script, changes: Changes, call: cst.Call, old: str, new: str) -> None:
    """Rename the step of a pipeline that an estimator is, where nothing else names it."""
    element = script.parent(call)
    step = script.parent(element) if isinstance(element, cst.Element) else None
    name = step.elements[0].value if isinstance(step, cst.Tuple) else None
    outer = script.nearest(call, cst.Call)
    if not isinstance(name, cst.SimpleString) or outer is None or script.is_called(outer, PIPELINE) is None:
        return
    text, renamed = name.raw_value, _renamed(name.raw_value, old, new)
    if renamed and sum(text in each.value for each in script.nodes(cst.SimpleString)) == 1:
        changes.replaced[name] = cst.SimpleString(f"{name.quote}{renamed}{name.quote}")
