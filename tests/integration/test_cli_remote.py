"""The commands that talk to services elsewhere: the real command, a real RabbitMQ, fetcher and evaluator over HTTP."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.evaluator import bootstrap as evaluator
from services.fetcher import bootstrap as fetcher
from tests.contract.brokers import Broker
from trainyard.bus.envelope import Envelope
from trainyard.bus.rabbit import RabbitBus
from trainyard.pages import serving
from trainyard.service import Service, run
from trainyard.storage import Storage
from trainyard.testing import eventually

COMMAND = str(Path(sys.executable).with_name("trainyard"))


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    status: int
    out: str
    err: str


Trainyard = Callable[..., Ended]


@pytest.fixture
def broker(running_broker: Broker) -> Broker:
    """A RabbitMQ with the topology applied."""
    running_broker.empty()
    return running_broker


@pytest.fixture
def trainyard(broker: Broker, tmp_path: Path) -> Iterator[Trainyard]:
    """Runs the real command against fetcher and evaluator; no trainer, so jobs wait."""
    storage = Storage(str(tmp_path / "storage"))
    ledger = evaluator.open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    with ExitStack() as stack:
        fetches = serve(stack, fetcher.assemble(storage=storage, mirrors=str(tmp_path / "mirrors")), broker)
        judges = serve(stack, evaluator.assemble(ledger=ledger, storage=storage), broker)
        environment = {
            "TRAINYARD_BROKER_URL": broker.url(),
            "TRAINYARD_MANAGEMENT_URL": broker.management_url,
            "TRAINYARD_FETCHER_URL": f"http://127.0.0.1:{fetches}",
            "TRAINYARD_EVALUATOR_URL": f"http://127.0.0.1:{judges}",
        }

        def command(*arguments: str) -> Ended:
            process = subprocess.run(
                [COMMAND, *arguments],
                cwd=tmp_path,
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            return Ended(process.returncode, process.stdout, process.stderr)

        yield command


def serve(stack: ExitStack, service: Service, broker: Broker) -> int:
    """Run *service* in a thread until the stack is left; return the port of its pages."""
    stop = threading.Event()
    bus = stack.enter_context(closing(RabbitBus(broker.url(service.name), app=service.name)))
    port = stack.enter_context(serving("127.0.0.1", 0, service.pages, lambda: None))
    thread = threading.Thread(target=run, args=(service, bus, stop), daemon=True)
    thread.start()
    stack.callback(thread.join, 10)
    stack.callback(stop.set)
    return port


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder with a script."""
    folder = tmp_path / "flowers"
    folder.mkdir()
    (folder / "train.py").write_text("print('accuracy', 0.5)\n")
    return folder


class TestTopology:
    def test_is_shown_and_applied(self, trainyard: Trainyard) -> None:
        """Applying once more changes nothing, and everything is then as it should be."""
        applied = trainyard("topology", "apply")
        eventually(lambda: trainyard("topology", "show").status == 0, timeout=20, message="policies are not in force")
        shown = trainyard("topology", "show")

        assert applied.status == 0, applied.err
        assert "The topology is in place" in applied.out
        assert "✓ queue trainyard.trainer: durable quorum" in shown.out
        assert "✗" not in shown.out

    def test_names_a_broker_that_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It waits for as long as it is told, then says where the broker should be."""
        monkeypatch.setenv("TRAINYARD_MANAGEMENT_URL", "http://trainyard:trainyard@127.0.0.1:1")
        process = subprocess.run(
            [COMMAND, "topology", "apply", "--patience", "0"], capture_output=True, text=True, check=False
        )

        assert process.returncode == 1
        assert "nothing answers at 127.0.0.1:1" in process.stderr
        assert process.stderr.count("\n") == 1


class TestSubmit:
    def test_becomes_a_job_that_can_be_listed_and_cancelled(self, trainyard: Trainyard, code: Path) -> None:
        """A folder is uploaded; its job waits, is cancelled by the beginning of its name, and watched to its end."""
        submitted = trainyard("submit", str(code), "--threshold", "0.5")
        assert submitted.status == 0, submitted.err
        eventually(lambda: "waiting for a slot" in trainyard("jobs").out, timeout=20, message="no job is listed")

        cancelled = trainyard("cancel", "flow")
        watched = trainyard("watch", "flow")

        assert cancelled.status == 0, cancelled.err
        assert watched.status == 1
        assert "■ cancelled" in watched.out
        assert trainyard("cancel", "flow").status == 2

    def test_follows_its_own_job_to_the_end(self, trainyard: Trainyard, code: Path) -> None:
        """--watch makes a CI step of it: the failure is told with its line, the status is 1."""
        (code / "trainyard.toml").write_text("threshold = 'high'\n")

        ended = trainyard("submit", str(code), "--watch")

        assert ended.status == 1, ended.err
        assert "✘ failed" in ended.out
        assert "trainyard.toml:1" in ended.out

    def test_names_an_unknown_url(self, trainyard: Trainyard) -> None:
        """A repository that is not there ends as a failure that says so."""
        ended = trainyard("submit", "http://127.0.0.1:1/nowhere.git", "--watch")

        assert ended.status == 1
        assert "✘ failed" in ended.out
        assert "http://127.0.0.1:1/nowhere.git" in ended.out
        assert "Remedy:" in ended.out


class TestWatch:
    def test_names_near_jobs_for_an_unknown_one(self, trainyard: Trainyard) -> None:
        """Nothing was submitted yet: how to start is said."""
        ended = trainyard("watch", "wines")

        assert ended.status == 2
        assert (
            ended.err == "trainyard: there is no job 'wines'. There are no jobs yet; `trainyard submit` starts one.\n"
        )


class TestParked:
    def test_is_listed_shown_replayed_and_dropped(self, trainyard: Trainyard, broker: Broker) -> None:
        """A body that nobody can read is put aside with its reason, and stays in a person's hands."""
        with closing(RabbitBus(broker.url(), app="trainyard")) as bus:
            bus.publish(Envelope(key="code.submitted", body=b"not json", message_id="4f1c-poison"))
        eventually(lambda: "4f1c-poison" in trainyard("parked", "list").out, timeout=20, message="nothing is parked")

        shown = trainyard("parked", "show", "4f")
        replayed = trainyard("parked", "replay", "4f")
        eventually(lambda: "4f1c-poison" in trainyard("parked", "list").out, timeout=20, message="it did not come back")
        dropped = trainyard("parked", "drop", "4f")

        assert "Queue     trainyard.fetcher" in shown.out
        assert "InvalidMessageError" in shown.out
        assert "not json" in shown.out
        assert replayed.out == "replayed 4f1c-poison: code.submitted\n"
        assert dropped.out == "dropped 4f1c-poison: code.submitted\n"
        assert trainyard("parked", "list").out == "Nothing is parked.\n"

    def test_wants_to_know_which(self, trainyard: Trainyard) -> None:
        """Neither an id nor --all: nothing is replayed by accident."""
        assert trainyard("parked", "replay").status == 2
        assert "no parked message has an id that begins with 'zz'" in trainyard("parked", "drop", "zz").err


class TestDoctor:
    def test_finds_what_there_is(self, trainyard: Trainyard) -> None:
        """Broker, topology, fetcher and evaluator are well here; what is missing has its remedy."""
        eventually(lambda: trainyard("topology", "show").status == 0, timeout=20, message="policies are not in force")

        ended = trainyard("doctor", "--for", "compose")

        for well in ("✓ broker: ", "✓ management API: RabbitMQ", "✓ topology: ", "✓ fetcher: ", "✓ evaluator: "):
            assert well in ended.out
