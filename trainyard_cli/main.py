"""Entry point of the `trainyard` command: every way it can end, in one place."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

import typer

from trainyard_cli.app import app
from trainyard_cli.console import complain
from trainyard_cli.errors import INTERRUPTED, USAGE, CommandError

_BadCommandLine: type[Exception] = typer.BadParameter.__mro__[1]  # Typer exports only this subclass of its usage error


def main() -> None:
    """Run the command line of this process and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its status; nothing that goes wrong shows a traceback."""
    try:
        return app(arguments, prog_name="trainyard", standalone_mode=False) or 0
    except CommandError as error:
        complain(str(error))
        return error.status
    except _BadCommandLine as error:
        complain(_usage(error))
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return _quietly()
    except Exception as error:  # noqa: BLE001  the last resort: the traceback goes into a file, not to the user
        complain(_last_resort(error))
        return 1


def _usage(error: Exception) -> str:
    """Return what is wrong with the command line, and which help to read."""
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "trainyard"
    return f"{message if message.endswith('?') else message.rstrip('.') + '.'} See `{path} --help`."


def _last_resort(error: Exception) -> str:
    """Return an expected error's own text; of any other, save the traceback and name its file."""
    from trainyard.errors import TrainyardError

    if isinstance(error, TrainyardError):
        return str(error)
    with tempfile.NamedTemporaryFile("w", prefix="trainyard-", suffix=".txt", delete=False) as file:
        file.write("".join(traceback.format_exception(error)))
    return f"a bug in trainyard: {type(error).__name__}: {error}. Please report it together with {file.name}."


def _quietly() -> int:
    """Discard the rest of the output: its reader has gone away, as `| head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


if __name__ == "__main__":
    main()
