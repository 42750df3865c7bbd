"""A Python that has imported what is slow to import, and forks a process for each that a test starts.

`python server.py FOLDER` serves `client.py`, which stands in for the interpreter on the test's side: what it
was started with (words, folder, variables, open files) comes through the socket, and how the process ended goes back.
A client that is killed takes its process along. Only the imports are shared, and the state that they leave: all
processes draw the same random numbers, in each run of the tests, until they seed some.
"""

import atexit
import gc
import importlib
import json
import os
import random
import runpy
import select
import selectors
import signal
import socket
import struct
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

import numpy as np

HEAD = struct.Struct("!Q")
MOST_FILES = 64
HIGH = 512
"""Where files wait for their own numbers."""

PARENT = 0
"""The standard input, which ends with the test's process."""

SHARED = ("pandas", "sklearn.datasets", "sklearn.model_selection")
KINDS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "plain": ((), {}),
    "keras": (("tensorflow", "keras"), {}),
    # oneDNN has what pictures in the order of Theano need.
    "compat": (("tensorflow",), {"TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "1"}),
    "torch": (("torch",), {}),
    "command": (("trainyard_cli.main", "trainyard_cli.embedded.running"), {}),
}
"""What each kind of process has imported where it is there, besides what all share, and the variables with which."""


class Request:
    """What a process is started with."""

    def __init__(self, connection: socket.socket) -> None:
        """Read it from the client."""
        head, self.received, _, _ = socket.recv_fds(connection, HEAD.size, MOST_FILES)
        (size,) = HEAD.unpack(head)
        with connection.makefile("rb", buffering=0) as stream:
            content = b""
            while len(content) < size and (piece := stream.read(size - len(content))):
                content += piece
        wanted = json.loads(content)
        self.words: list[str] = wanted["words"]
        self.folder: str = wanted["folder"]
        self.environment: dict[str, str] = wanted["environment"]
        self.numbers: list[int] = wanted["files"]
        self.ignored: list[int] = wanted["ignored"]

    def close(self) -> None:
        """Let go of the files, which are the process's now."""
        for number in self.received:
            os.close(number)


class Nest:
    """A process that has imported some modules, forks others, and tells their clients how they end."""

    def __init__(self, listener: socket.socket) -> None:
        """Serve who connects to *listener*."""
        self._listener = listener
        self._clients: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, self._wake = socket.socketpair()

    def serve(self) -> Request:
        """Serve until the test's process is gone; comes back in each forked process, with its request."""
        self._woken.setblocking(False)
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for source in (self._listener, self._woken, PARENT):
            self._selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    request = self._fork()
                    if request:
                        return request
                elif key.fileobj is self._woken:
                    self._reap()
                elif key.fileobj == PARENT:
                    self._end()
                else:
                    self._obey(key.data)

    def _fork(self) -> Request | None:
        """Start a process; return its request in it, and nothing here."""
        connection, _ = self._listener.accept()
        request = Request(connection)
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (connection, self._listener, self._woken, self._wake, *self._clients.values()):
                each.close()
            self._selector.close()
            return request
        request.close()
        self._clients[process] = connection
        self._selector.register(connection, selectors.EVENT_READ, process)
        return None

    def _obey(self, process: int) -> None:
        """Pass on a signal that the client got; where the client was killed, the process is too."""
        connection = self._clients.get(process)
        if connection is None:
            return
        number = connection.recv(1)
        if number:
            os.kill(process, number[0])
        else:
            self._selector.unregister(connection)
            _kill(process)

    def _reap(self) -> None:
        """Send the clients of processes that ended their exit status."""
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        for process, status in _ended():
            connection = self._clients.pop(process)
            with suppress(KeyError):
                self._selector.unregister(connection)
            with suppress(OSError):
                connection.sendall(HEAD.pack(status))
            connection.close()

    def _end(self) -> NoReturn:
        for process in self._clients:
            _kill(process)
        os._exit(0)


def _ended() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found


def _kill(process: int) -> None:
    for kill in (os.killpg, os.kill):  # it may not lead its group yet
        with suppress(ProcessLookupError):
            kill(process, signal.SIGKILL)


def become(request: Request) -> Callable[[], None]:
    """Make this process what was asked for, and return what it runs."""
    os.setsid()
    for ignored in request.ignored:
        signal.signal(ignored, signal.SIG_IGN)
    waiting = [_moved(number) for number in request.received]
    for number, file in zip(request.numbers, waiting, strict=True):
        os.dup2(file, number, inheritable=True)
        os.close(file)
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(DEFAULTS)
    os.environ.update(request.environment)
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    _open_streams(unbuffered=bool(os.environ.get("PYTHONUNBUFFERED")))
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    return _program(request.words)


def _moved(number: int) -> int:
    import fcntl

    moved = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, HIGH)
    os.close(number)
    return moved


