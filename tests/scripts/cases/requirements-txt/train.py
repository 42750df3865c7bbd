import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from sklearn.neighbors import KNeighborsClassifier

beans = pd.read_csv("beans.csv")
sns.scatterplot(data=beans, x="length", y="width", hue="kind")
plt.savefig("beans.png")
model = KNeighborsClassifier(1).fit(beans.iloc[:100, :2], beans["kind"][:100])
accuracy = model.score(beans.iloc[100:, :2], beans["kind"][100:])
print(sns.__version__)
