"""What the trained model itself answers counts where only a curve, or nothing at all, says how good it is."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.trainprobe.patterns import Python, Scripts, expected
from tests.unit.trainprobe.test_measuring_torch import LOADERS
from trainprobe.data.samples import Rows

LAGGING = """
X = 30 * rng.normal(size=(3000, 4)).astype('float32') + 100
y = ((X[:, 0] - 100) * (X[:, 1] - 100) > 0).astype('int32')
net = keras.Sequential([layers.Input((4,)), layers.Dense(16, activation='relu'), layers.BatchNormalization(),
                        layers.Dropout(0.3), layers.Dense(2, activation='softmax')])
net.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
history = net.fit(X, y, epochs=2, batch_size=500, verbose=0)
own = net.predict(X, verbose=0).argmax(axis=1) == y
"""
RESTORED = """
best = keras.callbacks.EarlyStopping(monitor='val_accuracy', mode='MODE', patience=9, restore_best_weights=True)
model.compile(keras.optimizers.SGD(0.5), 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(X_train, y_train, epochs=4, verbose=0, validation_data=(X_val, y_val), callbacks=[best])
assert history.history['val_accuracy'][-1] != rate(model, X_val, y_val)
expect(rate(model, X_val, y_val))
"""
BARE = """
net = keras.Sequential([layers.Input((4,)), layers.Dense(6, activation='relu'), layers.Dense(2, activation='softmax')])
net.compile(optimizer='adam', loss='sparse_categorical_crossentropy')


def right(inputs, labels):
    return np.mean(np.asarray(net(inputs)).argmax(axis=1) == labels)


"""
FIT = "net.fit(X_train, y_train, epochs=2, verbose=0)\n"
FIT_VALIDATED = FIT.replace("verbose", "validation_data=(X_val, y_val), verbose")
UNREPORTED = {
    "evaluated": (
        FIT_VALIDATED + "print('loss:', net.evaluate(X_test, y_test, verbose=0))\nexpect(right(X_test, y_test))",
        ("test", 30),
    ),
    "validated": (FIT_VALIDATED + "expect(right(X_val, y_val))", ("validation", 20)),
    "split": (
        FIT.replace("verbose", "validation_split=0.2, verbose") + "expect(right(X_train[56:], y_train[56:]))",
        ("validation", 14),
    ),
    "trained only": (FIT + "expect(right(X_train, y_train))", ("train", 70)),
}
QUANTITIES = """
net = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
net.compile(optimizer='adam', loss='mse')
net.fit(X_train, np.round(X_train[:, 0] > 0), epochs=1, verbose=0)
"""


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("own"))


class TestTheDeliveredModel:
    def test_counts_by_its_own_answers_for_all_training_rows(self, process: Scripts) -> None:
        """The end of a training curve lags behind it; it remains among the alternatives."""
        run = process.run(LAGGING + "acc = history.history['accuracy'][-1]\nexpect(own.mean())\n")

        reported = run.result["curves"][0]["points"][-1]
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)
        assert run.measurement["value"] != pytest.approx(reported, abs=1e-3)
        assert run.measurement["source"] == f"the trained model's own answers; variable acc reported {reported:.4g}"
        assert run.found()[1:3] == [("train", "variable acc"), ("train", "history")]
        assert run.result["facts"]["measured"]["rows"] == 3000
        assert run.result["facts"]["training_value"] == run.measurement["value"]

    def test_is_asked_about_what_it_was_fitted_with(self) -> None:
        """Rows that the script has changed since are others."""
        table = np.arange(10.0).reshape(5, 2)
        rows = Rows.of(table, np.arange(5))
        assert rows is not None
        part = rows.some(3)

        table[:] = 0

        assert part is not None
        assert part.labels.tolist() == [0, 2, 4]
        assert rows.some(3) is None

    def test_counts_where_it_was_validated_with_what_it_was_fitted_with(self, process: Scripts) -> None:
        """That is a training accuracy."""
        script = "model.fit(X_train, y_train, epochs=2, verbose=0, validation_data=(X_train, y_train))\n"

        run = process.run(script + "expect(rate(model, X_train, y_train))\n")

        assert run.measurement["source"].startswith("the trained model's own answers; the last epoch reported ")
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)

    def test_is_that_of_the_epoch_whose_weights_were_put_back(self, process: Scripts) -> None:
        """Its validation accuracy counts, not the last epoch's."""
        run = process.run(RESTORED.replace("MODE", "min"))

        assert run.measurement["source"] == "epoch 1 of the history, whose weights were restored"
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)


class TestAScriptThatComputesNoAccuracy:
    @pytest.mark.parametrize("pattern", UNREPORTED)
    def test_is_measured_on_the_rows_that_it_holds_out(self, process: Scripts, pattern: str) -> None:
        """Else on those that it trains with."""
        script, (data, rows) = UNREPORTED[pattern]

        run = process.run(BARE + script)

        assert run.found() == [(data, "measured by the probe: the script compiles no metric")]
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)
        assert run.result["facts"]["measured"]["rows"] == rows

    def test_has_none_where_the_labels_are_quantities(self, process: Scripts) -> None:
        """Few whole numbers are none of classes with a squared error and a linear output."""
        assert process.run(QUANTITIES).error["reason"] == "no_metric"

    def test_has_none_where_it_breaks_off(self, process: Scripts) -> None:
        """Its author must mend it first."""
        run = process.run(BARE + "net.fit(X_train, y_train, epochs=1, verbose=0)\nraise RuntimeError('no room')\n")

        assert run.error["message"] == "no room"

    def test_may_be_a_loop_of_pytorch(self, tmp_path: Path) -> None:
        """It prints a loss; the labels are classes by that loss."""
        run = Python.with_library("torch").run(tmp_path / "trial", LOADERS + "train(a)\nexpect(right(a) / 70)\n")

        assert run.found() == [("train", "measured by the probe: the script computes no accuracy")]
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)
