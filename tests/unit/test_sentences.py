"""What people read is written in the field's terms, and docstrings as other Python code bases write them."""

import re

from tests.sentences import docstrings, sentences

DIALECT = re.compile(
    r"no number any more|by heart|brought to mean|hardly lets|vote, so that|is told of|were told|any word of"
    r"|to be had\b"
)
"""Phrases that are not English as the field writes it; each once stood in a sentence that users met."""


def test_no_sentence_is_in_a_private_dialect() -> None:
    """Findings, errors, mail and command say what others would say."""
    assert [sentence for sentence in sentences() if DIALECT.search(sentence.text)] == []


def test_docstrings_begin_with_what_is_done() -> None:
    """A function returns, raises, yields or does something; it does not tell or say."""
    assert [doc for doc in docstrings() if re.match(r"(Tell|Say|Speak)s?\b", doc.text)] == []


def test_every_sentence_is_printed_by_the_command() -> None:
    """The read-through covers errors, findings, deeds, mail and probe alike."""
    paths = {sentence.path.split("/")[0] for sentence in sentences()}

    assert paths >= {"services", "trainyard", "trainyard_cli", "trainprobe"}