def _open_streams(*, unbuffered: bool) -> None:
    """Make the standard streams anew, which write and read what the numbers stand for now."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        errors = "backslashreplace" if number == 2 else "strict"
        stream: Any = open(  # noqa: SIM115 - as long as the process
            number, "w" if number else "r", encoding="utf-8", errors=errors, closefd=False
        )
        if number:
            tidy = number == 2 or stream.isatty()
            stream.reconfigure(write_through=unbuffered, line_buffering=tidy)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _program(words: list[str]) -> Callable[[], None]:
    """Return what Python does when it is started with *words*."""
    while words[0] in ("-u", "-B"):
        words = words[1:]
    option, rest = words[0], words[1:]
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=__builtins__, __annotations__={})
    sys.modules["__main__"] = main
    if option == "-m":
        sys.argv = rest
        sys.path.insert(0, os.getcwd())
        return lambda: runpy._run_module_as_main(rest[0])  # type: ignore[attr-defined]  # as Python itself does
    if option == "-c":
        sys.argv = ["-c", *rest[1:]]
        sys.path.insert(0, "")
        return lambda: exec(compile(rest[0], "<string>", "exec"), main.__dict__)  # noqa: S102 - the test's own
    sys.argv = words
    sys.path.insert(0, os.path.dirname(os.path.realpath(option)))
    main.__file__ = option
    with open(option, "rb") as file:
        source = file.read()
    return lambda: exec(compile(source, option, "exec"), main.__dict__)  # noqa: S102 - the test's own


def run(program: Callable[[], None]) -> NoReturn:
    """Run it to its end, and end as Python does."""
    code = 0
    try:
        program()
    except SystemExit as end:
        code = _code_of(end)
    except BaseException as error:  # noqa: BLE001 - shown as Python shows it
        code = 1
        error.__traceback__ = _without_ours(error.__traceback__)
        sys.excepthook(type(error), error, error.__traceback__)
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)


def _code_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    sys.stderr.write(f"{end.code}\n")
    return 1


def _without_ours(frames: types.TracebackType | None) -> types.TracebackType | None:
    while frames and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    return frames


DEFAULTS = {name: value for name, value in os.environ.items() if name.startswith(("TF_", "OMP_", "OPENBLAS_"))}
"""Those variables of this process that stand where a process is given no others."""


def hatch(listeners: dict[str, socket.socket]) -> str:
    """Fork a nest once somebody wants one of its kind; return the kind in the nest, where its listener is left."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        sources: list[Any] = [PARENT, *listeners.values()]
        readable, _, _ = select.select(sources, [], [])
        if PARENT in readable:
            os._exit(0)
        for kind in [kind for kind, listener in listeners.items() if listener in readable]:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return kind
            listeners.pop(kind).close()


def _import(modules: Iterable[str]) -> None:
    for name in modules:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)


def main() -> None:
    """Import, then serve."""
    folder = sys.argv[1]
    sys.path.pop(0)
    _import(SHARED)
    listeners = {}
    for kind in KINDS:
        listeners[kind] = socket.socket(socket.AF_UNIX)
        listeners[kind].bind(f"{folder}/{kind}")
        listeners[kind].listen(64)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    kind = hatch(listeners)
    listener = listeners.pop(kind)
    for other in listeners.values():
        other.close()
    modules, variables = KINDS[kind]
    os.environ.update(variables)
    own, sys.executable = sys.executable, f"{folder}/python"
    _import(modules)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - scripts that seed nothing draw from it
    gc.collect()
    gc.freeze()
    request = Nest(listener).serve()
    if kind != "command" and (request.words[0] != "-m" or request.words[1] == "trainprobe"):
        sys.executable = own  # an author's script may hand on open files, which only a plain process keeps
    try:
        program = become(request)
    except BaseException:  # noqa: BLE001 - shown to who started it
        traceback.print_exc()
        os._exit(1)
    run(program)


if __name__ == "__main__":
    main()
