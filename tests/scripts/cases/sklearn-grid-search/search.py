import pandas as pd
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

leaks = pd.read_csv("leaks.csv")
search = GridSearchCV(SVC(), {"C": [0.1, 1, 10], "gamma": [0.01, 0.1]}, cv=4)
search.fit(leaks.drop(columns="leak"), leaks["leak"])
print("best parameters:", search.best_params_)
print("best score:", search.best_score_)
