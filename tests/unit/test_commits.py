"""The winning patch as commits: real git reads it."""

import subprocess
from pathlib import Path

import pytest

from trainyard.bundle import digest, pack
from trainyard.diff.commits import as_commits, gain, patch_of
from trainyard.diff.patch import make_patch
from trainyard.errors import PermanentError
from trainyard.trial import Measurement, Trial, Tweak

FIRST = {"train.py": b"epochs = 10\nunits = 2\nprint(epochs, units)\n", "notes.txt": "größer\n".encode()}
LONGER = {**FIRST, "train.py": b"epochs = 30\nunits = 2\nprint(epochs, units)\n"}
WIDER = {**FIRST, "train.py": b"epochs = 30\nunits = 16\nprint(epochs, units)\n"}


def a_tweak(name: str, deed: str, before: dict[str, bytes], after: dict[str, bytes]) -> Tweak:
    """Make a tweak that leads from *before* to *after*."""
    return Tweak(name=name, deed=deed, reason=f"Zu wenig für {name}; {deed}.", diff=make_patch(before, after))


def windows(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with the line ends of Windows."""
    return {name: content.replace(b"\n", b"\r\n") for name, content in files.items()}


def a_trial(number: int, value: float, *tweaks: Tweak, **more: object) -> Trial:
    """Make a trial upon the one before that measured *value* on test data."""
    measured = Measurement(value=value, data="test")
    made = Trial(trial=number, base=number - 1 or None, tweaks=tweaks, measurement=measured)
    return made.model_copy(update=more)


def steps(first: dict[str, bytes], second: dict[str, bytes], third: dict[str, bytes]) -> tuple[Trial, Trial, Trial]:
    """Make a history of two trials with a tweak each."""
    longer = a_tweak("epochs", "it trains for 30 epochs instead of 10", first, second)
    wider = a_tweak("units", "the hidden layers get at least 16 units", second, third)
    return a_trial(1, 0.4), a_trial(2, 0.7, longer), a_trial(3, 0.95, wider)


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder* and return what it prints."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """An empty git checkout."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def commit(folder: Path, files: dict[str, bytes]) -> None:
    """Commit the author's files."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")


def read(folder: Path) -> dict[str, bytes]:
    """Return the files of the checkout."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class TestCommits:
    def test_become_commits_of_git(self, checkout: Path, tmp_path: Path) -> None:
        """One commit a tweak, in order: what, why and what it gained."""
        history = steps(FIRST, LONGER, WIDER)
        (tmp_path / "series").write_text(as_commits(history, history[-1]) or "")
        commit(checkout, FIRST)

        git(checkout, "am", str(tmp_path / "series"))

        assert read(checkout) == WIDER
        log = git(checkout, "log", "--reverse", "--format=%an|%s|%b", "-2")
        assert "Trainyard|epochs: it trains for 30 epochs instead of 10|Zu wenig für epochs" in log
        assert "accuracy on test data: 0.4 -> 0.7 (trial 1 -> 2)." in log
        assert "accuracy on test data: 0.7 -> 0.95 (trial 2 -> 3)." in log

    @pytest.mark.parametrize("command", [["git", "apply"], ["patch", "--silent", "-p1", "-i"]])
    def test_are_read_as_one_change_too(self, checkout: Path, tmp_path: Path, command: list[str]) -> None:
        """Who wants no commits, or has no git, takes the very same file."""
        history = steps(FIRST, LONGER, WIDER)
        (tmp_path / "series").write_text(as_commits(history, history[-1]) or "")
        commit(checkout, FIRST)

        done = subprocess.run([*command, str(tmp_path / "series")], cwd=checkout, capture_output=True, check=False)

        assert done.returncode == 0, done.stderr.decode()
        assert read(checkout) == WIDER

    def test_keep_the_line_ends_of_windows(self, checkout: Path, tmp_path: Path) -> None:
        """Git has to be asked for it, since mails lose them elsewhere."""
        history = steps(windows(FIRST), windows(LONGER), windows(WIDER))
        (tmp_path / "series").write_text(as_commits(history, history[-1]) or "", newline="")
        commit(checkout, windows(FIRST))

        git(checkout, "am", "--keep-cr", str(tmp_path / "series"))

        assert read(checkout) == windows(WIDER)

    def test_say_what_was_measured_without_a_tweak(self) -> None:
        """A pruned trial that fell short shows what the tweak is worth."""
        longer = a_tweak("epochs", "longer", FIRST, LONGER)
        wider = a_tweak("units", "wider", LONGER, WIDER)
        both = a_trial(2, 0.95, longer, wider)
        pruned = a_trial(3, 0.6, longer, purpose="prune", of=2, base=1)

        series = as_commits([a_trial(1, 0.4), both, pruned], both) or ""

        assert "accuracy on test data: 0.4 -> 0.95 (trial 1 -> 2), together with epochs." in series
        assert "Without it: 0.6 (trial 3)." in series

    def test_are_none_where_nothing_was_changed(self) -> None:
        """The author's own code needs no patch."""
        assert as_commits([a_trial(1, 0.95)], a_trial(1, 0.95)) == ""

    def test_are_unknown_where_the_way_is(self) -> None:
        """A base that the history does not hold leaves it to a plain diff."""
        last = steps(FIRST, LONGER, WIDER)[-1]

        assert as_commits([a_trial(1, 0.4), last], last) is None


class TestPatchOf:
    def test_compares_the_code_where_the_diffs_do_not_lead_there(self) -> None:
        """A patch all the same, without a commit for each tweak."""
        blobs = {digest(pack(files)): pack(files) for files in (FIRST, LONGER)}
        first, last = blobs
        history = (a_trial(1, 0.4, bundle=first), a_trial(2, 0.7, a_tweak("epochs", "", FIRST, LONGER), bundle=last))
        strange = history[1].model_copy(update={"base": 7})

        assert patch_of((history[0], strange), strange, blobs.__getitem__) == make_patch(FIRST, LONGER)

    def test_needs_the_code_for_that(self) -> None:
        """Where it is gone, there is no patch."""
        orphan = a_trial(2, 0.7, base=7)

        with pytest.raises(PermanentError, match="no code"):
            patch_of((orphan,), orphan, lambda _: b"")


def test_a_failed_base_has_gained_nothing() -> None:
    """Without two values there is nothing to compare."""
    first = a_trial(1, 0.4, measurement=None)

    assert gain([first, a_trial(2, 0.9)], a_trial(2, 0.9)) == ""


def test_a_long_title_ends_at_a_word() -> None:
    """The subject stays readable where the mail is looked at as it is."""
    deed = "20% of the activations before the output are dropped in training from now on"
    forgetful = a_tweak("dropout", deed, FIRST, LONGER)

    written = as_commits([a_trial(1, 0.4), a_trial(2, 0.9, forgetful)], a_trial(2, 0.9, forgetful))

    assert written is not None
    assert "Subject: [PATCH] dropout: 20% of the activations before the output are dropped in ...\n" in written


def test_a_gain_names_its_data_in_the_usual_words() -> None:
    """Folds are those of a cross-validation."""
    first, second = (
        a_trial(number, value, measurement=Measurement(value=value, data="folds"))
        for number, value in ((1, 0.8), (2, 0.9))
    )

    assert gain((first, second), second) == "accuracy on cross-validation folds: 0.8 -> 0.9 (trial 1 -> 2)"
