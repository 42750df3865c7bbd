"""From plans to code, in one file or several."""

import pytest

from services.tweaker.search.candidates import Editor
from services.tweaker.search.plan import Step
from tests.unit.tweaker import scripts
from trainyard.trial import Setting

MAIN = b"""\
import numpy as np
import tweak
from keras.layers import Dense
from keras.models import Sequential

X, y = np.load("x.npy"), np.load("y.npy")
model = Sequential([Dense(8, activation="relu"), Dense(1, activation="sigmoid")])
model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=tweak.epoch_no)
"""
BESIDE = {"main.py": MAIN, "tweak.py": b"epoch_no = 5\n", "notes.txt": b"5\n"}


def step(edit: str, setting: Setting) -> Step:
    """Return a step that somebody wants."""
    return Step(edit, setting, "so", "Why")


class TestMade:
    def test_changes_the_file_that_holds_the_value(self) -> None:
        """A value in a second module is changed there, and the diff says so; all else stays as it is."""
        candidate = Editor(BESIDE, "main.py").apply((step("epochs", 15),))

        assert candidate is not None
        assert candidate.files == {**BESIDE, "tweak.py": b"epoch_no = 15\n"}
        assert "a/tweak.py" in candidate.tweaks[0].diff
        assert "a/main.py" not in candidate.tweaks[0].diff

    def test_makes_one_edit_after_the_other(self) -> None:
        """Each diff is against what the edit before left."""
        candidate = Editor(BESIDE, "main.py").apply((step("epochs", 15), step("units", 32)))

        assert candidate is not None
        assert candidate.files["main.py"] == MAIN.replace(b"Dense(8", b"Dense(32")
        assert ["tweak.py" in tweak.diff for tweak in candidate.tweaks] == [True, False]

    def test_passes_over_a_step_that_does_not_apply(self) -> None:
        """What can be made of a plan is made, and why the rest was left alone is kept."""
        editor = Editor(BESIDE, "main.py")

        candidate = editor.apply((step("units", 4), step("epochs", 15)))

        assert candidate is not None
        assert [tweak.name for tweak in candidate.tweaks] == ["epochs"]
        assert "4 units or more" in editor.left_alone["units"]

    def test_makes_nothing_of_a_plan_of_which_no_step_applies(self) -> None:
        """Neither what is not understood, nor what is not known, nor what is not allowed."""
        editor = Editor(BESIDE, "main.py", allowed=("units", "magic"))

        assert editor.apply((step("epochs", 15),)) is None
        assert editor.apply((step("magic", 1),)) is None
        assert editor.apply((step("units", 4),)) is None

    def test_tells_the_reason_of_the_plan_that_was_asked_for(self) -> None:
        """The same edit for another finding is the same code with other words."""
        editor = Editor(BESIDE, "main.py")
        one, other = Step("epochs", 15, "so", "It was slow"), Step("epochs", 15, "so", "It was short")

        first, second = editor.apply((one,)), editor.apply((other,))

        assert first is not None
        assert second is not None
        assert first.files == second.files
        assert [made.tweaks[0].reason for made in (first, second)] == ["It was slow; so.", "It was short; so."]


class TestFirst:
    def test_passes_over_code_that_was_tried(self) -> None:
        """The first plan whose code is new is taken."""
        editor = Editor(BESIDE, "main.py")
        plans = [(step("epochs", 15),), (step("epochs", 30),)]
        tried = editor.first_untried(plans, [])
        assert tried is not None

        candidate = editor.first_untried(plans, [tried.files])

        assert candidate is not None
        assert candidate.files["tweak.py"] == b"epoch_no = 30\n"

    def test_finds_none_where_all_was_tried(self) -> None:
        """Nothing is left then."""
        assert Editor({"main.py": scripts.ADDED}, "main.py").first_untried([], []) is None


class TestSettings:
    def test_reads_what_the_code_has(self) -> None:
        """Wherever the author keeps it; what finds nothing is left alone with its reason."""
        editor = Editor(BESIDE, "main.py")

        settings = editor.settings()

        assert (settings["epochs"], settings["units"]) == (5, (8,))
        assert "neighbours" not in settings
        assert "neighbours" in editor.left_alone

    @pytest.mark.parametrize(
        ("entrypoint", "why"),
        [
            ("train.ipynb", "notebooks are not edited"),
            ("gone.py", "it is not recorded which of these files was run"),
            (None, "it is not recorded which of these files was run"),
        ],
    )
    def test_explains_why_no_script_is_edited(self, entrypoint: str | None, why: str) -> None:
        """A notebook ran, or the facts of the trial do not say which script: nothing is guessed from names."""
        editor = Editor({"train.ipynb": b"{}", "train.py": scripts.ADDED}, entrypoint)

        assert editor.settings() == {}
        assert editor.left_alone["epochs"].startswith(why)
