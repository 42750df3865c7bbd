"""What the trainer concludes from code that it never runs."""

from collections.abc import Mapping
from typing import get_args

import pytest

from services.trainer.inspection import ImageKind, Plan, inspect
from services.trainer.inspection.image.contents import STAGES
from tests.unit.trainer import scripts
from trainyard.errors import SubmissionError
from trainyard.policy import Policy


def inspected(files: Mapping[str, str], policy: Policy | None = None) -> Plan:
    """Inspect a bundle of texts."""
    return inspect({path: text.encode() for path, text in files.items()}, policy or Policy())


def refused(files: Mapping[str, str], policy: Policy | None = None) -> SubmissionError:
    """Return why a bundle is refused."""
    with pytest.raises(SubmissionError) as error:
        inspected(files, policy)
    return error.value


class TestKind:
    @pytest.mark.parametrize(
        ("script", "kind", "image", "because"),
        [
            (scripts.SEQUENTIAL, "ann", "ann", "imports keras and has no convolution"),
            (scripts.FUNCTIONAL, "ann", "ann", "imports keras"),
            (scripts.TF_KERAS, "ann", "ann", "imports tensorflow"),
            (scripts.RECURRENT, "rnn", "ann", "uses LSTM"),
            (scripts.CUSTOM_LOOP, "ann", "ann", "imports tensorflow"),
            (scripts.EITHER_KERAS, "ann", "ann", "imports keras"),
            (scripts.TF_CNN, "cnn", "cnn", "uses Conv2D"),
            (scripts.PICTURES, "cnn", "cnn", "reads images with cv2"),
            (scripts.KNN, "knn", "sklearn", "uses KNeighborsClassifier"),
            (scripts.FOREST, "sklearn", "sklearn", "imports sklearn"),
            (scripts.BY_HAND, "sklearn", "sklearn", "imports no training framework"),
        ],
    )
    def test_is_told_from_imports_and_layers(self, script: str, kind: str, image: str, because: str) -> None:
        """The kind, the image for it, and a reason that names what was seen."""
        plan = inspected({"script.py": script})

        assert (plan.kind, plan.recipe.kind) == (kind, image)
        assert because in " ".join(plan.reasons)

    def test_counts_what_the_scripts_modules_use(self) -> None:
        """A model that is built in another file of the bundle is seen."""
        plan = inspected({"train.py": "from net import model\nmodel.fit([[0]], [0])\n", "net.py": scripts.TF_CNN})

        assert (plan.entrypoint, plan.kind) == ("train.py", "cnn")

    def test_needs_the_image_that_holds_all_imports(self) -> None:
        """scikit-learn on pictures needs the image that has OpenCV."""
        plan = inspected({"train.py": "import cv2\n" + scripts.KNN})

        assert (plan.kind, plan.recipe.kind) == ("knn", "cnn")


class TestImages:
    def test_have_bounded_names(self) -> None:
        """What is counted by image is counted for every one that there is, and for the author's own."""
        assert set(get_args(ImageKind)) == {*STAGES, "own"}


