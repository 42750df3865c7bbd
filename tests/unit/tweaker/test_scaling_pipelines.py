"""Where the scaler goes in a pipeline that is there: to numbers only, never to named columns or words."""

import pytest

from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.editing import edited

TOP = """\
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

prepare = ColumnTransformer([("kind", OneHotEncoder(), ["kind"])], remainder="passthrough")
usual = StandardScaler()
"""


def scaled(pipeline: str) -> str:
    """Scale a pipeline and return how it is written then."""
    after = edited("scale_inputs", None, f"{TOP}pipe = {pipeline}\n").decode()
    return after.removeprefix(f"{TOP}pipe = ").rstrip()


@pytest.mark.parametrize(
    ("pipeline", "after"),
    [
        pytest.param(
            "make_pipeline(prepare, SVC())",
            "make_pipeline(prepare, StandardScaler(with_mean=False), SVC())",
            id="named columns",
        ),
        pytest.param(
            'Pipeline([("prepare", prepare), ("svc", SVC())])',
            'Pipeline([("prepare", prepare), ("scaler", StandardScaler(with_mean=False)), ("svc", SVC())])',
            id="named columns, in a list",
        ),
        pytest.param(
            "make_pipeline(SimpleImputer(), PCA(2), SVC())",
            "make_pipeline(SimpleImputer(), StandardScaler(), PCA(2), SVC())",
            id="components mind the scale too",
        ),
        pytest.param("make_pipeline(SVC())", "make_pipeline(StandardScaler(), SVC())", id="the estimator alone"),
    ],
)
def test_the_scaler_stands_before_what_minds_the_scale(pipeline: str, after: str) -> None:
    """What comes before it goes on to get the data as they come in."""
    assert scaled(pipeline) == after


@pytest.mark.parametrize(
    ("pipeline", "why"),
    [
        ("make_pipeline(TfidfVectorizer(), SVC())", "takes text"),
        ("make_pipeline(usual, SVC())", "already has a scaler"),
    ],
)
def test_leaves_alone_what_is_no_table_or_scaled(pipeline: str, why: str) -> None:
    """Words have no scale, and a scaler behind a name is one too."""
    with pytest.raises(NotUnderstoodError, match=why):
        scaled(pipeline)
