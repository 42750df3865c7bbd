"""How the files are read in which authors list what their code needs."""

from collections.abc import Mapping

import pytest

from services.trainer.inspection.image.listings import read_listing
from services.trainer.inspection.image.requirements import ListedRequirement, read_requirements
from trainyard.errors import SubmissionError
from trainyard.policy import Policy


def wanted(
    files: Mapping[str, str | bytes], script: str = "train.py", policy: Policy | None = None
) -> tuple[list[ListedRequirement], list[str]]:
    """Return what counts of a bundle's listings, and the notes about the rest."""
    content = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return read_requirements(content, script, policy or Policy())


def names(files: Mapping[str, str | bytes], script: str = "train.py", policy: Policy | None = None) -> list[str]:
    """Return the requirements that count."""
    return [str(each.requirement) for each in wanted(files, script, policy)[0]]


def lines(path: str, text: str) -> list[str]:
    """Read one file."""
    return [line.text for line in read_listing(path, {path: text.encode()})]


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("numpy==1.26.4\n# a note\n\npandas>=2 # for Excel\n", ["numpy==1.26.4", "pandas>=2"]),
            ("numpy==1.26.4 \\\n    --hash=sha256:00\n", ["numpy==1.26.4 --hash=sha256:00"]),
            ("\ufeffnumpy\n", ["numpy"]),
            ("numpy=1.26.4=py311_0\n_libgcc_mutex=0.1=main\n", ["numpy==1.26.4", "_libgcc_mutex"]),
        ],
    )
    def test_requirements_txt(self, text: str, read: list[str]) -> None:
        """Pip's own format, with what people keep under that name as well."""
        assert lines("requirements.txt", text) == read

    def test_requirements_txt_from_windows(self) -> None:
        """`pip freeze >` in its shell writes UTF-16."""
        assert [line.text for line in read_listing("r.txt", {"r.txt": "numpy==2.1.0\r\n".encode("utf-16")})] == [
            "numpy==2.1.0"
        ]

    def test_requirements_txt_includes_others(self) -> None:
        """`-r` is relative to the file; a circle ends."""
        files = {"requirements.txt": b"-r ci/base.txt\nscipy\n", "ci/base.txt": b"numpy\n-r ../requirements.txt\n"}

        read = read_listing("requirements.txt", files)

        assert [(line.text, line.place) for line in read] == [
            ("numpy", "ci/base.txt, line 1"),
            ("scipy", "requirements.txt, line 2"),
        ]

    @pytest.mark.parametrize(
        ("entry", "read"),
        [
            ("numpy", ["numpy"]),
            ("numpy=1.26", ["numpy==1.26.*"]),
            ("numpy=1.26.4", ["numpy==1.26.4"]),
            ("numpy==1.26", ["numpy==1.26"]),
            ("numpy=1.26.4=py311h5_0", ["numpy==1.26.4"]),
            ("numpy>=1.26", ["numpy>=1.26"]),
            ("conda-forge::pytorch=2.1", ["torch==2.1.*"]),
            ("tensorflow-base=2.1", []),
        ],
    )
    def test_environment_yml(self, entry: str, read: list[str]) -> None:
        """Conda's names and its single `=` become pip's."""
        assert lines("environment.yml", f"name: x\ndependencies:\n  - {entry}\nprefix: /opt\n") == read

    def test_environment_yml_with_a_part_for_pip(self) -> None:
        """What stands below `pip:` is pip's already."""
        text = "channels:\n- defaults\ndependencies:\n- scipy=1.14  # old\n- pip:\n  - nltk==3.8.1\n"

        assert lines("environment.yml", text) == ["scipy==1.14.*", "nltk==3.8.1"]

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ('[project]\ndependencies = ["numpy>=2", "nltk"]\n', ["numpy>=2", "nltk"]),
            ('[tool.poetry.dependencies]\npython = "^3.9"\nnumpy = "^1.26.2"\n', ["numpy>=1.26.2,<2.0.0"]),
            ('[tool.poetry.dependencies]\nnumpy = "^0.3.1"\n', ["numpy>=0.3.1,<0.4.0"]),
            ('[tool.poetry.dependencies]\nnumpy = {version = "~1.26"}\n', ["numpy>=1.26,<1.27"]),
            ('[tool.poetry.dependencies]\nnumpy = "*"\nscipy = {version = "1", optional = true}\n', ["numpy"]),
            ('[build-system]\nrequires = ["hatchling"]\n', []),
        ],
    )
    def test_pyproject_toml(self, text: str, read: list[str]) -> None:
        """The standard's table and Poetry's."""
        assert lines("pyproject.toml", text) == read


