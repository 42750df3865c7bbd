"""Keras, as people write it: the value, the data and where it was found."""

import pytest

from tests.unit.trainprobe.patterns import Scripts, expected

FIT = "model.fit(X_train, y_train, epochs=2, verbose=0)\n"
FIT_VALIDATED = "history = model.fit(X_train, y_train, epochs=2, verbose=0, validation_data=(X_val, y_val))\n"
SEQUENCE = """
class Batches(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x) // 10

    def __getitem__(self, index):
        return self.x[index * 10:index * 10 + 10], self.y[index * 10:index * 10 + 10]

"""
BATCHES = "def batches(x, y):\n    while True:\n        yield x, y\n\n"
TAPE = """
optimizer = keras.optimizers.SGD()
train_metric = keras.metrics.BinaryAccuracy(name='train_accuracy')
test_metric = keras.metrics.BinaryAccuracy(name='test_accuracy')


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        predicted = model(x, training=True)
        loss = tf.reduce_mean(keras.losses.binary_crossentropy(y, predicted))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    train_metric.update_state(y, predicted)


for epoch in range(3):
    train_metric.reset_state()
    test_metric.reset_state()
    step(X_train, y_train[:, None])
    test_metric(y_test[:, None], model(X_test))
    print('Epoch', epoch + 1, 'done:', float(train_metric.result()), float(test_metric.result()))
expect(rate(model, X_test, y_test))
"""


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("keras"))


PATTERNS = {
    "a list of loss and accuracy": (
        FIT + "scores = model.evaluate(X_test, y_test, verbose=0)\nexpect(scores[1])",
        ("test", "keras.evaluate"),
    ),
    "a dictionary": (
        FIT + "expect(model.evaluate(X_test, y_test, verbose=0, return_dict=True)['accuracy'])",
        ("test", "keras.evaluate"),
    ),
    "metrics=['acc']": (
        "model = network('acc')\n" + FIT + "expect(model.evaluate(X_test, y_test, verbose=0)[1])",
        ("test", "keras.evaluate"),
    ),
    "binary_accuracy": (
        "model = network('binary_accuracy')\n" + FIT + "expect(model.evaluate(X_test, y_test, verbose=0)[1])",
        ("test", "keras.evaluate"),
    ),
    "a sequence": (
        SEQUENCE
        + "model.fit(Batches(X_train, y_train), epochs=1, verbose=0)\n"
        + "expect(model.evaluate(Batches(X_test, y_test), verbose=0)[1])",
        ("test", "keras.evaluate"),
    ),
    "a sequence of the fitted rows": (
        SEQUENCE
        + "model.fit(Batches(X_train, y_train), epochs=1, verbose=0)\n"
        + "expect(model.evaluate(Batches(X_train, y_train), verbose=0)[1])",
        ("train", "keras.evaluate"),
    ),
    "a generator": (
        BATCHES
        + "model.fit(batches(X_train, y_train), steps_per_epoch=2, epochs=1, verbose=0)\n"
        + "expect(model.evaluate(batches(X_test, y_test), steps=1, verbose=0)[1])",
        ("test", "keras.evaluate"),
    ),
    "datasets": (
        (
            "train_ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(70).batch(8).prefetch(2)\n"
            "held = tf.data.Dataset.from_tensor_slices((X_test, y_test)).batch(8)\n"
            "model.fit(train_ds, epochs=1, verbose=0)\nexpect(model.evaluate(held, verbose=0)[1])"
        ),
        ("test", "keras.evaluate"),
    ),
    "the dataset that was fitted": (
        (
            "ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).batch(8)\n"
            "model.fit(ds, epochs=1, verbose=0)\nexpect(model.evaluate(ds, verbose=0)[1])"
        ),
        ("train", "keras.evaluate"),
    ),
    "the dataset that it was validated with": (
        (
            "train_ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).batch(8)\n"
            "other = tf.data.Dataset.from_tensor_slices((X_val, y_val)).batch(8)\n"
            "model.fit(train_ds, epochs=1, verbose=0, validation_data=other)\n"
            "expect(model.evaluate(other, verbose=0)[1])"
        ),
        ("validation", "keras.evaluate"),
    ),
    "parts of one dataset": (
        (
            "ds = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(120, seed=1, reshuffle_each_iteration=False)\n"
            "model.fit(ds.skip(30).batch(8), epochs=1, verbose=0)\n"
            "part = ds.take(30).batch(8)\nexpect(model.evaluate(part, verbose=0)[1])"
        ),
        ("unknown", "keras.evaluate"),
    ),
    "what the author calls test": (
        (
            "ds = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(120, seed=1, reshuffle_each_iteration=False)\n"
            "train_ds, test_ds = ds.skip(30).batch(8), ds.take(30).batch(8)\n"
            "model.fit(train_ds, epochs=1, verbose=0)\nexpect(model.evaluate(test_ds, verbose=0)[1])"
        ),
        ("test", "keras.evaluate"),
    ),
    "validation data that is evaluated as test data": (
        (
            "model.fit(X_train, y_train, epochs=1, verbose=0, validation_data=(X_test, y_test))\n"
            "expect(model.evaluate(X_test, y_test, verbose=0)[1])"
        ),
        ("test", "keras.evaluate"),
    ),
    "validation data, and test data before": (
        FIT_VALIDATED + "expect(model.evaluate(X_test, y_test, verbose=0)[1])\nmodel.evaluate(X_val, y_val, verbose=0)",
        ("test", "keras.evaluate"),
    ),
    "the curve only": (FIT_VALIDATED + "expect(history.history['val_accuracy'][-1])", ("validation", "history")),
    "everything, of which most was fitted": (
        FIT + "expect(model.evaluate(X, y, verbose=0)[1])",
        ("train", "keras.evaluate"),
    ),
    "test_on_batch": (
        (
            "for epoch in range(2):\n"
            "    for at in range(0, 70, 10):\n"
            "        model.train_on_batch(X_train[at:at + 10], y_train[at:at + 10])\n"
            "    for at in range(0, 30, 12):\n"
            "        model.test_on_batch(X_test[at:at + 12], y_test[at:at + 12])\n"
            "expect(rate(model, X_test, y_test))"
        ),
        ("test", "keras.test_on_batch"),
    ),
    "train_on_batch": (
        (
            "seen = []\n"
            "for at in range(0, 70, 10):\n"
            "    seen.append(model.train_on_batch(X_train[at:at + 10], y_train[at:at + 10])[1])\n"
            "expect(np.mean(seen))"
        ),
        ("train", "history"),
    ),
    "a tape and metric objects": (TAPE, ("test", "keras metric test_accuracy")),
    "predictions compared by hand": (
        FIT_VALIDATED
        + "predicted = (model.predict(X_test, verbose=0)[:, 0] > 0.5).astype(int)\n"
        + "print('Accuracy: {:.4f}'.format(np.mean(predicted == y_test)))\n"
        + "expect(round(rate(model, X_test, y_test), 4))",
        ("test", "printed"),
    ),
    "predictions compared by scikit-learn": (
        FIT
        + "from sklearn.metrics import accuracy_score\n"
        + "one = model.predict(X_test, verbose=0)\n"
        + "predicted = np.argmax(np.hstack([1 - one, one]), 1)\n"
        + "expect(accuracy_score(y_test, predicted))",
        ("test", "sklearn.accuracy_score"),
    ),
    "classes of everything, of a batch": (
        FIT
        + "from sklearn.metrics import accuracy_score\n"
        + "predicted = (model.predict_on_batch(X)[:, 0] > 0.5).astype(int)\n"
        + "expect(accuracy_score(y, predicted))",
        ("train", "sklearn.accuracy_score"),
    ),
    "a callback that evaluates": (
        (
            "class Tests(keras.callbacks.Callback):\n"
            "    def on_epoch_end(self, epoch, logs=None):\n"
            "        self.last = self.model.evaluate(X_test, y_test, verbose=0)[1]\n"
            "tests = Tests()\n"
            "model.fit(X_train, y_train, epochs=2, verbose=0, callbacks=[tests])\nexpect(tests.last)"
        ),
        ("test", "keras.evaluate"),
    ),
    "the model that is saved last": (
        "other = network()\n"
        + FIT
        + "other.fit(X_train, y_train, epochs=30, verbose=0)\n"
        + "expect(model.evaluate(X_test, y_test, verbose=0)[1])\n"
        + "other.evaluate(X_test, y_test, verbose=0)\nmodel.save('mine.keras')",
        ("test", "keras.evaluate"),
    ),
    "folds": (
        (
            "from sklearn.model_selection import KFold\n"
            "cvscores = []\n"
            "for train, test in KFold(4, shuffle=True, random_state=1).split(X, y):\n"
            "    model = network()\n"
            "    model.fit(X[train], y[train], epochs=1, verbose=0)\n"
            "    scores = model.evaluate(X[test], y[test], verbose=0)\n"
            "    print('%s: %.2f%%' % (model.metrics_names[1], scores[1] * 100))\n"
            "    cvscores.append(scores[1] * 100)\n"
            "print('%.2f%% (+/- %.2f%%)' % (np.mean(cvscores), np.std(cvscores)))\n"
            "expect(np.mean(cvscores) / 100)"
        ),
        ("folds", "mean of 4 folds, keras.evaluate"),
    ),
    "folds that only the curves measured": (
        (
            "from sklearn.model_selection import KFold\n"
            "seen = []\n"
            "for a, b in KFold(4, shuffle=True, random_state=1).split(X, y):\n"
            "    model = network()\n"
            "    fitted = model.fit(X[a], y[a], epochs=2, verbose=0, validation_data=(X[b], y[b]))\n"
            "    seen.append(fitted.history['val_accuracy'][-1])\n"
            "expect(np.mean(seen))"
        ),
        ("folds", "mean of 4 folds, history"),
    ),
}


