"""Sentiment of made-up reviews: more words from the good half of the vocabulary than from the bad."""
import numpy as np
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

VOCABULARY = 200
LENGTH = 20
EPOCHS = 10

random = np.random.RandomState(11)
labels = random.randint(0, 2, 900)
share = np.where(labels == 1, 0.68, 0.32)
good = random.rand(900, LENGTH) < share[:, None]
reviews = np.where(good, random.randint(100, 200, (900, LENGTH)), random.randint(1, 100, (900, LENGTH)))
train_texts, test_texts, train_labels, test_labels = train_test_split(reviews, labels, test_size=0.4, random_state=7)

model = keras.Sequential([
    keras.Input(shape=(LENGTH,)),
    layers.Embedding(VOCABULARY, 16),
    layers.GlobalAveragePooling1D(),
    layers.Dense(16, activation="relu"),
    layers.Dropout(0.3),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.01), metrics=["accuracy"])
model.fit(train_texts, train_labels, epochs=EPOCHS, batch_size=32, validation_split=0.1, verbose=0)
results = model.evaluate(test_texts, test_labels, verbose=0)
print("accuracy:", results[1])
