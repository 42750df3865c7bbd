"""The guard sees every change of what measures."""

from __future__ import annotations

import pytest

from services.tweaker.domain.guard import imports_in_time, same_measure

SCRIPT = """\
import numpy as np
SEED = 3
SIZE = 10
np.random.seed(SEED)
data = pd.read_csv("wines.csv")
X_train, X_test, y_train, y_test = train_test_split(data, y, test_size=0.2, random_state=SEED)
model.compile("adam", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=SIZE, validation_split=0.1)
print(model.evaluate(X_test, y_test), KNeighborsClassifier(3).fit(X, y).score(X_test, y_test))
print(cross_val_score(KNeighborsClassifier(3), X, y, cv=5))
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wines.csv", "easier.csv"),
        ("test_size=0.2", "test_size=0.1"),
        ("SEED = 3", "SEED = 4"),
        ('metrics=["accuracy"]', 'metrics=["top_k"]'),
        ("validation_split=0.1", "validation_split=0.01"),
        ("evaluate(X_test, y_test)", "evaluate(X_train, y_train)"),
        ("score(X_test, y_test)", "score(X_train, y_train)"),
        ("np.random.seed(SEED)", ""),
        ("cv=5", "cv=2"),
    ],
)
def test_refuses_a_change_of_what_measures(old: str, new: str) -> None:
    """Data, split, seed, metric and evaluation are the author's, also behind a constant."""
    assert not same_measure(SCRIPT, SCRIPT.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SIZE = 10", "SIZE = 50"),
        ('"adam"', '"sgd"'),
        ("KNeighborsClassifier(3)", "make_pipeline(StandardScaler(), KNeighborsClassifier(5))"),
    ],
)
def test_allows_a_change_of_the_model(old: str, new: str) -> None:
    """Training and model may change, also where the model is made inside the call that scores it."""
    assert same_measure(SCRIPT, SCRIPT.replace(old, new))


def test_refuses_a_name_that_is_used_above_its_import() -> None:
    """A name that is not known yet would end the training; one that the author has that way is the author's."""
    late = "a = Scaler()\nfrom x import Scaler\n"

    assert not imports_in_time("a = 1\nfrom x import y\n", late)
    assert imports_in_time(late, late)