class TestEntrypoint:
    @pytest.mark.parametrize(
        ("files", "entrypoint", "because"),
        [
            ({"whatever.py": scripts.KNN, "README.md": "hello"}, "whatever.py", "the only script"),
            ({"wines.py": scripts.KNN, "test_wines.py": "import wines", "setup.py": ""}, "wines.py", "besides tests"),
            ({"start.py": scripts.USES_HELPERS, "helpers.py": scripts.HELPERS}, "start.py", "fits a model"),
            ({"main.py": scripts.APP, "wines.py": scripts.KNN}, "wines.py", "the only one that fits a model"),
            ({"main.py": scripts.KNN, "other.py": scripts.FOREST}, "main.py", "called main"),
            ({"model.py": scripts.KNN, "train.py": scripts.FOREST}, "train.py", "called train"),
            ({"train.py": scripts.KNN, "old/train.py": scripts.KNN}, "train.py", "the train in the root"),
            ({"plot.py": "import pylab", "work.py": "import sklearn"}, "work.py", "imports a framework"),
            ({"src/train.py": scripts.USES_HELPERS, "src/helpers.py": scripts.HELPERS}, "src/train.py", "fits"),
        ],
    )
    def test_is_found(self, files: Mapping[str, str], entrypoint: str, because: str) -> None:
        """The script that trains, with the reason why it is that one."""
        plan = inspected(files)

        assert plan.entrypoint == entrypoint
        assert because in plan.reasons[0]

    def test_is_found_among_others_although_it_does_not_parse(self) -> None:
        """What a broken script imports and calls is read from its text, so that the error is about the right file."""
        error = refused({"broken.py": scripts.KNN + "\n)", "plot.py": "import pylab"})

        assert (error.reason, error.file) == ("syntax", "broken.py")

    def test_is_what_the_author_names(self) -> None:
        """trainyard.toml wins over everything."""
        plan = inspected({"main.py": scripts.KNN, "other.py": scripts.FOREST}, Policy(entrypoint="./other.py"))

        assert plan.entrypoint == "other.py"
        assert "trainyard.toml names it" in plan.reasons[0]

    def test_that_is_named_and_not_there_is_refused(self) -> None:
        """The error names what was asked for and what there is."""
        error = refused({"main.py": scripts.KNN}, Policy(entrypoint="mian.py"))

        assert (error.reason, error.file) == ("entrypoint", "trainyard.toml")
        assert str(error) == "trainyard.toml names the entrypoint 'mian.py', and there is no such Python file"
        assert error.remedy == "Set entrypoint to one of: main.py; paths are relative to trainyard.toml."

    def test_several_are_named_with_the_setting_that_decides(self) -> None:
        """Two scripts that both train: the author has to say which."""
        error = refused({"iris.py": scripts.FOREST, "wines.py": scripts.KNN})

        assert error.reason == "entrypoint"
        assert str(error) == "it is not clear which script to run: iris.py, wines.py all fit a model"
        assert error.remedy == 'Name it in trainyard.toml: entrypoint = "iris.py"'

    def test_nothing_at_all_is_refused(self) -> None:
        """A bundle without a script names what it holds."""
        error = refused({"README.md": "nothing here yet"})

        assert error.reason == "empty"
        assert str(error) == "the repository contains no Python script or notebook: it holds only README.md"
        assert error.remedy == "Add the script that trains the model, such as train.py."


class TestWorkdir:
    @pytest.mark.parametrize(
        ("files", "workdir", "because"),
        [
            ({"train.py": scripts.KNN}, ".", "where the script is"),
            ({"src/train.py": scripts.KNN}, ".", "names no file beside it"),
            ({"src/train.py": scripts.SEQUENTIAL, "src/wines.csv": ""}, "src", "'wines.csv' is beside the script"),
            ({"src/train.py": scripts.SEQUENTIAL, "wines.csv": ""}, ".", "'wines.csv' is there"),
            ({"src/train.py": "open('../data/x.csv').read(); m.fit()", "data/x.csv": ""}, "src", "is beside"),
            ({"src/train.py": scripts.PICTURES, "src/faces/a.png": ""}, "src", "'faces' is beside"),
            (
                {"ml/start.py": scripts.USES_HELPERS, "ml/helpers.py": scripts.HELPERS, "ml/data.csv": ""},
                "ml",
                "'data.csv' is beside",
            ),
        ],
    )
    def test_is_where_the_script_finds_its_files(self, files: Mapping[str, str], workdir: str, because: str) -> None:
        """The script's folder when its data lies there, else the root."""
        plan = inspected(files)

        assert plan.workdir == workdir
        assert because in plan.reasons[1]


