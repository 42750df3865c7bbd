"""A constant that also decides about the data keeps its value; the new one is written where it is meant."""

import pytest

from tests.unit.tweaker.editing import edited, same_measure
from trainyard.trial import Setting
from trainyard_analysis.vocabulary import FORMATTING, SHOWING

KNN = "from sklearn.neighbors import KNeighborsClassifier\n"
NET = "from keras import Sequential, layers, callbacks\nfrom keras.optimizers import SGD\n"


def changed(edit: str, setting: Setting, source: str) -> str:
    """Make an edit on *source*."""
    return edited(edit, setting, source).decode()


@pytest.mark.parametrize(
    ("edit", "setting", "source", "old", "new"),
    [
        pytest.param(
            "neighbours",
            5,
            f"{KNN}K = 1\ntest, train = df[:K*20], df[K*20:]\nknn = KNeighborsClassifier(n_neighbors=K)\n",
            "n_neighbors=K",
            "n_neighbors=5",
            id="the split",
        ),
        pytest.param(
            "epochs", 150, "N = 50\nxtest = X[:N]\nmodel.fit(x, y, epochs=N)\n", "epochs=N", "epochs=150", id="the test"
        ),
        pytest.param(
            "epochs",
            6,
            "n = 2\nx = range(n)\nxtest = X[x]\nmodel.fit(x, y, epochs=n)\n",
            "epochs=n",
            "epochs=6",
            id="rows behind a range",
        ),
        pytest.param(
            "units",
            16,
            f"{NET}n = 8\nX = df.iloc[:, :n]\n"
            "m = Sequential([layers.Dense(n, input_dim=n), layers.Dense(n), layers.Dense(1)])\n",
            "Dense(n",
            "Dense(16",
            id="the inputs",
        ),
        pytest.param(
            "learning_rate",
            0.1,
            f"{NET}R = 0.01\nm.compile(SGD(learning_rate=R))\nc = callbacks.ReduceLROnPlateau(min_lr=R)\n",
            "learning_rate=R",
            "learning_rate=0.1",
            id="another setting",
        ),
    ],
)
def test_a_shared_constant_keeps_its_value(edit: str, setting: Setting, source: str, old: str, new: str) -> None:
    """Only the argument itself changes."""
    assert changed(edit, setting, source) == source.replace(old, new)


@pytest.mark.parametrize(
    "use",
    [
        "print('epochs:', E)",
        "print(f'{E} epochs')",
        "print('{} epochs'.format(E))",
        "plt.plot(range(1, E + 1), losses)",
        "x = np.arange(E)\nplt.plot(x, losses)",
    ],
)
def test_a_constant_that_is_only_shown_beside_changes_itself(use: str) -> None:
    """What prints or plots goes on to tell the truth."""
    source = f"E = 10\nmodel.fit(x, y, epochs=E)\n{use}\n"

    assert changed("epochs", 30, source) == source.replace("E = 10", "E = 30")


@pytest.mark.parametrize(
    "use", [*(f"{show}(E)" for show in sorted(SHOWING)), *(f"print({name}(E))" for name in sorted(FORMATTING))]
)
def test_edits_and_guard_agree_on_what_is_only_shown(use: str) -> None:
    """Whatever call shows the constant, and in whatever form, the edit changes it and the guard lets that pass."""
    source = f"E = 10\nmodel.fit(x, y, epochs=E)\n{use}\n"

    after = changed("epochs", 30, source)

    assert after == source.replace("E = 10", "E = 30")
    assert same_measure(source, after)
