# a small convnet for the 8x8 digits
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.utils import to_categorical

num_classes = 10
epochs = 10

images, labels = load_digits(return_X_y=True)
images = images[:1000].reshape(-1, 8, 8, 1).astype('float32') / 16.0
labels = labels[:1000]
print(np.unique(labels))
train_x, test_x, train_y, test_y = train_test_split(images, labels, test_size=0.4, random_state=1)
train_y = to_categorical(train_y, num_classes)
test_y = to_categorical(test_y, num_classes)

model = keras.models.Sequential([
    keras.Input(shape=(8, 8, 1)),
    Conv2D(16, (3, 3), activation='relu'),
    MaxPooling2D((2, 2)),
    Flatten(),
    Dense(32, activation='relu'),
    Dense(num_classes, activation='softmax'),
])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.003), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_x, train_y, epochs=epochs, batch_size=32, validation_data=(test_x, test_y), verbose=0)
score = model.evaluate(test_x, test_y, verbose=0)
print('Test loss:', score[0])
print('Test accuracy:', score[1])
