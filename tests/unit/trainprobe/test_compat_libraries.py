"""What old scripts say of NumPy, pandas and scikit-learn."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.trainprobe import compat_checks
from tests.unit.trainprobe.probing import COMPAT, Trial
from trainprobe.compat.keras_data import plain
from trainprobe.compat.keras_history import BothNames
from trainprobe.compat.keras_training import whole
from trainprobe.patching.wrap import renamed


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the checks found out, all in one process."""
    trial = Trial(
        tmp_path_factory.mktemp("checks") / "trial", {"train.py": compat_checks.LIBRARIES}, task={"compat": COMPAT}
    )
    finished = trial.run()
    path = trial.root / "code" / "found.json"
    assert path.exists(), finished.stderr
    return dict(json.loads(path.read_text()))


class TestNumPy:
    def test_has_its_old_names(self, found: dict[str, Any]) -> None:
        """Python's own types, and names that are spelt otherwise now."""
        assert found["numpy"] == [True] * 5

    def test_writes_numbers_within_lists_as_numbers(self, found: dict[str, Any]) -> None:
        """As it did before 2.0."""
        assert found["printed"] == "[0.5, 3]"

    def test_makes_and_reads_arrays_of_unequal_lists(self, found: dict[str, Any]) -> None:
        """Of objects, as it did before 1.24 and 1.16.3; not where the script wants numbers."""
        assert found["ragged"] == ["object", True]
        assert "inhomogeneous" in found["unequal"]

    def test_fails_as_ever_for_what_it_never_had(self, found: dict[str, Any]) -> None:
        """In its own words."""
        assert "nothing" in found["nothing"]
        assert "floating_" in found["floating_"]


class TestPandas:
    def test_has_its_old_methods(self, found: dict[str, Any]) -> None:
        """With their old results."""
        assert found["pandas"] == {
            "append": [1, 2, 5],
            "as_matrix": [[1, 3], [2, 4]],
            "ix by label": 4.0,
            "ix by position": 4.0,
            "drop": ["b"],
            "iteritems": ["a", "b"],
        }

    def test_reads_by_the_old_arguments(self, found: dict[str, Any]) -> None:
        """And texts are objects in NumPy's arrays, which have ``reshape``."""
        assert found["read_csv"] == [[2, 3], [["a"], ["b"]], "object"]


class TestScikitLearn:
    def test_has_its_old_modules_and_arguments(self, found: dict[str, Any]) -> None:
        """Folds were made of the data at once; encoded columns came out before the others."""
        assert found["sklearn"] == {
            "split": True,
            "joblib": "joblib",
            "folds": [5, 2, 2],
            "seed": 2,
            "imputer": [[1], [2], [3]],
            "encoder": [[1, 0, 0, 10], [0, 1, 0, 20], [0, 0, 1, 30]],
            "dense encoder": [[1, 0], [0, 1]],
        }

    def test_weighs_classes_by_position(self, found: dict[str, Any]) -> None:
        """Two thirds for the class of three rows of four."""
        assert found["class weight"] == [2, pytest.approx(2 / 3)]

    def test_explains_what_it_took_away(self, found: dict[str, Any]) -> None:
        """Its own words on the data set that is gone."""
        assert "load_boston" in found["load_boston"]


class TestScriptsOfToday:
    def test_see_nothing_of_it(self, tmp_path: Path) -> None:
        """Without the setting, old names are missing as ever."""
        finished = Trial(tmp_path / "trial", {"train.py": "import numpy\nnumpy.float\n"}).run()

        assert (finished.code, finished.error["type"]) == (1, "AttributeError")


class TestBothNames:
    def test_find_a_metric_by_its_other_name(self) -> None:
        """Of validation data and of one output of several, too; listed is what is there."""
        history = BothNames({"val_accuracy": [1], "out_acc": [2], "mse": [3]})

        assert (history["val_acc"], history.get("out_accuracy"), history["mean_squared_error"]) == ([1], [2], [3])
        assert sorted(history) == ["mse", "out_acc", "val_accuracy"]

    def test_have_the_numbers_of_epochs_before_as_those_since(self) -> None:
        """NumPy's, where a fit that goes on puts the earlier ones first."""
        history = BothNames({"acc": [np.float64(0.5)]})

        history["acc"] = [0.25, *history["acc"]]

        assert [one.size for one in history["acc"]] == [1, 1]

    def test_miss_what_is_there_under_no_name(self) -> None:
        """As a dictionary does."""
        history = BothNames({"accuracy": [1]})

        assert (history.get("val_acc"), "loss" in history) == (None, False)
        with pytest.raises(KeyError):
            history["val_acc"]


class TestWords:
    def test_give_way_to_new_ones(self) -> None:
        """One without a new word is dropped; a new word that is there already stays."""
        assert renamed(
            {"nb_epoch": 3, "class_mode": "binary", "verbose": 0}, {"nb_epoch": "epochs", "class_mode": None}
        ) == {
            "epochs": 3,
            "verbose": 0,
        }
        assert renamed({"nb_epoch": 3, "epochs": 5}, {"nb_epoch": "epochs"}) == {"epochs": 5}

    @pytest.mark.parametrize(("steps", "counted"), [(3.5, 4), (4.0, 4), (7, 7), (None, None)])
    def test_count_up_to_a_fraction(self, steps: object, counted: object) -> None:
        """``steps_per_epoch=len(x) / 32`` was common."""
        assert whole(steps) == counted


class TestPlainData:
    @pytest.mark.parametrize("data", [["a", "b"], [[1], [2, 3]], None, "text", []])
    def test_leaves_alone_what_is_no_number(self, data: object) -> None:
        """The library says then what it takes."""
        assert plain(data) is data or list(plain(data)) == data
