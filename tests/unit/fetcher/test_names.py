"""Which job a submission is, and what it is called."""

import re

import pytest

from services.fetcher.domain import folder_of, is_git, job_id, normalized, redacted, title_of
from trainyard.messages import CodeReady, CodeSubmitted

SAME = {"title": "Wines", "code": "https://host/u/wines.git", "revision": "main", "commit": "c" * 40, "repeat": 1}


class TestJobId:
    def test_is_the_same_for_the_same_code(self) -> None:
        """By whatever spelling of the URL, with or without a password."""
        spelled = ("https://host/u/wines", "https://host/u/wines.git/", "https://me:secret@host/u/wines.git")

        assert {job_id(**{**SAME, "code": code}) for code in spelled} == {job_id(**SAME)}  # type: ignore[arg-type]
        assert job_id(**SAME).startswith("wines-")  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "other", [{"code": "https://host/u/w"}, {"revision": None}, {"commit": "d" * 40}, {"repeat": 2}]
    )
    def test_is_another_for_other_code(self, other: dict[str, object]) -> None:
        """Repository, ref, commit and repeat all count."""
        assert job_id(**{**SAME, **other}) != job_id(**SAME)  # type: ignore[arg-type]

    @pytest.mark.parametrize("title", ["Wine Quality (v2)", "ä", "", "-", "x" * 200, "a" * 53 + "--b", "../../etc"])
    def test_fits_every_name_that_is_made_of_it(self, title: str) -> None:
        """At most 63 characters of the set that messages, containers and folders take."""
        job = job_id(**{**SAME, "title": title})  # type: ignore[arg-type]

        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", job)
        assert len(job) <= 63
        assert CodeReady.model_fields["job"]


class TestTitle:
    @pytest.mark.parametrize(
        ("code", "title"),
        [
            ("https://host/user/wines.git", "wines"),
            ("https://host/user/wines/", "wines"),
            ("git@host:user/wines.git", "wines"),
            ("git@host:wines.git", "wines"),
            ("ssh://git@host/user/wines.git", "wines"),
            ("file:///examples/digits-cnn", "digits-cnn"),
            ("file:///examples/Wine%20Quality/", "Wine Quality"),
            ("/examples/wines", "wines"),
            ("bundle:" + "a" * 64, "upload"),
            ("file:///", "job"),
        ],
    )
    def test_is_the_last_part_of_the_source(self, code: str, title: str) -> None:
        """What people call it."""
        assert title_of(CodeSubmitted(code=code)) == title

    def test_is_the_submissions_own_where_it_has_one(self) -> None:
        """An upload carries the folder's name."""
        assert title_of(CodeSubmitted(code="bundle:" + "a" * 64, title="wines")) == "wines"


class TestCode:
    @pytest.mark.parametrize(
        "code", ["https://host/r.git", "http://host/r", "ssh://git@host/r", "git@host:u/r.git", "git://host/r"]
    )
    def test_is_git(self, code: str) -> None:
        """By its scheme, or as ssh is usually written."""
        assert is_git(code)
        assert folder_of(code) is None

    @pytest.mark.parametrize(
        "code", ["ext::sh -c touch", "--upload-pack=x", "ftp://host/r", "wines", "https://host/a b", "file:///x"]
    )
    def test_is_not(self, code: str) -> None:
        """Other transports, options and mere words."""
        assert not is_git(code)

    def test_is_shown_without_passwords(self) -> None:
        """The name of an ssh user stays where no password can stand beside it."""
        assert redacted("https://me:secret@host:8443/r.git?x=1") == "https://host:8443/r.git?x=1"
        assert redacted("git@host:u/r.git") == "git@host:u/r.git"
        assert redacted("ssh://me:secret@host/r.git") == "ssh://host/r.git"
        assert redacted("file:///home/me@work/r") == "file:///home/me@work/r"
        assert normalized("https://token@host/r.git/") == "https://host/r"
