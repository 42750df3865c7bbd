"""What the hooks share."""

import json
import threading
from pathlib import Path
from types import ModuleType

import pytest

from trainprobe.files import EventLog
from trainprobe.hooks.on_scikit import scikit_steps
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.watch import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(Trace(), EventLog(tmp_path / "epochs.jsonl"), Checkpoints(tmp_path / "checkpoints"))


class TestGuard:
    def test_keeps_the_probes_errors_from_the_script_and_tells_them(self, watch: Watch, tmp_path: Path) -> None:
        """A script does not fail because it is watched."""
        with watch.guard("fit"):
            raise ValueError("odd data")

        line = json.loads((tmp_path / "epochs.jsonl").read_text())
        assert (line["event"], line["what"], line["message"]) == ("probe_error", "fit", "ValueError: odd data")


class TestEstimators:
    def test_are_watched_where_the_library_is_older_than_its_own_hook_for_subclasses(self, watch: Watch) -> None:
        """Those of scikit-learn before 1.3; what a mixin asks of its subclasses is asked as ever."""
        asked: list[str] = []

        class Mixin:
            def __init_subclass__(cls, **kwargs: object) -> None:
                super().__init_subclass__(**kwargs)
                asked.append(cls.__name__)

        base = ModuleType("sklearn.base")
        names = ("BaseEstimator", "ClassifierMixin", "RegressorMixin")
        vars(base).update({name: type(name, (), {}) for name in names})
        scikit_steps(watch)["sklearn.base"](base)

        made = type("Forest", (vars(base)["BaseEstimator"], Mixin), {"fit": lambda self: self})

        assert asked == ["Forest"]
        assert hasattr(vars(made)["fit"], "trainprobe")

    def test_are_watched_that_were_imported_before_the_probe_came(self, watch: Watch) -> None:
        """A container that waits for work has its libraries imported, estimators and all."""
        base = ModuleType("sklearn.base")
        names = ("BaseEstimator", "ClassifierMixin", "RegressorMixin")
        vars(base).update({name: type(name, (), {}) for name in names})
        trees = type("Trees", (vars(base)["BaseEstimator"],), {})
        forest = type("Forest", (trees,), {"fit": lambda self: self})

        scikit_steps(watch)["sklearn.base"](base)

        assert hasattr(vars(forest)["fit"], "trainprobe")


class TestInside:
    def test_tells_the_scripts_own_calls_from_those_within(self, watch: Watch) -> None:
        """A score calls other measurements, which are not the script's."""
        with watch.inside("score") as own, watch.inside("accuracy_score") as within:
            assert (own, within) == (True, False)
        with watch.inside("score") as again:
            assert again

    def test_takes_no_call_in_a_worker_thread_for_the_scripts_own(self, watch: Watch) -> None:
        """Forests fit their trees in threads."""
        seen: list[bool] = []

        def work() -> None:
            with watch.inside("fit") as own:
                seen.append(own)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

        assert seen == [False]
