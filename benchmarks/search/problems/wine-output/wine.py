from keras.layers import Dense, Input
from keras.models import Model
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=11, stratify=y)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

inp = Input(shape=(13,))
h = Dense(16, activation='relu')(inp)
out = Dense(1, activation='sigmoid')(h)
model = Model(inputs=inp, outputs=out)

model.compile('adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=40, batch_size=16, verbose=0)
print('accuracy', model.evaluate(X_test, y_test, verbose=0)[1])
