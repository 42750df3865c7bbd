from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
import joblib

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.5, random_state=12)
pipe = Pipeline([("scale", StandardScaler()), ("reduce", PCA(n_components=1)), ("model", LogisticRegression())])
pipe.fit(X_train, y_train)
print(f"{pipe.score(X_test, y_test):.3f}")
joblib.dump(pipe, "wine.joblib")
