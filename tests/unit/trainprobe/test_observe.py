"""How library functions are observed."""

import json
import sys
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from trainprobe.files import EventLog
from trainprobe.hooks.observe import Call, observe
from trainprobe.patching.wrap import wrap
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.watch import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(Trace(), EventLog(tmp_path / "epochs.jsonl"), Checkpoints(tmp_path / "checkpoints"))


def double(number: int) -> int:
    """Stand in for a function of a library."""
    return 2 * number


def breaks(*_: object) -> None:
    """Be an observer with an error in it."""
    raise KeyError("x")


class TestObserve:
    def test_keeps_its_own_errors_from_the_script(self, watch: Watch, tmp_path: Path) -> None:
        """Whatever goes wrong before or after, the script gets its result, and the log has the errors."""
        observed = observe(watch, "double", before=breaks, after=breaks)(double)

        assert observed(2) == 4
        errors = [json.loads(line) for line in (tmp_path / "epochs.jsonl").read_text().splitlines()]
        assert [(error["event"], error["what"]) for error in errors] == [("probe_error", "double")] * 2

    def test_lets_the_librarys_errors_pass(self, watch: Watch) -> None:
        """They are the script's; nothing was measured."""
        results: list[object] = []
        observed = observe(watch, "double", after=lambda _, result: results.append(result))(double)

        with pytest.raises(TypeError):
            observed()

        assert results == []
        assert watch.is_idle

    def test_counts_nested_calls_once(self, watch: Watch) -> None:
        """What a watched function calls is not the script's own call."""
        results: list[object] = []
        inner = observe(watch, "inner", after=lambda _, result: results.append(result))(double)
        outer = observe(watch, "outer", after=lambda _, result: results.append(result))(
            lambda number: inner(number) + 1
        )

        assert outer(3) == 7
        assert results == [7]

    def test_leaves_calls_within_to_the_script_where_it_only_looks_on(self, watch: Watch) -> None:
        """An optimizer may step while a loss goes backward."""
        results: list[object] = []
        inner = observe(watch, "inner", after=lambda _, result: results.append(result))(double)
        outer = observe(watch, "outer", scope=watch.beside)(inner)

        outer(3)

        assert results == [6]

    def test_may_have_something_else_called(self, watch: Watch) -> None:
        """A fit is run with fewer rows, and what was noted before is there afterwards."""
        seen: list[object] = []

        def before(call: Call) -> None:
            call.noted, call.instead = call.given["number"], lambda: 10

        observed = observe(watch, "double", before=before, after=lambda call, result: seen.append((call.noted, result)))

        assert observed(double)(3) == 10
        assert seen == [(3, 10)]


class TestWrap:
    def test_reaches_the_modules_that_have_imported_a_function_already(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A container that waits for work has its libraries imported."""
        private, public = ModuleType("library._private"), ModuleType("library")
        vars(private)["triple"] = vars(public)["triple"] = FunctionType((lambda number: 3 * number).__code__, {})
        monkeypatch.setitem(sys.modules, "library", public)

        wrap(private, "triple", lambda original: lambda number: original(number) + 1)

        assert vars(public)["triple"](1) == 4
