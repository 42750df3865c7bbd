"""Scripts that today's libraries refuse, and that nothing shows the age of, are run once more with an older API."""

import json
from pathlib import Path

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Trial

OLDER = ["keras", "numpy", "pandas"]
LISTS = """
import numpy as np
from tensorflow import keras
X = np.random.RandomState(0).rand(60, 4)
rows, labels = X.tolist(), (X[:, 0] > 0.5).tolist()
open('notes.txt', 'x').write('an attempt of its own')
model = keras.Sequential([keras.layers.Dense(1, activation='sigmoid', input_shape=(4,))])
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(rows, labels, epochs=2, verbose=0)
accuracy = model.evaluate(rows, labels, verbose=0)[1]
"""
ARRAYS = """
import math
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
X = np.vstack(map(lambda n: [n, -n], range(40)))
y = np.hstack(list(row[:1] > 19) for row in X)
model = KNeighborsClassifier().fit(X[::2], y[::2])
found = np.zeros(20)
for place, row in enumerate(X[1::2]):
    found[place] = model.predict_proba([row])[:, 1]
one = model.predict_proba(X[:1])[:, :1]
print('sure by %.2f, %d' % (one, int(one)), math.sqrt(one), float(one))
accuracy = float(np.mean((found > 0.5) == y[1::2]))
"""
NOTEBOOK = {
    "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": ARRAYS, "outputs": []}],
    "metadata": {},
}
NEVER = """
import numpy as np
from sklearn.linear_model import LogisticRegression
sums = np.zeros(2)
sums[0] = [1, 2]
"""


class TestWhatTodaysLibrariesRefuse:
    def test_is_trained_on_keras_2(self, train: Train) -> None:
        """Lists of rows: the second attempt finds the folder as the first did, and the result names the reason."""
        run = train(LISTS, older=OLDER)

        compat = run.result["facts"]["compat"]
        assert run.code == 0
        assert compat["libraries"] == OLDER
        assert compat["why"].startswith("trained on tf-keras (Keras 2): Keras 3 refuses train.py, line 9 (ValueError: ")
        assert [curve["epochs"] for curve in run.result["curves"]] == [2, 2]

    def test_is_accepted_of_numpy(self, tmp_path: Path) -> None:
        """What a map yields is stacked, an array of one element is a number; a later run begins with that."""
        trial = Trial(tmp_path / "trial", {"train.py": ARRAYS}, task={"older": OLDER})

        first, second = trial.run(1), trial.run(2)

        assert "sure by 1.00, 1 1.0 1.0" in first.stdout
        assert (first.measurement["value"], first.result["facts"]["compat"]["libraries"]) == (1.0, ["numpy"])
        assert first.stderr.count("Trainyard starts the script once more") == 1
        assert second.stderr == ""
        assert second.measurement == first.measurement

    def test_is_accepted_in_a_notebook(self, tmp_path: Path) -> None:
        """Its kernel is started once more."""
        files = {"train.ipynb": json.dumps({**NOTEBOOK, "nbformat": 4, "nbformat_minor": 5})}

        run = Trial(tmp_path / "trial", files, entrypoint="train.ipynb", task={"older": OLDER}).run()

        assert (run.code, run.measurement["value"]) == (0, 1.0)

    def test_is_an_error_where_the_older_api_refuses_it_too(self, train: Train) -> None:
        """The error is that of today's library; no third attempt is made."""
        run = train(NEVER, older=OLDER)

        assert (run.code, run.error["type"], run.error["line"]) == (1, "ValueError", 5)
        assert run.stderr.count("Trainyard starts the script once more") == 1

    @pytest.mark.parametrize("ending", ["open('data.csv').read()", "raise ValueError('my own')", "import nothing"])
    def test_is_not_what_the_author_or_a_file_lacks(self, ending: str, train: Train) -> None:
        """Such an error ends the run at once."""
        run = train(f"import numpy\n{ending}\n", older=OLDER)

        assert (run.error["line"], "once more" in run.stderr) == (2, False)

    def test_is_an_error_if_the_version_is_known(self, train: Train) -> None:
        """Nothing older is tried where the task names none."""
        run = train(ARRAYS)

        assert (run.code, run.error["type"]) == (1, "TypeError")