class TestWhichFile:
    @pytest.mark.parametrize(
        ("files", "script", "read"),
        [
            ({"requirements.txt": "scipy"}, "src/train.py", ["scipy"]),
            ({"requirements.txt": "scipy", "src/requirements.txt": "numpy"}, "src/train.py", ["numpy"]),
            ({"requirements.txt": "scipy", "other/requirements.txt": "numpy"}, "train.py", ["scipy"]),
            ({"requirements/base.txt": "scipy", "requirements/dev.txt": "pytest"}, "train.py", ["scipy"]),
            ({"requirements.txt": "scipy", "environment.yml": "dependencies:\n- numpy"}, "train.py", ["scipy"]),
            ({"requirements.txt": "# none\n", "environment.yml": "dependencies:\n- numpy"}, "train.py", ["numpy"]),
            ({"Requirements.txt": "scipy"}, "train.py", ["scipy"]),
            ({"README.md": "scipy"}, "train.py", []),
        ],
    )
    def test_is_the_nearest_that_lists_anything(self, files: Mapping[str, str], script: str, read: list[str]) -> None:
        """From the script's folder upwards; in one folder, pip's own format goes first."""
        assert names(files, script) == read

    def test_is_the_one_that_is_named(self) -> None:
        """trainyard.toml wins over the nearest."""
        files = {"requirements.txt": "scipy", "ci/linux.txt": "numpy"}

        assert names(files, policy=Policy(requirements="ci/linux.txt")) == ["numpy"]

    def test_that_is_named_and_not_there_is_refused(self) -> None:
        """A wrong path is not silently nothing."""
        with pytest.raises(SubmissionError, match=r"names the requirements file 'linux.txt', which does not exist"):
            names({}, policy=Policy(requirements="linux.txt"))

    def test_that_cannot_be_read_is_said(self) -> None:
        """A broken pyproject.toml is no reason to refuse a training."""
        _, notes = wanted({"pyproject.toml": "[project"})

        assert notes[0].startswith("pyproject.toml cannot be read and is ignored: ")

    def test_is_joined_by_the_packages_that_are_named(self) -> None:
        """They win over the file, and count whether they are imported or not."""
        found, _ = wanted({"requirements.txt": "numpy==2.1.0"}, policy=Policy(packages=("numpy>=2.2", "nltk")))

        assert [(str(each.requirement), each.by_name) for each in found] == [("numpy>=2.2", True), ("nltk", True)]

    def test_packages_that_are_none_are_refused(self) -> None:
        """With the setting and how it is written."""
        with pytest.raises(SubmissionError, match="packages: 'numpy 2' is not a valid requirement"):
            names({}, policy=Policy(packages=("numpy 2",)))


class TestLines:
    @pytest.mark.parametrize(
        ("line", "because"),
        [
            ("pywin32==306", "pywin32 is left out, since it is for Windows only"),
            ("appnope", "it is for macOS only"),
            ("pkg-resources==0.0.0", "pip listed it by mistake"),
            ("jupyterlab==3.0", "it serves notebooks in a browser"),
            ("nvidia-cublas-cu12==12.1", "it is for GPUs"),
            ("-e .", "only wheels from an index are installed"),
            ("./vendor/thing", "only wheels from an index are installed"),
            ("git+https://example.org/thing.git", "only wheels from an index are installed"),
            ("thing @ file:///tmp/thing.whl", "only wheels from an index are installed"),
            ("numpy = 1.2", "it is not a valid requirement"),
        ],
    )
    def test_that_are_useless_here_are_left_out_with_the_reason(self, line: str, because: str) -> None:
        """The rest of the file counts all the same."""
        found, notes = wanted({"requirements.txt": f"{line}\nscipy\n"})

        assert [each.name for each in found] == ["scipy"]
        assert any(text.startswith("requirements.txt, line 1: ") and because in text for text in notes)

    @pytest.mark.parametrize(
        ("line", "meant"),
        [
            ("tensorflow-gpu==2.15.0", "tensorflow-cpu==2.15.0"),
            ("opencv-python>=4", "opencv-python-headless>=4"),
            ("sklearn==0.0", "scikit-learn"),
            ("torch==2.1.0+cu118", "torch==2.1.0"),
            ("Pillow==10.4.0 --hash=sha256:00", "Pillow==10.4.0"),
        ],
    )
    def test_that_name_a_twin_mean_the_one_for_here(self, line: str, meant: str) -> None:
        """The same modules, without graphics processors and screens."""
        assert names({"requirements.txt": line}) == [meant]

    def test_for_another_system_are_left_alone(self) -> None:
        """A marker says where a line counts; those about Python are left to pip, which knows it."""
        text = "numpy; sys_platform == 'win32'\nscipy; sys_platform == 'linux'\nsix; python_version < '3.5'\n"

        assert names({"requirements.txt": text}) == [
            'scipy; sys_platform == "linux"',
            'six; python_version < "3.5"',
        ]

    def test_know_where_they_stand(self) -> None:
        """So that a pin that cannot be met can be pointed at."""
        found, _ = wanted({"requirements.txt": "# ours\n\nnumpy==1.26.4\n"})

        assert found[0].line.place == "requirements.txt, line 3"
