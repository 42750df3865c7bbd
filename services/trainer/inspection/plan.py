"""What inspection concludes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from trainyard.engine.port import Recipe, Setup
from trainyard.errors import SubmissionError
from trainyard.policy import FILE

Kind = Literal["ann", "cnn", "rnn", "transfer", "knn", "sklearn", "boosting", "torch"]
ImageKind = Literal["sklearn", "ann", "cnn", "torch", "python311", "python37", "keras2", "own"]

Topic = Literal[
    "entrypoint",
    "workdir",
    "modules",
    "input",
    "kind",
    "keras",
    "compat",
    "image",
    "data",
    "data sets",
    "paths",
    "folders",
    "models",
]


@dataclass(frozen=True, slots=True)
class Note:
    """One conclusion and its reason, as a sentence for people."""

    topic: Topic
    text: str


def listed(names: Collection[str], most: int = 5) -> str:
    """Return names in a row, at most so many of them."""
    more = len(names) - most
    return ", ".join(islice(names, most)) + (f" and {more} more" if more > 0 else "")


def no_such(what: str, named: str, remedy: str) -> SubmissionError:
    """Return the refusal of a setting that names a file or folder which is not there."""
    message = f"{FILE} names the {what} {named!r}, which does not exist"
    return SubmissionError(message, remedy=remedy, reason="config", file=FILE)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train a bundle.

    Attributes:
        entrypoint: The script to run, relative to the bundle's root.
        workdir: Where to start it, relative to the root; "." for the root itself.
        args: Its command line: the author's settings, or else what a Dockerfile starts it with.
        environment: Further variables: the author's settings, or else what a Dockerfile gives of those it reads.
        kind: What sort of model it trains.
        recipe: The image to train in: the smallest that holds what it imports, and what else it needs.
        setup: What is done for it before it starts.
        imports: The modules that it needs from the image, by their top-level names.
        notes: Each conclusion with its reason.
        data_files: Files of the bundle that it names.
        data_sets: Data sets that a library fetches for it.
        models_loaded: Model files of the bundle that it loads, so that it does not begin anew.
        lost_paths: Absolute paths that nothing in the bundle answers.
    """

    entrypoint: str
    workdir: str
    kind: Kind
    recipe: Recipe
    setup: Setup
    imports: tuple[str, ...]
    notes: tuple[Note, ...]
    args: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    data_files: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()
    models_loaded: tuple[str, ...] = ()
    lost_paths: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence for each conclusion, for people."""
        return tuple(note.text for note in self.notes)
