import pandas as pd
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras import regularizers

# Hyperparameters
LEARNING_RATE = 0.001
EPOCHS = 20
DROPOUT = 0.8
L2 = 1.0

bunch = load_breast_cancer(as_frame=True)
df: pd.DataFrame = bunch.frame
features = df.drop(columns="target")
target = df["target"]
X_train, X_test, y_train, y_test = train_test_split(
    features, target, test_size=0.25, random_state=13
)
mm = MinMaxScaler()
X_train = mm.fit_transform(X_train)
X_test = mm.transform(X_test)


def block(x, units):
    x = tf.keras.layers.Dense(units, activation="relu", kernel_regularizer=regularizers.l2(L2))(x)
    return tf.keras.layers.Dropout(DROPOUT)(x)


inputs = tf.keras.Input(shape=(X_train.shape[1],))
x = block(inputs, 32)
x = block(x, 16)
outputs = tf.keras.layers.Dense(1, activation="sigmoid")(x)
model = tf.keras.Model(inputs=inputs, outputs=outputs, name="cancer")
model.compile(
    loss=tf.keras.losses.BinaryCrossentropy(),
    optimizer=tf.keras.optimizers.Adam(learning_rate=LEARNING_RATE),
    metrics=["accuracy"],
)
model.fit(X_train, y_train, batch_size=16, epochs=EPOCHS, verbose=0)
loss, acc = model.evaluate(X_test, y_test, verbose=0)
print("Accuracy:", acc)
