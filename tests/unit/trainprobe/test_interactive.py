"""Scripts that were exported from a notebook, and scripts that are called like a library."""

from pathlib import Path

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Trial


class TestExported:
    def test_magics_of_a_script_do_nothing(self, train: Train) -> None:
        """Those that an export leaves in calls, and those that were copied as they are."""
        finished = train(
            "get_ipython().run_line_magic('matplotlib', 'inline')\n"
            "%matplotlib inline\n"
            "!pip install seaborn\n"
            "right = 9\n"
            "accuracy = right / 10\n"
            "display(accuracy)\n"
        )

        assert finished.stdout == "0.9\n"
        assert finished.measurement["value"] == 0.9

    def test_a_script_that_is_no_python_at_all_is_refused_at_its_own_line(self, train: Train) -> None:
        """What cannot be mended is told as it was written."""
        finished = train("%matplotlib inline\nprint 'hello'\n")

        assert (finished.error["reason"], finished.error["line"]) == ("syntax", 1)

    def test_a_script_that_asks_whether_it_is_in_a_notebook_is_in_none(self, train: Train) -> None:
        """It only counts as exported where it calls what a notebook has."""
        finished = train("accuracy = 0.5 + ('get_ipython' in globals())\nprint(accuracy)\n")

        assert finished.stdout == "0.5\n"


class TestNotItself:
    def test_a_script_called_like_a_library_finds_the_library(self, tmp_path: Path) -> None:
        """It is no module of its own, neither for itself nor for what it imports."""
        script = "import json, colorsys\nimport joblib\naccuracy = len(joblib.__version__.split('.')) / 4\n"
        for name in ("joblib.py", "colorsys.py"):
            finished = Trial(tmp_path / name, {name: script}, entrypoint=name).run()

            assert finished.measurement["source"] == "variable accuracy", name
