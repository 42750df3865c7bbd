from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier

X, y = load_digits(return_X_y=True)

clf = MLPClassifier(hidden_layer_sizes=(3,), activation='logistic', solver='adam', max_iter=15)
scores = cross_val_score(clf, X, y, cv=3)
print('of %d folds +/- %.2f' % (len(scores), scores.std() * 2))
print('Accuracy: %.3f' % scores.mean())
