import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale

tf.keras.utils.set_random_seed(6)
features, labels = load_breast_cancer(return_X_y=True)
everything = tf.data.Dataset.from_tensor_slices((scale(features), labels)).shuffle(569, seed=6, reshuffle_each_iteration=False)
train_ds = everything.take(400).batch(32).prefetch(2)
test_ds = everything.skip(400).batch(32)

model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1, "sigmoid")])
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(train_ds, epochs=5, verbose=2)

loss, acc = model.evaluate(test_ds, verbose=0)
print(f"Test accuracy {acc:.4f}")
