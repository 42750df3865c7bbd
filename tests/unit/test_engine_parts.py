"""The engine's pure parts: what a run is given, how it is confined, and what the engine's words mean."""

import base64
import io
import json
import socket
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from docker import errors

from tests.unit.monitor.builders import a_message
from trainyard.engine import labels, layout
from trainyard.engine.containers import hardening
from trainyard.engine.containers.archive import only_file, packed
from trainyard.engine.containers.connection import ATTEMPTS, Connection, meaning
from trainyard.engine.port import EngineBusyError, GoneError, Setup, Spec
from trainyard.errors import EngineUnavailableError, PermanentError, TrainyardError
from trainyard.policy import Metric, Policy, Resources, in_bytes
from trainyard.trial import EarlyStop, Warm

SETUP = Setup(
    stdin="yes\n",
    paths={"/root/ws/data.csv": "data.csv"},
    folders=("out",),
    pythonpath=("src",),
    compat=("keras", "numpy"),
    metrics_files=("out/score.txt",),
)
SPEC = Spec(
    a_message(run=2), "image", "src/train.py", "src", ("--fast",), {"src/train.py": b"x = 1\n"}, {"MINE": "1"}, SETUP
)


class TestLayout:
    def test_the_task_names_everything_by_where_the_run_finds_it(self) -> None:
        """The same volume, whatever it is called outside."""
        files = layout.contents(SPEC, {"__main__.py": b"pass"}, "/trainyard")

        assert sorted(files) == ["code/src/train.py", "probe/trainprobe/__main__.py", "r2/task.json", "start"]
        assert json.loads(files["r2/task.json"]) == {
            "version": 1,
            "entrypoint": "src/train.py",
            "args": ["--fast"],
            "workdir": "src",
            "code": "/trainyard/code",
            "checkpoints": "/trainyard/checkpoints",
            "run_dir": "/trainyard/r2",
            "run": 2,
            "seed": 1,
            "metric": None,
            "metrics_files": ["out/score.txt"],
            "stdin": "yes\n",
            "paths": {"/root/ws/data.csv": "data.csv"},
            "folders": ["out"],
            "pythonpath": ["src"],
            "compat": ["keras", "numpy"],
            "datasets": None,
            "keeps_checkpoint": True,
            "warm": None,
            "older": [],
            "early_stop": None,
            "holdout": 0.0,
            "screening": True,
            "early": [],
        }

    def test_another_trials_checkpoint_lies_beside_this_ones_own(self) -> None:
        """The task says whose it is and how to begin with it; it says so too where the checkpoint is gone by now."""
        message = SPEC.message.model_copy(update={"warm": Warm(trial=1, how="continue", location="c" * 64)})
        spec = replace(SPEC, message=message, warm=b"weights")

        files = layout.contents(spec, {}, "/trainyard")

        assert files["checkpoints/warm.npz"] == b"weights"
        told = {"trial": 1, "how": "continue", "path": "/trainyard/checkpoints/warm.npz"}
        assert json.loads(files["r2/task.json"])["warm"] == told
        assert "checkpoints/warm.npz" not in layout.contents(replace(spec, warm=None), {}, "/trainyard")

    def test_what_the_policy_asks_of_the_probe_travels_along(self) -> None:
        """When to end the training, what to hold out, and that nobody wants its checkpoint."""
        stop = EarlyStop(rule="patience", curve="loss", direction="minimize", patience=10)
        policy = Policy(holdout=0.2, warm_start=False)
        message = SPEC.message.model_copy(update={"early_stop": stop, "policy": policy})

        task = layout.task(replace(SPEC, message=message), "/trainyard")

        assert task["early_stop"] == stop.model_dump()
        assert (task["holdout"], task["keeps_checkpoint"]) == (0.2, False)

    @pytest.mark.parametrize(
        ("policy", "trial"),
        [(Policy(), 2), (Policy(screening="off"), 1), (Policy(holdout=0.2), 1)],
        ids=["a later trial", "off", "sealed rows"],
    )
    def test_other_models_are_screened_in_the_first_trial_only(self, policy: Policy, trial: int) -> None:
        """And not there either where its author does not want it, or rows of the training are held out."""
        message = SPEC.message.model_copy(update={"policy": policy, "trial": trial})

        assert layout.task(replace(SPEC, message=message), "/trainyard")["screening"] is False

    def test_what_says_that_all_is_there_comes_last(self) -> None:
        """A container that waits for its files must not begin before it has them."""
        files = layout.contents(SPEC, {"z.py": b""}, "/trainyard")

        with tarfile.open(fileobj=io.BytesIO(packed(layout.folders(SPEC), files, 10001))) as archive:
            assert archive.getnames()[-1] == layout.START

    def test_the_metric_that_the_author_names_travels_along(self) -> None:
        """With its direction."""
        policy = Policy(metric=Metric(name="mae", direction="minimize"))
        spec = Spec(SPEC.message.model_copy(update={"policy": policy}), "", "a.py", ".", (), {}, {})

        assert layout.task(spec, "/x")["metric"] == {"name": "mae", "direction": "minimize"}

    def test_the_specs_variables_win(self) -> None:
        """Over the quiet defaults."""
        variables = layout.environment(SPEC, "/trainyard", cpus=2)

        assert (variables["MINE"], variables["PYTHONPATH"]) == ("1", "/trainyard/probe")
        assert variables["PYTHONHASHSEED"] == "1"

    @pytest.mark.parametrize(
        ("allowed", "told"), [(None, None), (64, None), (65, None), (1, "1"), (0.2, "1"), (1.5, "2")]
    )
    def test_libraries_start_no_more_threads_than_they_may_run(self, allowed: float | None, told: str | None) -> None:
        """They look at the host's sixty-four processors, not at the limit."""
        variables = layout.threads(allowed, 64)

        assert (variables.get("OMP_NUM_THREADS"), variables.get("TF_NUM_INTRAOP_THREADS")) == (told, told)

    def test_an_authors_own_number_of_threads_stands(self) -> None:
        """As every variable that they set."""
        policy = Policy(resources=Resources(cpus=1))
        spec = Spec(
            SPEC.message.model_copy(update={"policy": policy}), "", "a.py", ".", (), {}, {"OMP_NUM_THREADS": "3"}
        )

        variables = layout.environment(spec, "/x", cpus=64)

        assert (variables["OMP_NUM_THREADS"], variables["MKL_NUM_THREADS"]) == ("3", "1")

    def test_a_package_is_read_without_its_leavings(self, tmp_path: Path) -> None:
        """Sources only, also of packages within."""
        (tmp_path / "hooks" / "__pycache__").mkdir(parents=True)
        for name in ("__init__.py", "hooks/keras.py", "hooks/__pycache__/keras.pyc"):
            (tmp_path / name).write_text(name)

        assert layout.read_package(str(tmp_path)) == {
            "__init__.py": b"__init__.py",
            "hooks/keras.py": b"hooks/keras.py",
        }

    @pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "code/../../x"])
    def test_paths_out_of_the_volume_are_refused(self, path: str) -> None:
        """Names of artifacts come from a script."""
        assert not layout.safe(path)

    @pytest.mark.parametrize(
        ("log", "shown"),
        [
            (b"one\ntwo\nthree\n", "two\nthree"),
            (b"10%\r50%\r100%\n", "100%"),
            (b"windows\r\nlines\r\n", "windows\nlines"),
            (b"half a \xc3", "half a �"),
            (b"", ""),
        ],
    )
    def test_a_log_is_shown_as_a_terminal_would(self, log: bytes, shown: str) -> None:
        """Progress bars do not fill a mail."""
        assert layout.readable(log, 2) == shown


