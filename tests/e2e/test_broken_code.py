"""Whatever people send ends in a message they can act on, and the services live on."""

import pytest

from tests.e2e.stack import Stack

pytestmark = pytest.mark.timeout(900)  # the first job of a kind builds its image

FINE = """
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = KNeighborsClassifier().fit(X_train, y_train)
acc = model.score(X_test, y_test)
"""

RAISES = """
from sklearn.linear_model import LogisticRegression

def load():
    raise ValueError("the column 'price' is missing")

LogisticRegression().fit(*load())
"""

MEASURES_NOTHING = """
from sklearn.cluster import KMeans

KMeans(n_clusters=2, n_init=1).fit([[0.0], [1.0], [2.0]])
"""

BROKEN = {
    "syntax": (
        {"train.py": "from sklearn.svm import SVC\nmodel = SVC(\nmodel.fit([[0]], [0])\n"},
        ("train.py", "line 2", "never closed"),
    ),
    "raises": (
        {"train.py": RAISES},
        ("ValueError: the column 'price' is missing", "train.py", "line 5", "LogisticRegression().fit(*load())"),
    ),
    "measures-nothing": (
        {"train.py": MEASURES_NOTHING},
        ("accuracy", "metric", "trainyard.toml"),
    ),
    "empty": ({"README.md": "nothing here yet\n"}, ("no Python", "empty")),
    "broken-toml": (
        {"train.py": FINE, "trainyard.toml": "threshold = 0.9\nbudget = { trials = \n"},
        ("trainyard.toml", "line 2", "not valid TOML"),
    ),
    "unknown-setting": (
        {"train.py": FINE, "trainyard.toml": "treshold = 0.9\n"},
        ("trainyard.toml", "treshold", "no such setting"),
    ),
}


class TestBrokenCode:
    @pytest.mark.parametrize("name", BROKEN)
    def test_is_told_by_mail_with_file_line_and_remedy(self, name: str, stack: Stack) -> None:
        """The job fails, and the mail names the thing, the reason and the remedy."""
        files, texts = BROKEN[name]

        job = stack.finished(stack.submit(stack.script(name, files)))

        assert job["outcome"] == "failed"
        mail = stack.mail(job["job"])
        body = " ".join(mail["text"].split())
        assert [text for text in texts if text not in body] == []
        assert "failed" in mail["subject"]
        stack.expect_nothing_left(job["job"])

    @pytest.mark.parametrize(
        ("code", "texts"),
        [
            ("file:///nowhere/at/all", ("/nowhere/at/all",)),
            ("https://127.0.0.1:9/nobody/nothing.git", ("https://127.0.0.1:9/nobody/nothing.git",)),
        ],
    )
    def test_an_unknown_url_is_told_by_mail(self, code: str, texts: tuple[str, ...], stack: Stack) -> None:
        """There is nothing to fetch, and the mail names what was looked for."""
        job = stack.finished(stack.submit(code, key="code.submitted"))

        assert job["outcome"] == "failed"
        body = stack.mail(job["job"])["text"]
        assert [text for text in texts if text not in body] == []

    def test_a_body_that_is_not_json_is_parked_with_its_reason(self, stack: Stack) -> None:
        """It is put aside for a person; the messages behind it flow."""
        stack.publish("code.submitted", "this is not JSON")

        listed = stack.wait_for_parked("code.submitted")
        assert "is invalid" in listed
        assert "JSON" in listed
        stack.trainyard("parked", "drop", listed.split()[0])
        job = stack.finished(stack.submit(stack.script("after-poison", {"train.py": FINE}), key="code.submitted"))
        assert job["outcome"] == "passed"
