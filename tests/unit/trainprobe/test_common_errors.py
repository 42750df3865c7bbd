"""What a person can do about the errors that end scripts most often."""

from pathlib import Path

import pytest

from trainprobe.results.errors import failure


def remedy_of(script: str, folder: Path) -> str:
    """Return the remedy for what a script raises."""
    path = folder / "train.py"
    path.write_text(script)
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - whatever it is
        exec(compile(script, str(path), "exec"), {})  # noqa: S102
    return str(failure(raised.value, folder, "")["remedy"])


class TestARemedy:
    @pytest.mark.parametrize(
        ("script", "remedy"),
        [
            ("print(modle)", "Define or import modle"),
            ("None.shape", "Check what is None there"),
            ("import numpy\nnumpy.flaot", "The installed numpy has no flaot: use what replaces it"),
            ("import pandas\npandas.DataFrame({'a': [1]})['label']", "Compare 'label' with the keys or columns"),
            ("from numpy import flaot", "The installed numpy has no flaot"),
            ("dict.fromkeys([1], value=2, x=3)\n", "If the script runs without this error elsewhere"),
            ("def fit(x):\n    pass\nfit(1, nb_epoch=3)", "fit takes no nb_epoch as installed"),
            ("import numpy\nnumpy.array(['1', 'red']).astype(float)", "Encode or drop the column with the text"),
            ("import numpy\nnumpy.zeros(6).reshape(4, 2)", "Choose a shape with 6 elements"),
            ("from sklearn.svm import SVC\nSVC().fit([[1.0], [float('nan')]], [0, 1])", "Fill or drop missing values"),
            (
                "from sklearn.svm import SVC\nSVC().fit([[1.0]], [0, 1])",
                "Give inputs and labels the same number of rows",
            ),
            ("rows = []\nrows[3]", "Compare the index with the length"),
            ("sum([]) / len([])", "Check that what is divided by"),
            ("b'\\xe9'.decode()", "Read the file in its own encoding"),
            ("raise ValueError('contains NaN')", "The script ends itself: provide what it checks for"),
            ("assert 1 > 2", "The script ends itself"),
            ("import sys\nsys.exit(3)", "The script ends itself"),
        ],
    )
    def test_says_what_to_do(self, script: str, remedy: str, tmp_path: Path) -> None:
        """By the type of the exception and what its message names."""
        assert remedy_of(script, tmp_path).startswith(remedy)
