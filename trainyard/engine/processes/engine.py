"""The engine for embedded use: every run is a child process, every volume a folder.

What Docker guarantees and it does not:

- a run does not outlive this process, and a new engine object does not know the runs of an earlier one, only their
  volumes;
- `resources.memory` is not enforced (the only limit of a process, that of its address space, would stop TensorFlow,
  which reserves far more than it uses), so a run is never reported as out of memory;
- `resources.cpus` is not enforced, but limits the threads that libraries start;
- `resources.shm` and `resources.gpus` are ignored: a run has what this machine has;
- nothing is isolated: the script runs with this user's rights, in this Python, and the image is ignored;
- a process that a script detached from its group outlives a kill, and one that the script started outlives us.
"""

import codecs
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from trainyard.engine import layout
from trainyard.engine.port import (
    MOST_BYTES,
    Container,
    GoneError,
    Output,
    Spec,
    Usage,
    container_name,
    volume_name,
)
from trainyard.engine.processes.child import Child
from trainyard.errors import EngineUnavailableError
from trainyard.lines import settled
from trainyard.messages import CodeReady

PARENT = "TRAINYARD_PARENT_FD"
LOG = "output.log"
VOLUME = re.compile(r"trainyard-(?P<job>.+)-t(?P<trial>\d+)")


@dataclass(frozen=True)
class Run:
    """A child, the message it was started for, and the kind of model that it trains."""

    message: CodeReady
    kind: str
    child: Child


