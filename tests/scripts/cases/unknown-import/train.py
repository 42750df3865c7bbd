import keras
import secret_company_tools
from sklearn.datasets import load_iris

x, y = load_iris(return_X_y=True)
model = secret_company_tools.default_network(4, 3)
model.fit(x, y, epochs=5)
