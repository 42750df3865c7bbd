"""Which image a script gets, and what is installed on top of it; nothing is built here."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from services.trainer.inspection.image.contents import GROWING, STAGES, contents
from services.trainer.inspection.image.distributions import DISTRIBUTIONS
from services.trainer.inspection.image.recipe import find_recipe
from services.trainer.inspection.plan import Kind
from tests.unit.trainer import scripts
from tests.unit.trainer.inspecting import notebook
from trainyard.engine.port import Recipe
from trainyard.errors import SubmissionError
from trainyard.policy import Policy
from trainyard_analysis.project import Project

IMAGES = Path(__file__).parents[3] / "images" / "training"


def found(
    script: str,
    files: Mapping[str, str] | None = None,
    *,
    kind: Kind = "sklearn",
    policy: Policy | None = None,
) -> tuple[Recipe, str]:
    """Return the recipe for a bundle of train.py and texts, with its notes."""
    content = {"train.py": script, **(files or {})}
    project = Project({path: text.encode() for path, text in content.items()})
    recipe, reasons = find_recipe(project, project.reached_from("train.py"), kind, policy or Policy())
    return recipe, "; ".join(reasons)


def refused(script: str, files: Mapping[str, str] | None = None, **options: object) -> SubmissionError:
    """Return why a bundle gets no image."""
    with pytest.raises(SubmissionError) as error:
        found(script, files, **options)  # type: ignore[arg-type]
    return error.value


class TestImportedModules:
    @pytest.mark.parametrize(
        ("modules", "installed"),
        [
            ("numpy, pandas, sklearn", ()),
            ("xgboost, lightgbm, seaborn, tqdm", ()),
            ("skimage", ("scikit-image",)),
            ("nltk, bs4", ("beautifulsoup4", "nltk")),
            ("imblearn, statsmodels.api", ("imbalanced-learn", "statsmodels")),
            ("distutils", ("setuptools",)),
        ],
    )
    def test_bring_their_distributions(self, modules: str, installed: tuple[str, ...]) -> None:
        """What the image lacks is installed on top, by the name that the index has for it."""
        recipe, _ = found(f"import {modules}")

        assert recipe == Recipe("sklearn", requirements=installed)

    def test_within_functions_count_too(self) -> None:
        """A function of the script is run sooner or later."""
        recipe, notes = found("def draw():\n    import plotly\n")

        assert recipe.requirements == ("plotly",)
        assert "installs plotly on top of it" in notes

    def test_that_the_script_does_without_are_not_installed(self) -> None:
        """A module in `try … except ImportError` would change what the author saw: wandb asks for a login."""
        recipe, _ = found("try:\n    import wandb\nexcept ImportError:\n    wandb = None\n")

        assert recipe.requirements == ()

    def test_that_nobody_knows_are_refused_with_the_setting_that_names_them(self) -> None:
        """All that is missing is named at once, the first with its place, and never guessed."""
        error = refused("import numpy\nimport foo_bar\nimport baz\n")

        assert (error.reason, error.file, error.line) == ("missing_module", "train.py", 2)
        assert str(error) == "train.py, line 2 imports 'foo_bar', which no training image has (nor does any have baz)"
        assert 'packages = ["…"]' in error.remedy
        assert "add foo_bar.py to the code" in error.remedy

    @pytest.mark.parametrize(
        ("script", "missing", "remedy"),
        [
            (
                "import numpy\nimport bs4\nimport nltk\n",
                "'bs4'",
                "python -m pip install beautifulsoup4 nltk",
            ),
            ("import foo_bar\n", "'foo_bar'", "add foo_bar.py to the code"),
        ],
    )
    def test_that_are_not_installed_where_child_processes_train(self, script: str, missing: str, remedy: str) -> None:
        """No image is spoken of, which is not used."""
        project = Project({"train.py": script.encode()})

        with pytest.raises(SubmissionError, match=f"imports {missing}, which is not installed in the Python") as error:
            find_recipe(project, project.reached_from("train.py"), "knn", Policy(), provides={"numpy"}.__contains__)

        assert remedy in error.value.remedy
        assert "image" not in str(error.value) + error.value.remedy

    def test_are_named_by_the_cell_of_a_notebook(self) -> None:
        """A notebook has no lines that an editor could go to."""
        project = Project({"train.ipynb": notebook("import numpy", "x = 1\nimport foo_bar").encode()})

        with pytest.raises(SubmissionError, match=r"train\.ipynb, cell 2, line 2 imports 'foo_bar'") as error:
            find_recipe(project, project.reached_from("train.ipynb"), "sklearn", Policy())

        assert error.value.line is None

    def test_may_come_with_packages_of_another_name(self) -> None:
        """A distribution that trainyard.toml names may bring what is not known."""
        recipe, _ = found("import foo_bar", policy=Policy(packages=("foo-baz>=2",)))

        assert recipe.requirements == ("foo-baz>=2",)

    def test_may_come_with_a_listed_distribution_of_another_name(self) -> None:
        """One that is listed and unknown may bring it too, and has to be met then."""
        recipe, _ = found("import foo_bar", {"requirements.txt": "foo-baz==1.0\n"})

        assert recipe.requirements == ("foo-baz==1.0",)


class TestImage:
    @pytest.mark.parametrize(
        ("script", "kind", "image"),
        [
            (scripts.KNN, "knn", "sklearn"),
            (scripts.SEQUENTIAL, "ann", "ann"),
            (scripts.TF_CNN, "cnn", "cnn"),
            ("import cv2, sklearn", "sklearn", "cnn"),
            ("import torch", "torch", "torch"),
            ("import pytorch_lightning", "sklearn", "torch"),
            ("import tensorflow_addons", "ann", "keras2"),
        ],
    )
    def test_is_the_smallest_that_holds_the_imports(self, script: str, kind: Kind, image: str) -> None:
        """The kind gives the least, the imports may ask for more."""
        assert found(script, kind=kind)[0].kind == image

    @pytest.mark.parametrize(
        ("listed", "image", "installed"),
        [
            ("tensorflow>=2.4\nkeras", "ann", ()),
            ("tensorflow-gpu>=2.16", "ann", ()),
            ("tensorflow==2.20.0", "ann", ("tensorflow-cpu==2.20.0",)),
            ("tensorflow==2.15.1", "keras2", ()),
            ("keras==2.15.0", "keras2", ()),
            ("keras<3", "keras2", ()),
            ("tensorflow==2.13.0", "keras2", ("keras==2.13.1", "tensorflow-cpu==2.13.0")),
            (
                "tensorflow==2.17.0",
                "python311",
                ("h5py", "keras", "tensorflow-cpu==2.17.0", "tf-keras==2.17.*"),
            ),
            (
                "tensorflow==2.17.0\nkeras==3.3.3",
                "python311",
                ("h5py", "keras==3.3.3", "tensorflow-cpu==2.17.0", "tf-keras==2.17.*"),
            ),
        ],
    )
    def test_has_the_tensorflow_that_is_asked_for(self, listed: str, image: str, installed: tuple[str, ...]) -> None:
        """The newest image with a version that meets the pin, exactly; a plain name takes the image's own."""
        recipe, _ = found("import tensorflow\nimport keras", {"requirements.txt": listed}, kind="ann")

        assert (recipe.kind, recipe.requirements) == (image, installed)

    def test_has_an_older_python_where_a_pin_needs_it(self) -> None:
        """NumPy 1.26 has no wheel for Python 3.13."""
        recipe, notes = found("import numpy", {"requirements.txt": "numpy==1.26.4\n"})

        assert recipe == Recipe("python311", requirements=("numpy==1.26.4",))
        assert "python311, since numpy==1.26.4 has no wheel for Python 3.13" in notes

    @pytest.mark.parametrize(
        ("listed", "bound"),
        [
            ("pandas==1.5.3", ("numpy<2",)),
            ("scikit-learn<1.4", ("numpy<2",)),
            ("pandas==2.2.3\nscikit-learn>=1.2", ()),
            ("pandas==1.5.3\nnumpy==1.24.4", ()),
            ("pandas==1.0.5", ()),
        ],
    )
    def test_keeps_numpy_2_from_what_was_built_before_it(self, listed: str, bound: tuple[str, ...]) -> None:
        """``pandas==1.5.3`` alone allows pip any newer NumPy, and can't be imported with NumPy 2."""
        recipe, notes = found("import numpy, pandas, sklearn", {"requirements.txt": listed})

        assert tuple(each for each in recipe.requirements if each == "numpy<2") == bound
        assert ("keeps NumPy below 2" in notes) is bool(bound)

    @pytest.mark.parametrize(
        ("listed", "installed"),
        [
            ("numpy==1.19.5", ("numpy==1.19.5",)),
            ("numpy<1.20", ()),
            ("numpy~=1.19.0", ("numpy~=1.19.0",)),
            ("numpy==1.19.*", ("numpy==1.19.*",)),
            ("keras==2.3.1", ()),
            ("tensorflow==1.13.1", ("keras==2.3.1", "tensorflow==1.13.1")),
            ("keras==2.2.4", ("keras==2.2.4", "tensorflow==1.15.5")),
            ("tensorflow==2.3.0", ("keras==2.4.3", "tensorflow-cpu==2.3.0")),
            ("tensorflow==2.11.0", ("keras==2.11.0", "tensorflow-cpu==2.11.0")),
        ],
    )
    def test_has_the_oldest_python_where_a_pin_needs_that(self, listed: str, installed: tuple[str, ...]) -> None:
        """TensorFlow 1 and Keras 2.3 run there, and so does the NumPy of their day."""
        recipe, _ = found("import keras, numpy", {"requirements.txt": listed}, kind="ann")

        assert recipe == Recipe("python37", requirements=installed)

    @pytest.mark.parametrize(
        ("pin", "there_is"),
        [
            ("numpy==1.13.3", "from 1.14.5 on (Python 3.7), 1.23.2 on (Python 3.11), 2.1.0 on (Python 3.13)"),
            ("scikit-learn<=0.18", "from 0.19.2 on (Python 3.7)"),
            ("tensorflow==1.4.0", "TensorFlow 1.13 (with Keras 2.0 to 2.3) to TensorFlow 2.21 (with Keras 3)"),
            ("keras==1.2.2", "TensorFlow 1.13 (with Keras 2.0 to 2.3)"),
        ],
    )
    def test_is_refused_for_a_pin_older_than_anything(self, pin: str, there_is: str) -> None:
        """The refusal names the pin with its line, what can be had, and how to do without it."""
        error = refused("import keras, numpy, sklearn", {"requirements.txt": f"# ours\n{pin}\n"}, kind="ann")

        assert (error.reason, error.file, error.line) == ("missing_module", "requirements.txt", 2)
        assert f"requirements.txt, line 2 asks for {re.split('[=<~]', pin, maxsplit=1)[0]}" in str(error)
        assert there_is in str(error)
        assert "requirements = false" in error.remedy

    def test_is_the_usual_one_when_the_author_drops_the_requirements(self) -> None:
        """`requirements = false` is the way out of every pin."""
        recipe, _ = found("import numpy", {"requirements.txt": "numpy==1.13.3"}, policy=Policy(requirements=False))

        assert recipe == Recipe("sklearn")

    def test_is_left_to_the_place_that_has_its_own_python(self) -> None:
        """Where no image is made, nothing is installed, and only what is there counts."""
        project = Project({"train.py": b"import nltk", "requirements.txt": b"numpy==1.13.3"})

        recipe, _ = find_recipe(
            project, project.reached_from("train.py"), "sklearn", Policy(), provides=lambda module: module == "nltk"
        )

        assert recipe == Recipe("sklearn")