class TestTheAccuracy:
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_is_found_and_rightly_named(self, process: Scripts, pattern: str) -> None:
        """Whatever way the script goes about it."""
        script, (data, source) = PATTERNS[pattern]

        run = process.run(script)

        assert (run.measurement["metric"], run.measurement["data"], run.measurement["source"]) == (
            "accuracy",
            data,
            source,
        )
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)


class TestMetricObjects:
    def test_are_told_apart_by_their_variables(self, process: Scripts) -> None:
        """Both have the name that the library gave them."""
        run = process.run(TAPE.replace("name='train_accuracy'", "").replace("name='test_accuracy'", ""))

        assert (run.measurement["data"], run.measurement["source"]) == ("test", "keras metric test_metric")
        assert ("train", "keras metric train_metric") in run.found()


class TestCurves:
    def test_are_those_of_batches_fed_by_hand(self, process: Scripts) -> None:
        """A point a batch, smoothed."""
        run = process.run("for _ in range(5):\n    model.train_on_batch(X_train, y_train)\n")

        assert {curve["name"]: curve["epochs"] for curve in run.result["curves"]} == {"loss": 5, "accuracy": 5}

    def test_are_those_of_metric_objects(self, process: Scripts) -> None:
        """A point from one reset to the next."""
        run = process.run(TAPE)

        assert {curve["name"]: curve["epochs"] for curve in run.result["curves"]} == {
            "train_accuracy": 3,
            "test_accuracy": 3,
        }
