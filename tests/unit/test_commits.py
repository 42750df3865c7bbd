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
        (tmp_path / "series").write_text(as_commits(history, history[-1], FIRST) or "")
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
        (tmp_path / "series").write_text(as_commits(history, history[-1], FIRST) or "")
        commit(checkout, FIRST)

        done = subprocess.run([*command, str(tmp_path / "series")], cwd=checkout, capture_output=True, check=False)

        assert done.returncode == 0, done.stderr.decode()
        assert read(checkout) == WIDER

    def test_keep_the_line_ends_of_windows(self, checkout: Path, tmp_path: Path) -> None:
        """Git has to be asked for it, since mails lose them elsewhere."""
        history = steps(windows(FIRST), windows(LONGER), windows(WIDER))
        (tmp_path / "series").write_text(as_commits(history, history[-1], windows(FIRST)) or "", newline="")
        commit(checkout, windows(FIRST))

        git(checkout, "am", "--keep-cr", str(tmp_path / "series"))

        assert read(checkout) == windows(WIDER)

    def test_say_what_was_measured_without_a_tweak(self) -> None:
        """A pruned trial that fell short shows what the tweak is worth."""
        longer = a_tweak("epochs", "longer", FIRST, LONGER)
        wider = a_tweak("units", "wider", LONGER, WIDER)
        both = a_trial(2, 0.95, longer, wider)
        pruned = a_trial(3, 0.6, longer, purpose="prune", of=2, base=1)

        series = as_commits([a_trial(1, 0.4), both, pruned], both, FIRST) or ""

        assert "accuracy on test data: 0.4 -> 0.95 (trial 1 -> 2), together with epochs." in series
        assert "Without it: 0.6 (trial 3)." in series

    def test_name_the_values_with_every_seed(self) -> None:
        """What passed once without a tweak, and then fell, shows what the tweak is worth, too."""
        longer = a_tweak("epochs", "longer", FIRST, LONGER)
        wider = a_tweak("units", "wider", LONGER, WIDER)
        both = a_trial(2, 0.95, longer, wider)
        pruned = a_trial(3, 0.94, longer, purpose="prune", of=2, base=1)
        again = a_trial(4, 0.6, purpose="confirm", of=3)

        series = as_commits([a_trial(1, 0.4), both, pruned, again], both, FIRST) or ""

        assert "Without it: 0.94 (trial 3), 0.6 (trial 4)." in series

    @pytest.mark.parametrize(("value", "noted"), [(0.39, True), (0.404, True), (0.5, False)])
    def test_claim_no_gain_that_there_was_not(self, value: float, *, noted: bool) -> None:
        """A commit that did harm, or no more than chance does, says so."""
        first, second, _ = steps(FIRST, LONGER, WIDER)
        second = second.model_copy(update={"measurement": Measurement(value=value, data="test")})

        series = as_commits([first, second], second, FIRST) or ""

        assert (f"0.4 -> {value} (trial 1 -> 2). This is no gain beyond noise." in series) is noted

    def test_compare_with_no_value_that_proves_nothing(self) -> None:
        """What mended a trial that was objected to is not held against its value."""
        longer = a_tweak("epochs", "longer", FIRST, LONGER)
        mended = a_trial(2, 0.6, longer, of=1)

        series = as_commits([a_trial(1, 0.95), mended], mended, FIRST) or ""

        assert "Subject: [PATCH] epochs: longer" in series
        assert "0.95" not in series

    def test_are_none_where_nothing_was_changed(self) -> None:
        """The author's own code needs no patch."""
        assert as_commits([a_trial(1, 0.95)], a_trial(1, 0.95), FIRST) == ""

    def test_are_unknown_where_the_way_is(self) -> None:
        """A base that the history does not hold leaves it to a plain diff."""
        last = steps(FIRST, LONGER, WIDER)[-1]

        assert as_commits([a_trial(1, 0.4), last], last, FIRST) is None


