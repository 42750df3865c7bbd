"""Errors speak for themselves."""

import inspect

import pytest

from trainyard import errors

ALL = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, errors.TrainyardError)]


class TestErrors:
    @pytest.mark.parametrize("error", [error for error in ALL if error is not errors.SubmissionError])
    def test_the_docstring_is_the_default_message(self, error: type[errors.TrainyardError]) -> None:
        """An error raised without words still says what happened."""
        assert str(error()) == inspect.cleandoc(error.__doc__ or "")
        assert str(error("the broker is away")) == "the broker is away"

    @pytest.mark.parametrize("error", ALL)
    def test_the_tree_in_the_docstring_names_every_error(self, error: type[errors.TrainyardError]) -> None:
        """Whoever reads the module's docstring knows all there is to catch."""
        assert error.__name__ in (errors.__doc__ or "")

    def test_a_submission_error_carries_what_its_author_needs(self) -> None:
        """Message, remedy, file and line travel apart, so that mail and terminal can show each in its place."""
        error = errors.SubmissionError(
            "train.py does not parse", remedy="Close the bracket.", reason="syntax", file="train.py", line=3
        )

        assert (error.message, error.remedy, error.reason, error.file, error.line) == (
            "train.py does not parse",
            "Close the bracket.",
            "syntax",
            "train.py",
            3,
        )
