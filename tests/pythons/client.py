"""Stands in for Python: has a process forked by `server.py`, passes on signals to it, and ends as it ends.

It is written into a file of its own behind a line that names an interpreter, and the `FOLDER` of the server's sockets.
"""

import json
import os
import signal
import socket
import struct
import sys

HEAD = struct.Struct("!Q")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))


def inherited() -> list[int]:
    """Return the numbers of the open files that a process started by this one would have."""
    numbers = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.get_inheritable(int(name)):
                numbers.append(int(name))
        except OSError:  # that of the listing itself
            continue
    return numbers


def kind_of(words: list[str]) -> str:
    """Return which of the server's kinds of process the words are for."""
    if os.path.basename(sys.argv[0]) == "trainyard":
        return "command"
    if words[:2] == ["-m", "benchmarks.courses.nursery"]:
        return "keras"
    if words[0] in ("-m", "-c") and words[1] != "trainprobe":
        source = words[1]
    elif words[0] != "-m":
        source = content(words[0])
    else:
        task = json.loads(content(words[2]))
        if "keras" in task.get("compat", ()):
            return "compat"
        source = "".join(
            content(os.path.join(folder, name))
            for folder, _, names in os.walk(task["code"])
            for name in names
            if name.endswith((".py", ".ipynb"))
        )
    if "torch" in source:
        return "torch"
    return "keras" if "keras" in source or "tensorflow" in source else "plain"


def content(path: str) -> str:
    """Return the text of a file."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def main() -> None:
    """Ask, wait, and end."""
    kind, words = kind_of(sys.argv[1:]), sys.argv[1:]
    if kind == "command":
        words = ["-c", "from trainyard_cli.main import main; main()", *words]
    files = inherited()
    ignored = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
    wanted = {
        "words": words,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "files": files,
        "ignored": ignored,
    }
    request = json.dumps(wanted).encode()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.path.join(FOLDER, kind))
    socket.send_fds(connection, [HEAD.pack(len(request))], files)
    connection.sendall(request)
    for number in SIGNALS:
        signal.signal(number, lambda got, _: connection.send(bytes([got])))
    for file in files:
        os.close(file)
    (status,) = HEAD.unpack(connection.recv(HEAD.size))
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()
