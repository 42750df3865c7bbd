import lightgbm as lgb
import numpy as np
import pandas as pd

leaks = pd.read_csv("leaks.csv")
train, test = leaks[:180], leaks[180:]
names = ["pressure", "flow", "temperature", "hum"]
booster = lgb.train(
    {"objective": "binary", "num_leaves": 5, "min_data_in_leaf": 10, "verbose": -1, "seed": 1, "num_threads": 1},
    lgb.Dataset(train[names], train["leak"]),
    num_boost_round=15,
)
guess = (booster.predict(test[names]) > 0.5).astype(int)
acc = np.mean(guess == test["leak"].values)
print("acc", acc)
