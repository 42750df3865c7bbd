"""Which data a measurement was taken on: what the fits were given decides, else what the author calls the data."""

from __future__ import annotations

import re
from enum import Enum
from typing import Iterable, Sequence

from trainprobe.call_site import authors_variables, statement
from trainprobe.data.content import content_of
from trainprobe.data.fits import Fit
from trainprobe.data.identity import hashes_of
from trainprobe.foreign import Foreign

COMPARED_FITS = 8  # the latest; in a loop over folds one of them had the rows that are held out now


class DataKind(str, Enum):
    """The data of a measurement, by the words of result.json."""

    TEST = "test"
    VALIDATION = "validation"
    TRAIN = "train"
    FOLDS = "folds"
    UNKNOWN = "unknown"
    FOLD = "fold"  # test data that another fit was given; reported as test unless a loop over folds is recognised

    __str__ = str.__str__
    __hash__ = str.__hash__

    @property
    def is_held_out(self) -> bool:
        """Whether it is one set of rows that the model was not fitted with."""
        return self in (DataKind.TEST, DataKind.VALIDATION, DataKind.FOLD)

    @property
    def reported(self) -> DataKind:
        """The kind as it is reported where no loop over folds is recognised."""
        return DataKind.TEST if self is DataKind.FOLD else self


HELD_OUT_LAST = (DataKind.TRAIN, DataKind.UNKNOWN, DataKind.VALIDATION, DataKind.TEST)
_WORDS = {
    DataKind.TEST: re.compile(r"(?<![a-z])test(?!ament|if)|(?<=x|y)test|hold[\W_]?out|held[\W_]?out|тест|测试"),
    DataKind.VALIDATION: re.compile(r"(?<![a-z])(?:val(?!u|l|o|k|e(?!n))|dev(?![a-z]))|(?<=[xy])val(?!u)|валид|验证"),
    DataKind.TRAIN: re.compile(
        r"(?<![a-z])(?<!after )(?<!before )(?<!during )(?<!while )(?<!end of )(?<!after the )"
        r"train(?!er|able)(?!(?:ing|ed)? (?:finished|complete|done|ended|took|time|for|with|using))|(?<=[xy])train"
        r"|обуч|训练"
    ),
}


def agreed(kinds: Iterable[DataKind]) -> DataKind:
    """Return the one kind that all *kinds* are, else unknown."""
    distinct = set(kinds)
    return distinct.pop() if len(distinct) == 1 else DataKind.UNKNOWN


def first_known(kinds: Iterable[DataKind]) -> DataKind:
    """Return the first of *kinds* that is not unknown."""
    return next((kind for kind in kinds if kind is not DataKind.UNKNOWN), DataKind.UNKNOWN)


def kind_in(words: str) -> DataKind:
    """Return the data that a name or a few words mention (``val_acc``: validation); unknown where they mention two."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words).lower()
    return agreed(kind for kind, pattern in _WORDS.items() if pattern.search(plain))


def kind_named(*objects: Foreign) -> DataKind:
    """Return the data that the author's names for any of *objects* mention, or the statement that makes the call."""
    wanted = [one for one in objects if one is not None]
    for variables in authors_variables():
        names = (name for name, value in list(variables.items()) if any(value is one for one in wanted))
        kind = first_known(map(kind_in, names))
        if kind is not DataKind.UNKNOWN:
            return kind
    return kind_in(statement())


def kind_of(fits: Sequence[Fit], model: Foreign, inputs: Foreign, *labels: Foreign) -> DataKind:
    """Return the kind of the data that a call measures *model* on, given the *fits* so far.

    It is train where the model was fitted with it, validation where a fit was validated with it, unless the author
    calls it test, and a fold where another fit was given it. Else it is what the author calls it; where that is nothing
    and the fits were given other data, test. *inputs* and *model* are None where they are not known.
    """
    own = [fit for fit in fits if fit.is_of(model)]
    compared = own or fits
    hashes = hashes_of(inputs) if fits else None
    if _fitted_with(compared, inputs, hashes) or _labels_fitted(fits, own, inputs, labels):
        return DataKind.TRAIN
    return _held_out_kind(fits, compared, hashes, inputs, labels)


def _held_out_kind(
    fits: Sequence[Fit], compared: Sequence[Fit], hashes: Foreign, inputs: Foreign, labels: Sequence[Foreign]
) -> DataKind:
    named = kind_named(inputs, *labels)
    if any(fit.was_validated_with(inputs, *labels) for fit in compared):
        return DataKind.TEST if named is DataKind.TEST else DataKind.VALIDATION
    if not _comparable(compared, inputs, labels):
        return named
    if any(fit.rows.hold(hashes) for fit in fits[-COMPARED_FITS:]):
        return DataKind.FOLD
    return first_known((named, DataKind.TEST))


def _fitted_with(fits: Sequence[Fit], inputs: Foreign, hashes: Foreign) -> bool:
    # A refit forgets the rows of the fit before, as in a loop over folds, so only the last one's rows are compared.
    if any(fit.inputs.holds(inputs) for fit in fits):
        return True
    return any(fit.rows.hold(hashes) or fit.rows.are_in(hashes) for fit in fits[-1:])


def _labels_fitted(fits: Sequence[Fit], own: Sequence[Fit], inputs: Foreign, labels: Sequence[Foreign]) -> bool:
    # They decide where the inputs are not known, or may have been transformed on their way into the model.
    return (inputs is None or not own) and any(fit.labels.holds(one) for fit in fits for one in labels)


def _comparable(fits: Sequence[Fit], inputs: Foreign, labels: Sequence[Foreign]) -> bool:
    """Return whether both sides have content; that of some datasets and generators cannot be read."""
    if inputs is not None:
        return bool(fits) and content_of(inputs) is not None and all(fit.inputs.known for fit in fits)
    return any(content_of(one) is not None for one in labels) and any(fit.labels.known for fit in fits)