class TestHardening:
    @pytest.mark.parametrize(
        ("memory", "size"), [("7", 7), ("7b", 7), ("2k", 2048), ("64m", 64 << 20), ("4g", 4 << 30)]
    )
    def test_sizes_are_read_as_docker_writes_them(self, memory: str, size: int) -> None:
        """As in trainyard.toml."""
        assert in_bytes(memory) == size

    def test_asks_for_no_more_than_the_engine_has(self) -> None:
        """An author's 64 processors are not an error on a host with two; nor is a byte of memory."""
        options = hardening.options(Resources(cpus=64, memory="1b"), "volume", "none", cpus=2)

        assert (options["nano_cpus"], options["mem_limit"]) == (2_000_000_000, 6 << 20)
        assert options["mem_limit"] == options["memswap_limit"]


class TestLabels:
    def test_a_container_that_never_ran_or_still_runs_has_no_end(self) -> None:
        """The engine says the year 1 for never."""
        assert labels.seconds("0001-01-01T00:00:00Z") == 0.0
        assert labels.seconds("1970-01-01T00:01:00.5Z") == 60.5
        assert labels.seconds("2026-11-20T14:30:11.892710831Z") == pytest.approx(1795185011.89271)

    @pytest.mark.parametrize(
        ("line", "printed"),
        [
            (b"1970-01-01T00:01:00.5Z epoch 1\n", 60.5),
            (b"1970-01-01T00:01:00.5Z columns X Y Z and w\n", 60.5),
            (b"1970-01-01T00:01:00.5Z \n", 60.5),
            (b"no time at all\n", 0.0),
            (b"\xff\xfe Z 1\n", 0.0),
            (b"", 0.0),
        ],
    )
    def test_a_line_is_dated_whatever_it_says(self, line: bytes, printed: float) -> None:
        """Scripts print what they like; one line must not keep the monitor from every other run."""
        assert labels.printed_at(line) == printed

    def test_volumes_of_others_are_no_trial(self) -> None:
        """Labels may be missing altogether."""
        assert labels.trial_of(labels.of_volume(SPEC.message, "here")) == ("wines", 1)
        assert [labels.trial_of(other) for other in (None, {}, {"trainyard.job": "x", "trainyard.trial": "one"})] == [
            None,
            None,
            None,
        ]