class TestSquash:
    def test_makes_two_turns_of_one_knob_one_commit(self, checkout: Path, tmp_path: Path) -> None:
        """Epochs, units, epochs again: the first commit would be wiped out, so there are two, and both reasons."""
        longest = {**WIDER, "train.py": WIDER["train.py"].replace(b"30", b"90")}
        history = (
            a_trial(1, 0.4),
            a_trial(2, 0.7, a_tweak("epochs", "30 epochs instead of 10", FIRST, LONGER)),
            a_trial(3, 0.8, a_tweak("units", "16 units", LONGER, WIDER)),
            a_trial(4, 0.95, a_tweak("epochs", "90 epochs instead of 30", WIDER, longest)),
        )
        (tmp_path / "series").write_text(as_commits(history, history[-1], FIRST) or "")
        commit(checkout, FIRST)

        git(checkout, "am", str(tmp_path / "series"))

        assert read(checkout) == longest
        assert git(checkout, "log", "--reverse", "--format=%s", "-2").split("\n")[:2] == [
            "units: 16 units",
            "epochs: 90 epochs instead of 10",
        ]
        body = git(checkout, "log", "--format=%b", "-1")
        assert "30 epochs instead of 10.\n\naccuracy on test data: 0.4 -> 0.7 (trial 1 -> 2)." in body
        assert "90 epochs instead of 30.\n\naccuracy on test data: 0.8 -> 0.95 (trial 3 -> 4)." in body

    def test_says_nothing_of_what_no_longer_acts(self) -> None:
        """Of the neighbours nothing is left in the forest that took their place."""
        before, nearer, forest = (
            {"train.py": b"clf = %s\nclf.fit()\n" % each} for each in (b"KNN(1)", b"KNN(7)", b"RF()")
        )
        history = (
            a_trial(1, 0.4),
            a_trial(2, 0.7, a_tweak("neighbours", "7 neighbours", before, nearer)),
            a_trial(3, 0.95, a_tweak("swap_estimator", "RF instead of KNN", nearer, forest)),
        )

        series = as_commits(history, history[-1], before) or ""

        assert series.count("Subject: ") == 1
        assert "-clf = KNN(1)\n+clf = RF()" in series
        assert "7 neighbours" not in series

    @pytest.mark.parametrize("end", ["", "\n"])
    def test_leaves_out_what_was_taken_back(self, end: str) -> None:
        """A line that came and went leaves no commit, also where the file ends without a newline."""
        before, dropped, wider = (
            {"train.py": f"{rest}{end}".encode()}
            for rest in ("units = 2\nfit()", "units = 2\nfit()\ndropout()", "units = 20\nfit()")
        )
        history = (
            a_trial(1, 0.4),
            a_trial(2, 0.3, a_tweak("dropout", "drops", before, dropped)),
            a_trial(3, 0.4, a_tweak("dropout", "drops nothing", dropped, before)),
            a_trial(4, 0.9, a_tweak("units", "20 units", before, wider)),
        )

        series = as_commits(history, history[-1], before) or ""

        assert series.count("Subject: ") == 1
        assert make_patch(before, wider) in series

    def test_keeps_both_settings_of_one_line(self) -> None:
        """The second of them rewrites the line, but not what the first did in it."""
        before, longer, wider = (
            {"train.py": b"clf = MLP((%d,), max_iter=%d)\n" % each} for each in ((3, 9), (3, 99), (32, 99))
        )
        history = steps(before, longer, wider)

        series = as_commits(history, history[-1], before) or ""

        assert make_patch(before, longer) in series
        assert make_patch(longer, wider) in series

    def test_follows_a_change_through_several_files(self) -> None:
        """A module without a newline at its end, and the script after it."""
        before, first, last = (
            {"net.py": b"units = %d" % each, "train.py": b"epochs = %d\n" % each} for each in (1, 2, 3)
        )
        history = steps(before, first, last)

        series = as_commits(history, history[-1], before) or ""

        assert series.count("Subject: ") == 1
        assert make_patch(before, last) in series

    def test_keeps_a_commit_of_which_something_is_left(self) -> None:
        """A later commit may change one of two lines."""
        both = {**FIRST, "train.py": FIRST["train.py"].replace(b"10", b"30").replace(b"2", b"4")}
        history = steps(FIRST, both, {**both, "train.py": both["train.py"].replace(b"30", b"90")})

        assert (as_commits(history, history[-1], FIRST) or "").count("Subject: ") == len(history) - 1


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

    written = as_commits([a_trial(1, 0.4), a_trial(2, 0.9, forgetful)], a_trial(2, 0.9, forgetful), FIRST)

    assert written is not None
    assert "Subject: [PATCH] dropout: 20% of the activations before the output are dropped in ...\n" in written


def test_a_gain_names_its_data_in_the_usual_words() -> None:
    """Folds are those of a cross-validation."""
    first, second = (
        a_trial(number, value, measurement=Measurement(value=value, data="folds"))
        for number, value in ((1, 0.8), (2, 0.9))
    )

    assert gain((first, second), second) == "accuracy on cross-validation folds: 0.8 -> 0.9 (trial 1 -> 2)"
