import numpy as np
from keras.layers import Conv2D, Dense, Flatten
from keras.models import Sequential
from keras.optimizers import Adam
from keras.preprocessing.image import ImageDataGenerator
from keras.utils.np_utils import to_categorical
from sklearn.datasets import load_digits

np.random.seed(1)
data = load_digits()
x = data.images[:, :, :, np.newaxis]
y = to_categorical(data.target)
train_gen = ImageDataGenerator(rescale=1. / 16).flow(x[:1280], y[:1280], batch_size=64)
test_gen = ImageDataGenerator(rescale=1. / 16).flow(x[1280:1792], y[1280:1792], batch_size=64, shuffle=False)

model = Sequential([
    Conv2D(16, (3, 3), activation='relu', input_shape=(8, 8, 1)),
    Flatten(),
    Dense(10, activation='softmax')
])
model.compile(optimizer=Adam(lr=0.003), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit_generator(train_gen, steps_per_epoch=20, epochs=5, verbose=2)
result = model.evaluate_generator(test_gen, steps=8)
print(result)
