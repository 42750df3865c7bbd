"""What the fetcher's tests work with: real repositories, folders and storage."""

from pathlib import Path

import pytest

from services.fetcher.adapters.folders import LocalFolders
from services.fetcher.adapters.git import GitRepositories
from services.fetcher.handlers import Tools
from tests.unit.fetcher.repositories import Checkout
from trainyard.storage import Storage


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "Wine Quality")


@pytest.fixture
def repositories(tmp_path: Path) -> GitRepositories:
    return GitRepositories(str(tmp_path / "mirrors"), timeout=30)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "storage"))


@pytest.fixture
def tools(storage: Storage, repositories: GitRepositories, tmp_path: Path) -> Tools:
    private = [str(tmp_path / "storage"), str(tmp_path / "mirrors")]
    return Tools(storage, repositories, LocalFolders(private=private))
