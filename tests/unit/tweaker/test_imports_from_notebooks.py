"""Scripts from notebooks import in the middle: what an edit needs is imported above where it is used."""

import pytest

from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.editing import edited
from trainyard.trial import Setting

ESTIMATOR = """\
from sklearn.neighbors import KNeighborsClassifier
knn = KNeighborsClassifier(3)
knn.fit(X, y)
y_pred = knn.predict(X_test)
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import StandardScaler
print(accuracy_score(y_test, y_pred))
"""

LAYERS = """\
import keras
model = keras.Sequential()
from keras.layers import Dense
model.add(Dense(8))
model.add(Dense(1))
model.compile("sgd")
import numpy as np
from keras import optimizers
model.fit(X, y)
"""

KNOWN_BEFORE = LAYERS.replace("import keras\n", "import keras\nX, y = load()\n")


@pytest.mark.parametrize(
    ("edit", "setting", "source", "above", "lines"),
    [
        pytest.param(
            "scale_inputs",
            None,
            ESTIMATOR,
            "knn =",
            ["from sklearn.preprocessing import StandardScaler", "from sklearn.pipeline import make_pipeline"],
            id="an estimator",
        ),
        pytest.param(
            "scale_inputs",
            None,
            KNOWN_BEFORE,
            "normalization =",
            ["import numpy as np", "from keras.layers import Normalization"],
            id="a layer that the data are shown to",
        ),
        pytest.param(
            "learning_rate",
            0.1,
            LAYERS.replace("import keras\n", "from keras.models import Sequential\n").replace("keras.Seq", "Seq"),
            "model.compile",
            ["from keras.optimizers import SGD"],
            id="an optimizer",
        ),
    ],
)
def test_imports_above_the_first_use(edit: str, setting: Setting, source: str, above: str, lines: list[str]) -> None:
    """Every name is known where the new code stands."""
    after = edited(edit, setting, source).decode()

    head = after[: after.index(above)].splitlines()
    assert [line for line in lines if line not in head] == []


def test_leaves_alone_what_has_nothing_to_import_after() -> None:
    """Where a module is known only further down, the new layer cannot be written through it."""
    source = "import keras\nX, y = load()\nm = keras.Sequential()\nfrom keras import layers\nm.add(layers.Dense(1))\n"

    with pytest.raises(NotUnderstoodError, match="layers is not imported above line 3"):
        edited("scale_inputs", None, f"{source}m.fit(X, y)\n")
