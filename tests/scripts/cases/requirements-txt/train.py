from importlib.metadata import version

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from prettytable import PrettyTable
from sklearn.neighbors import KNeighborsClassifier

assert version("prettytable") == "3.11.0"

beans = pd.read_csv("beans.csv")
sns.scatterplot(data=beans, x="length", y="width", hue="kind")
plt.savefig("beans.png")
model = KNeighborsClassifier(1).fit(beans.iloc[:100, :2], beans["kind"][:100])
table = PrettyTable(["neighbours", "right"])
table.add_row([1, model.score(beans.iloc[100:, :2], beans["kind"][100:])])
print(table)
