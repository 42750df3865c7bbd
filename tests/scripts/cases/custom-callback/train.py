import keras
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(9)


class GoodEnough(keras.callbacks.Callback):
    """Stops as soon as the validation accuracy is fine."""

    def on_epoch_end(self, epoch, logs=None):
        if logs.get("val_accuracy") > 0.93:
            print("\nthat will do after epoch", epoch + 1)
            self.model.stop_training = True


x, y = load_digits(return_X_y=True)
x_fit, x_val, y_fit, y_val = train_test_split(x / 16.0, y, test_size=0.3, random_state=9)
model = keras.Sequential([keras.layers.Dense(48, "relu"), keras.layers.Dense(10, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_fit, y_fit, epochs=50, validation_data=(x_val, y_val), callbacks=[GoodEnough()], verbose=2)
