"""The trial's seed: whether anything that a script computes depends on it."""

import pytest

from tests.unit.trainprobe.conftest import Train

DRAWING = {
    "Python": "import random\nacc = random.random()",
    "NumPy": "import numpy as np\nacc = np.random.rand()",
    "an estimator": (
        "from sklearn.tree import ExtraTreeClassifier\nmodel = ExtraTreeClassifier().fit([[0], [1], [3]], [0, 1, 1])\n"
        "acc = model.score([[2]], [1])"
    ),
    "a state without a seed": "import numpy as np\nacc = np.random.RandomState().rand()",
    "a generator without a seed": "import numpy as np\nacc = np.random.default_rng(None).random()",
    "the system": "import random\nacc = random.SystemRandom().random()",
    "another process": (
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(1) as pool:\n"
        "    acc = pool.map(float, [0.5])[0]"
    ),
    "a network's library": "import keras\nacc = float(len(keras.__name__) / 10)",
}
CERTAIN = """
import random
import numpy as np
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
X, y = load_iris(return_X_y=True)
X += np.random.default_rng(1).random(X.shape) + np.random.RandomState(2).rand(*X.shape) + random.Random(3).random()
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
forest = RandomForestClassifier(5, random_state=4, n_jobs=2).fit(X_train, y_train)
print('accuracy', forest.score(X_test, y_test))
"""


class TestWhatIsDrawn:
    @pytest.mark.parametrize("pattern", DRAWING)
    def test_may_depend_on_the_seed(self, train: Train, pattern: str) -> None:
        """Wherever it comes from, and wherever that is not to be seen."""
        run = train(DRAWING[pattern])

        assert run.result["facts"]["random"] == {"seeded_by_script": False, "drawn": True}

    def test_is_nothing_where_every_generator_has_the_authors_seed(self, train: Train) -> None:
        """Another seed of the trial changes nothing then."""
        run = train(CERTAIN)

        assert run.result["facts"]["random"] == {"seeded_by_script": False, "drawn": False}

    def test_may_begin_with_the_authors_seed(self, train: Train) -> None:
        """That is told too."""
        run = train("import numpy as np\nnp.random.seed(3)\nacc = np.random.rand()\n")

        assert run.result["facts"]["random"]["seeded_by_script"] is True