class TestArchive:
    def test_all_of_it_belongs_to_the_training_user(self) -> None:
        """The volume's own root too, so that a script that is not root may write."""
        with tarfile.open(fileobj=io.BytesIO(packed(["r1"], {"code/a/b.py": b"1"}, 10001))) as archive:
            entries = archive.getmembers()

        assert {entry.name for entry in entries} == {".", "r1", "code", "code/a", "code/a/b.py"}
        assert {(entry.uid, entry.gid) for entry in entries} == {(10001, 10001)}

    def test_what_is_read_is_one_plain_file(self) -> None:
        """A folder has no content; an archive cut short is not an empty file."""
        file = an_archive(b"y" * 600)

        assert only_file([packed([], {}, 0)]) is None
        assert only_file([file]) == b"y" * 600
        with pytest.raises(tarfile.ReadError):
            only_file([file[:900]])


def an_archive(content: bytes) -> bytes:
    """Return an archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("x")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@contextmanager
def an_engine(archives: list[bytes]) -> Iterator[Connection]:
    """Serve the archives one after another, as an engine serves what is read from a container."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the version, or the next archive."""
            body = b'{"ApiVersion": "1.44"}' if self.path.endswith("/version") else archives.pop(0)
            stat = base64.b64encode(json.dumps({"mode": 0o644, "size": 600}).encode()).decode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Docker-Container-Path-Stat", stat)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with closing(Connection(f"tcp://127.0.0.1:{server.server_port}")) as connection:
            yield connection
        server.shutdown()


class TestReadingAFile:
    def test_that_is_replaced_meanwhile_is_read_again(self) -> None:
        """Its first archive ends early, the next one is whole."""
        whole = an_archive(b"y" * 600)
        with an_engine([whole[:900], whole]) as engine:
            assert engine.content("name", "/a.txt", most=1000) == b"y" * 600

    def test_whose_archives_all_end_early_is_given_up(self) -> None:
        """After a few attempts, as an engine that cannot be used now."""
        archives = [an_archive(b"y" * 600)[:900]] * (ATTEMPTS + 1)
        with an_engine(archives) as engine, pytest.raises(EngineUnavailableError):
            engine.content("name", "/a.txt", most=1000)

        assert len(archives) == 1


class TestMeaning:
    @pytest.mark.parametrize(
        ("error", "status", "ours"),
        [
            (errors.NotFound, 404, GoneError),
            (errors.ImageNotFound, 404, EngineUnavailableError),
            (errors.APIError, 400, PermanentError),
            (errors.APIError, 409, EngineUnavailableError),
            (errors.APIError, 500, EngineUnavailableError),
        ],
    )
    def test_what_the_engine_answers(
        self, error: type[errors.APIError], status: int, ours: type[TrainyardError]
    ) -> None:
        """What it will never accept is parked at once; everything else is worth another try."""
        response = requests.Response()
        response.status_code = status

        assert meaning(error("no", response=response)) is ours

    @pytest.mark.parametrize("error", [requests.ConnectionError(), errors.DockerException()])
    def test_an_engine_that_does_not_answer(self, error: Exception) -> None:
        """However it does not."""
        assert meaning(error) is EngineUnavailableError

    def test_an_engine_that_is_busy(self) -> None:
        """It is there, which one that is absent is not."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            connection = Connection(f"tcp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)
            with pytest.raises(EngineBusyError, match="it is there, but did not answer in time"):
                connection.facts()
