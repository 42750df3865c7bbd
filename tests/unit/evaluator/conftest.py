"""An evaluator's desk: a ledger on SQLite, storage in a folder, counts and a clock to look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.evaluator.adapters.ledger import SqlLedger
from services.evaluator.domain import Verdict
from services.evaluator.ports import Tools
from tests.unit.evaluator.builders import NOW
from trainyard.messages import JobFinished, Outcome
from trainyard.storage import Storage


@dataclass
class Tally:
    """Counts, to be read again."""

    verdicts: list[Verdict] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    jobs: int = 0

    def judged(self, verdict: Verdict) -> None:
        """Keep the verdict."""
        self.verdicts.append(verdict)

    def finished(self, ending: JobFinished) -> None:
        """Keep the outcome."""
        self.outcomes.append(ending.outcome)

    def active(self, jobs: int) -> None:
        """Keep the number."""
        self.jobs = jobs


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    seconds: float = NOW

    def __call__(self) -> float:
        """Return the time, in seconds since 1970."""
        return self.seconds


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    it = SqlLedger(f"sqlite:///{tmp_path}/ledger.db")
    yield it
    it.close()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "storage"))


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tools(ledger: SqlLedger, storage: Storage, tally: Tally, clock: Clock) -> Tools:
    return Tools(ledger=ledger, marks=storage, counts=tally, now=clock)
