"""Polling: every new commit once, none lost, whatever the network does."""

import threading
from collections.abc import Iterator

import pytest

from services.fetcher.adapters.git import GitRepositories
from services.fetcher.polling import new_commits
from services.fetcher.ports import Repository
from tests.unit.fetcher.repositories import Checkout
from trainyard.messages import CodeSubmitted, Message


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def polled(stop: threading.Event, repositories: GitRepositories, *watched: Repository) -> Iterator[Message]:
    """Poll without a pause."""
    return new_commits(stop, watched=watched, repositories=repositories, every=0.0)


class TestNewCommits:
    def test_are_submitted_once(self, stop: threading.Event, checkout: Checkout, repositories: GitRepositories) -> None:
        """The first look finds the tip, a later one what was pushed since, and nothing in between."""
        first = checkout.commit({"train.py": "one"})
        source = polled(stop, repositories, Repository(url=checkout.url))

        told = [next(source)]
        second = checkout.commit({"train.py": "two"})
        told.append(next(source))

        assert [(each.code, each.revision, each.once) for each in told if isinstance(each, CodeSubmitted)] == [
            (checkout.url, first, True),
            (checkout.url, second, True),
        ]

    def test_are_seen_only_after_their_message_was_confirmed(
        self, stop: threading.Event, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """A crash before the confirm finds the same commit again, as the same submission."""
        checkout.commit({"train.py": "one"})
        watched = Repository(url=checkout.url)

        lost = next(polled(stop, repositories, watched))
        again = next(polled(stop, repositories, watched))

        assert again.message_id == lost.message_id

    def test_follow_the_branch_that_is_watched(
        self, stop: threading.Event, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """Others do not count."""
        commit = checkout.commit({"train.py": "one"})
        checkout.git("branch", "stable")
        checkout.commit({"train.py": "two"})

        told = next(polled(stop, repositories, Repository(url=checkout.url, ref="stable")))

        assert isinstance(told, CodeSubmitted)
        assert told.revision == commit

    def test_come_although_another_repository_is_away(
        self, stop: threading.Event, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """It is logged and asked again the next time."""
        checkout.commit({"train.py": "one"})
        away = Repository(url="https://127.0.0.1:9/nobody/nothing.git")

        told = next(polled(stop, repositories, away, Repository(url=checkout.url)))

        assert isinstance(told, CodeSubmitted)
        assert told.code == checkout.url

    def test_end_with_the_service(
        self, stop: threading.Event, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """Once the service stops, the source ends."""
        stop.set()

        assert list(polled(stop, repositories, Repository(url=checkout.url))) == []
