"""How the command ends, whatever happens."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from trainyard_cli import main
from trainyard_cli.errors import CommandError


class TestRun:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["run"], "trainyard: Missing argument 'PATH'. See `trainyard run --help`.\n"),
            (["rum"], "trainyard: No such command 'rum'. Did you mean 'run'? See `trainyard --help`.\n"),
            (["run", "--trials", "0", "."], "greater than or equal to 1"),
            (["run", "--threshold", "high", "."], "valid number"),
            (["run", "--threshold", "nan", "."], "--threshold nan cannot be reached"),
            (["run", "--engine", "podman", "."], "'auto', 'process'"),
            (["run", "/no/such/folder"], "there is no folder or file '/no/such/folder'"),
            (["run", ""], "PATH is empty. Name a folder, a .py file or a git URL."),
            (
                ["images", "rnn"],
                "there is no image rnn. There are sklearn, ann, cnn, torch, keras2, python311, python37.",
            ),
            (["submit", ".", "--revision", "main"], "--revision is for git URLs. Leave it out"),
        ],
    )
    def test_says_in_one_line_what_is_wrong_with_the_command_line(
        self, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Thing, reason, remedy; status 2; nothing on stdout."""
        status = main.run(arguments)

        out, err = capsys.readouterr()
        assert (status, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1

    def test_keeps_the_traceback_of_a_defect_in_a_file(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The user sees one line that names the file; nothing is lost for who mends it."""

        def broken(*_: object, **__: object) -> int:
            raise ZeroDivisionError("division by zero")

        monkeypatch.setattr(main, "app", broken)

        status = main.run([])

        err = capsys.readouterr().err
        kept = Path(err.rpartition("with ")[2].strip().rstrip("."))
        assert status == 1
        assert "a bug in trainyard: ZeroDivisionError: division by zero" in err
        assert "Traceback" not in err
        assert "in broken" in kept.read_text()
        kept.unlink()

    @pytest.mark.parametrize(
        ("error", "status"), [(CommandError("no broker", remedy="Start it."), 1), (KeyboardInterrupt(), 130)]
    )
    def test_has_a_status_for_each_end(
        self, error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is missing outside is 1, an interruption 130."""

        def ends(*_: object, **__: object) -> int:
            raise error

        monkeypatch.setattr(main, "app", ends)

        assert main.run([]) == status


class TestHelp:
    def test_is_there_at_once(self) -> None:
        """It takes less than half a second of the processor; the best of three, since tests share the machine."""

        def seconds() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-m", "trainyard_cli.main", "--help"], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        assert min(seconds() for _ in range(3)) < 0.5

    def test_imports_nothing_heavy(self) -> None:
        """What only some commands need is imported by them."""
        code = (
            "import sys, trainyard_cli.main; print({'pydantic', 'httpx', 'structlog', 'sqlalchemy', 'docker', 'libcst',"
            " 'tensorflow', 'fsspec'} & set(sys.modules))"
        )

        found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

        assert found.stdout.strip() == "set()"
