# small convnet on the 8x8 digits
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import SGD

num_classes = 10
num_epochs = 3
lr = 0.001

digits = load_digits()
images = digits.images.reshape((-1, 8, 8, 1))
train_x, test_x, train_y, test_y = train_test_split(images, digits.target, test_size=0.3, random_state=3)

model = Sequential()
model.add(Conv2D(8, kernel_size=(3, 3), activation='relu', input_shape=(8, 8, 1)))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(16, activation='relu'))
model.add(Dense(num_classes, activation='softmax'))

opt = SGD(learning_rate=lr)
model.compile(loss='sparse_categorical_crossentropy', optimizer=opt, metrics=['accuracy'])
history = model.fit(train_x, train_y, epochs=num_epochs, validation_data=(test_x, test_y), verbose=0)

_, acc = model.evaluate(test_x, test_y, verbose=0)
print('> %.3f' % (acc * 100.0))