class TestSyntax:
    def test_error_in_the_entrypoint_names_file_and_line(self) -> None:
        """The message is Python's own, with the place and how to see it again."""
        error = refused({"train.py": "from sklearn.svm import SVC\nmodel = SVC(\nmodel.fit([[0]], [0])\n"})

        assert (error.reason, error.file, error.line) == ("syntax", "train.py", 2)
        assert str(error) == "train.py, line 2 is not valid Python 3: '(' was never closed"
        assert error.remedy == "Correct train.py, line 2; `python -m py_compile train.py` shows the same error."

    def test_error_in_an_imported_module_names_that_file(self) -> None:
        """What the entrypoint imports has to parse as well."""
        error = refused({"train.py": scripts.USES_HELPERS, "helpers.py": "def load(path)\n    return 1\n"})

        assert (error.reason, error.file, error.line) == ("syntax", "helpers.py", 1)

    def test_python_2_is_told(self) -> None:
        """A print statement is named as such by Python itself; the remedy names the tool that rewrites it."""
        error = refused({"old.py": scripts.PYTHON_2})

        assert (error.reason, error.line) == ("syntax", 4)
        assert "print" in str(error)
        assert "it is written for Python 2: `2to3 -w old.py`" in str(error.remedy)

    def test_error_in_a_file_that_is_not_needed_is_left_alone(self) -> None:
        """Only what the entrypoint reaches matters."""
        plan = inspected({"train.py": scripts.KNN, "notes.py": "this is no Python"})

        assert plan.entrypoint == "train.py"

    @pytest.mark.parametrize("content", [b"x = 1\0\n", b"\xff\xfe", b"# coding: nonsense\nx = 1\n"])
    def test_a_file_that_is_no_text_is_refused(self, content: bytes) -> None:
        """Bytes that Python cannot read end as an error about the file, never as a defect of ours."""
        with pytest.raises(SubmissionError) as error:
            inspect({"train.py": content}, Policy())

        assert (error.value.reason, error.value.file) == ("syntax", "train.py")


class TestMissingModules:
    def test_leaves_alone_what_the_script_can_do_without(self) -> None:
        """Imports within functions and within `try … except ImportError` are no reason to refuse."""
        assert inspected({"train.py": scripts.EITHER_KERAS}).kind == "ann"

    def test_leaves_alone_what_is_only_for_type_checkers(self) -> None:
        """`if TYPE_CHECKING` is never run."""
        script = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import polars\n" + scripts.KNN

        assert inspected({"train.py": script}).kind == "knn"

    def test_finds_modules_anywhere_in_the_bundle(self) -> None:
        """`src/` layouts, packages and relative imports are the author's own."""
        plan = inspected(
            {
                "train.py": "from shop.models import build\nimport tools\nbuild().fit([[0]], [0])\n",
                "src/shop/__init__.py": "",
                "src/shop/models.py": "from .layers import thing\nfrom . import layers\n",
                "src/shop/layers.py": "import keras\nthing = 1\n",
                "vendor/tools.py": "",
            }
        )

        assert plan.kind == "ann"
        assert plan.imports == ("keras",)

    def test_asks_the_place_where_scripts_run(self) -> None:
        """An engine without images has whatever its own Python has."""
        plan = inspect({"train.py": scripts.TORCH.encode()}, Policy(), provides=lambda module: "torch" in module)

        assert plan.imports == ("torch", "torchvision")


class TestExported:
    def test_a_script_with_magics_in_it_is_python(self) -> None:
        """An export from a notebook, made by hand, is read as the probe will run it."""
        files = {"train.py": f"%matplotlib inline\n!pip install seaborn\n{scripts.KNN}"}

        assert inspected(files).kind == "knn"


class TestImportsWithinFunctions:
    BEFORE = "def main():\n    import foo_bar\n    model.fit(1, 2)\n\n"

    def test_are_refused_where_they_are_certainly_reached(self) -> None:
        """Before an image is built."""
        refusal = refused({"train.py": self.BEFORE + "main()\n"})

        assert str(refusal) == "train.py, line 2 imports 'foo_bar', which no training image has"

    @pytest.mark.parametrize("call", ["if len(data) > 3:\n    main()", "model.fit(1, 2)\nmain()"])
    def test_are_tried_where_they_may_not_matter(self, call: str) -> None:
        """Under a condition, or after the training."""
        assert inspected({"train.py": f"{self.BEFORE}{call}\n"}).entrypoint == "train.py"