class ProcessEngine:
    """Runs trainings as child processes that end with this one.

    Args:
        root: The folder of the volumes.
        probe: The folder of the trainprobe package; a copy goes into each volume.
        python: The interpreter that has the scripts' libraries.
        datasets: The data sets' folder; None for those of this user.
    """

    def __init__(self, root: str, *, probe: str, python: str = sys.executable, datasets: str | None = None) -> None:
        self._root = os.path.abspath(root)
        self._probe = probe
        self._python = python
        self._datasets = os.path.abspath(datasets) if datasets else None
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._changes = 0
        self._change = threading.Condition()
        self._seen = threading.local()
        self._pipe = list(os.pipe())

    def start(self, spec: Spec) -> Container:
        """Start the run, unless it was started before."""
        message = spec.message
        name = container_name(message.job, message.trial, message.run)
        with self._lock, _engine_errors():
            if name not in self._runs:
                self._runs[name] = Run(message, spec.kind, self._launch(spec))
        self._changed()
        return self._container(name, self._runs[name])

    def find(self, name: str) -> Container | None:
        """Return the run of that name that was started by this object."""
        run = self._runs.get(name)
        return self._container(name, run) if run else None

    def containers(self) -> list[Container]:
        """Return every run that was started by this object."""
        with self._lock:
            return [self._container(name, run) for name, run in self._runs.items()]

    def read(self, container: Container, path: str, most: int = MOST_BYTES) -> bytes | None:
        """Return a file of the trial's folder."""
        volume = self._volume(container.message)
        file = os.path.join(volume, path)
        with _engine_errors():
            if not os.path.isdir(volume):
                raise GoneError(f"the folder {volume} is gone")
            if not layout.safe(path) or not os.path.isfile(file) or os.path.getsize(file) > most:
                return None
            with open(file, "rb") as stream:
                return stream.read()

    def logs(self, container: Container, tail: int = 200) -> str:
        """Return the last lines that the script printed."""
        with _engine_errors(), suppress(FileNotFoundError), open(self._run_file(container, LOG), "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - layout.LOG_BYTES))
            return layout.readable(file.read(), tail)
        return ""

    def output(self, container: Container, cursor: str = "") -> Output:
        """Return what the script printed after that many bytes of its log."""
        with _engine_errors(), suppress(FileNotFoundError), open(self._run_file(container, LOG), "rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(int(cursor or 0), size - layout.LOG_BYTES)
            file.seek(start)
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            text = decoder.decode(file.read(size - start))
            incomplete, _ = decoder.getstate()
            return Output(settled(text), str(size - len(incomplete)))
        return Output("", cursor)

    def usage(self, container: Container) -> Usage | None:
        """Return what the processes of the run's session use."""
        run = self._runs.get(container.name)
        return run.child.usage() if run else None

    def last_output(self, container: Container) -> float:
        """Return when the log or the list of epochs was last written to."""
        times = [container.started]
        for name in (LOG, layout.EPOCHS):
            with _engine_errors(), suppress(FileNotFoundError):
                times.append(os.path.getmtime(self._run_file(container, name)))
        return max(times)

    def kill(self, name: str) -> None:
        """Kill the run's process group."""
        if run := self._runs.get(name):
            run.child.kill()

    def remove(self, name: str) -> None:
        """Forget a run that has ended."""
        with self._lock:
            run = self._runs.get(name)
            if run and run.child.exit_code is not None:
                del self._runs[name]

    def volumes(self) -> list[tuple[str, int]]:
        """Return (job, trial) of every folder of ours, also of those that an earlier process left."""
        with _engine_errors():
            names = sorted(os.listdir(self._root)) if os.path.isdir(self._root) else []
        return [(found["job"], int(found["trial"])) for found in map(VOLUME.fullmatch, names) if found]

    def remove_volume(self, job: str, trial: int) -> None:
        """Remove the trial's folder, unless a run of it is still known."""
        with self._lock, _engine_errors(), suppress(FileNotFoundError):
            if not any((run.message.job, run.message.trial) == (job, trial) for run in self._runs.values()):
                shutil.rmtree(os.path.join(self._root, volume_name(job, trial)))

    def wait_for_change(self, timeout: float) -> bool:
        """Return True when a run started or ended since this thread last called it."""
        with self._change:
            changed = self._change.wait_for(lambda: self._changes != getattr(self._seen, "changes", 0), timeout)
            self._seen.changes = self._changes
        return changed

    def check(self) -> str:
        """Return what runs the trainings."""
        return f"processes of {self._python}"

    def close(self) -> None:
        """End every run and close the pipe that ties them to this process; a second call does nothing."""
        with self._lock:
            for run in self._runs.values():
                run.child.kill()
                run.child.join()
            while self._pipe:
                os.close(self._pipe.pop())

    def _launch(self, spec: Spec) -> Child:
        run, volume = spec.message.run, self._volume(spec.message)
        shutil.rmtree(os.path.join(volume, layout.run_folder(run)), ignore_errors=True)  # an earlier process's
        for folder in layout.folders(spec):
            os.makedirs(os.path.join(volume, folder), exist_ok=True)
        files = layout.contents(spec, layout.read_package(self._probe), volume, self._datasets)
        for path, data in files.items():
            _write(os.path.join(volume, path), data)
        folder = os.path.join(volume, layout.run_folder(run))
        return Child(
            [self._python, *layout.arguments(run, volume)],
            folder=folder,
            log=os.path.join(folder, LOG),
            environment=self._environment(spec, volume),
            keep=self._pipe[0],
            ended=self._changed,
        )

    def _environment(self, spec: Spec, volume: str) -> dict[str, str]:
        """Return this process's variables but Trainyard's own, which may hold passwords, and those of the run."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAINYARD_")}
        wanted = layout.environment(spec, volume, os.cpu_count() or 1)
        path = os.pathsep.join(filter(None, (wanted["PYTHONPATH"], inherited.get("PYTHONPATH"))))
        return {**inherited, **wanted, "PYTHONPATH": path, PARENT: str(self._pipe[0])}

    def _container(self, name: str, run: Run) -> Container:
        code = run.child.exit_code  # set last of all, by another thread
        return Container(
            name=name,
            message=run.message,
            state="running" if code is None else "exited",
            exit_code=code,
            started=run.child.started,
            finished=0.0 if code is None else run.child.finished,
            host=socket.gethostname(),
            kind=run.kind,
        )

    def _volume(self, message: CodeReady) -> str:
        return os.path.join(self._root, volume_name(message.job, message.trial))

    def _run_file(self, container: Container, name: str) -> str:
        return os.path.join(self._volume(container.message), layout.run_folder(container.message.run), name)

    def _changed(self) -> None:
        with self._change:
            self._changes += 1
            self._change.notify_all()


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Turn an error of the file system or the process table into the engine's."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailableError(f"a training's folder or process could not be used: {error}") from error


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
