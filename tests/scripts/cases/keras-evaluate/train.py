import keras
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler

keras.utils.set_random_seed(7)

table = pd.read_csv("beans.csv")
x = table.drop(columns="kind").values
y = LabelEncoder().fit_transform(table["kind"])
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=7, stratify=y)
scaler = StandardScaler().fit(x_train)

model = keras.Sequential([
    keras.Input(shape=(4,)),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(scaler.transform(x_train), y_train, epochs=15, batch_size=16, verbose=2)

loss, accuracy = model.evaluate(scaler.transform(x_test), y_test, verbose=0)
print("loss", loss, "accuracy", accuracy)