class TestListedAndNotImported:
    def test_is_installed_where_it_can_be(self) -> None:
        """What is listed may be needed by what is imported; it must not stop the training."""
        recipe, _ = found("import numpy", {"requirements.txt": "numpy\nxlrd==2.0.1\nflask\n"})

        assert recipe == Recipe("sklearn", optional=("flask", "xlrd==2.0.1"))

    def test_is_left_out_when_it_is_large_or_hopeless(self) -> None:
        """A pin that nothing meets and nobody imports costs nothing, and a note reports it."""
        recipe, notes = found("import nltk", {"requirements.txt": "tensorflow==1.15\nnumpy==1.13.3\n"})

        assert recipe == Recipe("sklearn", requirements=("nltk",))
        assert "leaves out tensorflow-cpu, which the script does not import" in notes
        assert "leaves out numpy==1.13.3, which no image supports" in notes


class TestDockerfile:
    def test_is_built_when_it_is_named(self) -> None:
        """With the author's files around it."""
        files = {"docker/Dockerfile": "FROM python:3.12\n"}

        recipe, notes = found("x = 1", files, policy=Policy(dockerfile="./docker/Dockerfile"))

        assert (recipe.kind, recipe.dockerfile) == ("own", "docker/Dockerfile")
        assert recipe.context["train.py"] == b"x = 1"
        assert "trains in the image of docker/Dockerfile" in notes

    def test_that_is_named_and_not_there_is_refused(self) -> None:
        """A wrong path is reported as such."""
        error = refused("x = 1", policy=Policy(dockerfile="Dockerfile"))

        assert str(error) == "trainyard.toml names the Dockerfile 'Dockerfile', which does not exist"

    def test_that_nobody_names_is_left_alone_and_said(self) -> None:
        """Many repositories have one that serves a model instead of training it."""
        recipe, notes = found("import numpy", {"Dockerfile": "FROM python:3.6\n"})

        assert recipe == Recipe("sklearn")
        assert "does not build Dockerfile" in notes


