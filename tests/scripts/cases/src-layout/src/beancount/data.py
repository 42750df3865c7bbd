from pathlib import Path

import pandas as pd

DATA = Path("data") / "beans.csv"


def load():
    beans = pd.read_csv(DATA)
    return beans.drop(columns="kind"), beans["kind"]