class TestTables:
    @pytest.mark.parametrize(
        ("stage", "lists"),
        [
            ("sklearn", ["sklearn"]),
            ("ann", ["sklearn", "ann"]),
            ("cnn", ["sklearn", "ann", "cnn"]),
            ("python311", ["sklearn"]),
            ("torch", ["sklearn", "torch"]),
            ("keras2", ["keras2"]),
            ("python37", ["python37"]),
        ],
    )
    def test_know_the_versions_that_the_images_install(self, stage: str, lists: list[str]) -> None:
        """What the tables have in an image is what its requirements pin."""
        texts = [(IMAGES / f"{name}.txt").read_text() for name in lists]

        assert contents(stage).pins == dict(re.findall(r"^([\w-]+)==(\S+)", "\n".join(texts), re.MULTILINE))

    @pytest.mark.parametrize("stage", STAGES)
    def test_know_a_module_for_each_distribution_of_an_image(self, stage: str) -> None:
        """Each distribution in an image can be imported as far as inspection is concerned."""
        brought = {
            canonicalize_name(DISTRIBUTIONS[module]) for module in contents(stage).modules if module in DISTRIBUTIONS
        }
        by_the_way = {"nbclient", "ipykernel", "gast", "protobuf"}

        assert set(contents(stage).pins) - brought - by_the_way <= {"keras", "pydot"}

    def test_grow_from_image_to_image(self) -> None:
        """Each of the first images holds all of the one before it."""
        small, middle, large = (contents(stage).modules for stage in GROWING)

        assert small < middle < large


class TestOwnName:
    def test_a_script_called_like_a_library_means_the_library(self) -> None:
        """It is no module of its own; a second file of that name is one."""
        alone = {"keras.py": b"import keras\nkeras.Sequential().fit([], [])\n"}
        beside = {**alone, "lib/keras.py": b"class Sequential: ...\n"}

        kinds = []
        for files in (alone, beside):
            project = Project(files)
            kinds.append(find_recipe(project, project.reached_from("keras.py"), "sklearn", Policy())[0].kind)

        assert kinds == ["ann", "sklearn"]
