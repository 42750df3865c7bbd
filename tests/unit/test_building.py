"""The parts of an image build that need no engine: Dockerfiles, the site's files, and what logs mean."""

import os
import re
from pathlib import Path

import pytest

from trainyard.engine.containers import stages as dockerfile
from trainyard.engine.containers.buildlog import KEPT_FILES, BuildLog
from trainyard.engine.containers.site import Site
from trainyard.errors import ImageBuildError
from trainyard.settings import BuildSettings

STAGES = """\
# A note.
ARG PYTHON=python:3
ARG OTHER=python:2
FROM ${PYTHON} AS small
COPY install small.txt /opt/
COPY site /site

FROM small AS large
COPY large.txt /opt/

FROM ${PYTHON} AS parts
RUN make

FROM small AS other
COPY --from=parts /made /
"""


def log_of(*lines: str) -> BuildLog:
    """Return the log of a build that said *lines*."""
    log = BuildLog("", "image")
    log.add("\n".join(lines))
    return log


class TestStages:
    @pytest.mark.parametrize(
        ("target", "stages"),
        [("small", ["small"]), ("large", ["small", "large"]), ("other", ["small", "parts", "other"])],
    )
    def test_are_only_those_that_the_target_stands_on(self, target: str, stages: list[str]) -> None:
        """By FROM and by COPY --from, in the order of the file; what stands above all stages stays."""
        text = dockerfile.only(STAGES, target)

        assert re.findall(r"^FROM .* AS (\w+)$", text, re.MULTILINE) == stages
        assert text.startswith("ARG PYTHON=python:3\n")

    def test_leave_out_what_only_others_use(self) -> None:
        """A note, or an argument of another stage, is no reason to build an image anew."""
        text = dockerfile.only(STAGES, "large")

        assert "note" not in text
        assert "OTHER" not in text

    def test_are_all_for_a_target_that_is_not_there(self) -> None:
        """The engine knows best how to say so."""
        assert dockerfile.only(STAGES, "nothing") == STAGES

    def test_name_the_files_that_they_copy(self) -> None:
        """So that only those make an image's name; what comes from another stage is no file."""
        assert dockerfile.copied(STAGES) == {"install", "small.txt", "site", "large.txt"}


class TestSite:
    def test_writes_pips_configuration(self) -> None:
        """Whatever is set, in pip's own file."""
        site = Site(index="https://a/simple", extra_indexes=("https://b", "https://c"), trusted_hosts=("a",))

        text = site.files(())["site/pip.conf"].decode()

        assert text == (
            "[global]\nindex-url = https://a/simple\nextra-index-url = https://b https://c\ntrusted-host = a\n"
        )

    def test_leaves_out_what_a_container_cannot_see(self) -> None:
        """An index in a folder of this machine is none for a build."""
        site = Site(index="file:///srv/simple", extra_indexes=("file:///srv/more",))

        assert site.files(()) == {"site/pip.conf": b"", "site/ca.crt": b""}

    def test_brings_the_authorities(self, tmp_path: Path) -> None:
        """The file that the settings name, as it is now."""
        (tmp_path / "ca.pem").write_text("-----BEGIN")

        assert Site(ca_bundle=str(tmp_path / "ca.pem")).files(())["site/ca.crt"] == b"-----BEGIN"

    def test_names_a_file_that_is_not_there(self) -> None:
        """A wrong setting is not left to pip to stumble over."""
        with pytest.raises(ImageBuildError, match="/nowhere"):
            Site(ca_bundle="/nowhere").files(())

    def test_brings_only_the_wheels_that_are_asked_for(self, tmp_path: Path) -> None:
        """They are large; names are compared as indexes compare them."""
        for name in ("torch-2.0+cpu-cp311-x.whl", "scikit_learn-1.9-cp313-x.whl", "six-1.0-py3-any.whl", "notes.txt"):
            (tmp_path / name).write_text("")

        files = Site(wheels=str(tmp_path)).files(["torch==2.0", "scikit-learn>=1"])

        assert {os.path.basename(name) for name in files if "wheels" in name} == {
            "torch-2.0+cpu-cp311-x.whl",
            "scikit_learn-1.9-cp313-x.whl",
        }

    def test_follows_the_usual_variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What pip and other programs obey here holds in builds as well; a setting of ours goes first."""
        monkeypatch.setenv("PIP_INDEX_URL", "https://usual")
        monkeypatch.setenv("PIP_TRUSTED_HOST", "usual")
        monkeypatch.setenv("TRAINYARD_TRAINER_PIP_TRUSTED_HOST", "ours")
        monkeypatch.setenv("https_proxy", "http://proxy:3128")

        site = Site.of(BuildSettings())

        assert (site.index, site.trusted_hosts) == ("https://usual", ("ours",))
        assert {site.proxies["https_proxy"], site.proxies["HTTPS_PROXY"]} == {"http://proxy:3128"}


class TestWhatALogMeans:
    def test_a_version_that_is_not_there(self) -> None:
        """With the newest of those that are."""
        error = log_of(
            "ERROR: Could not find a version that satisfies the requirement six==99 (from versions: 1.16.0, 1.17.0)",
            "ERROR: No matching distribution found for six==99",
            "trainyard: CANNOT INSTALL",
        ).refusal()

        assert str(error) == "no wheel satisfies the requirement six==99; there are 1.16.0, 1.17.0"

    def test_a_distribution_that_is_not_there(self) -> None:
        """A slip in its name, or one without wheels."""
        error = log_of(
            "ERROR: Could not find a version that satisfies the requirement sixx (from versions: none)",
            "trainyard: CANNOT INSTALL",
        ).refusal()

        assert str(error) == "no wheel satisfies the requirement sixx; the index has none that is compatible"

    def test_requirements_that_contradict_each_other(self) -> None:
        """Who needs what, as pip says it."""
        error = log_of(
            "ERROR: Cannot install a==1 and b==3 because these package versions have conflicting dependencies.",
            "",
            "The conflict is caused by:",
            "    The user requested b==3",
            "    a 1 depends on b<2",
            "",
            "To fix this you could try to:",
            "trainyard: CANNOT INSTALL",
        ).refusal()

        assert str(error) == (
            "the requirements a==1 and b==3 conflict with each other: The user requested b==3; a 1 depends on b<2"
        )

    def test_a_distribution_of_which_no_version_fits(self) -> None:
        """Pip names every version that it has tried; one name is enough."""
        error = log_of(
            f"ERROR: Cannot install {', '.join(f'a=={n}' for n in range(9))} and b==1 because these package versions "
            "have conflicting dependencies."
        ).refusal()

        assert str(error) == "the requirements a and b conflict with each other"

    def test_a_version_that_something_else_replaced(self) -> None:
        """What is installed in the end is what counts."""
        error = log_of("trainyard: NOT MET six==1.16.0: installed is 1.17.0").refusal()

        assert str(error) == "the requirement six==1.16.0: installed is 1.17.0, which another requirement replaced"

    def test_a_build_for_graphics_processors_alone(self) -> None:
        """It could be installed and never imported."""
        error = log_of("trainyard: NO CPU BUILD torchvision").refusal()

        assert error is not None
        assert "there is no torchvision for that build" in str(error)
        assert error.reason == "missing_module"

    @pytest.mark.parametrize(
        "line",
        [
            "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError'",
            "Could not fetch URL https://a/simple/six/: Temporary failure in name resolution - skipping",
        ],
    )
    def test_an_index_that_is_away_is_nobodys_fault(self, line: str) -> None:
        """Pip finds no version then either, and the build is worth another try."""
        log = log_of(line, "ERROR: Could not find a version that satisfies the requirement six (from versions: none)")

        assert log.refusal() is None

    def test_anything_else_is_nobodys_fault_either(self) -> None:
        """A full disk is the operator's."""
        assert log_of("OSError: [Errno 28] No space left on device").refusal() is None


class TestKeptLogs:
    def test_hold_all_that_was_said(self, tmp_path: Path) -> None:
        """By the image's name, which is no path."""
        log = BuildLog(str(tmp_path), "trainyard/ann:0123")
        log.add("one\ntwo")
        log.close()

        assert (tmp_path / "trainyard_ann_0123.log").read_text() == "one\ntwo\n"

    def test_do_not_pile_up(self, tmp_path: Path) -> None:
        """The oldest goes."""
        for number in range(KEPT_FILES):
            (tmp_path / f"{number}.log").write_text("")
            os.utime(tmp_path / f"{number}.log", (number, number))

        BuildLog(str(tmp_path), "new").close()

        assert len(list(tmp_path.glob("*.log"))) == KEPT_FILES
        assert not (tmp_path / "0.log").exists()

    def test_that_cannot_be_kept_stop_no_build(self) -> None:
        """A folder that is not to be had is no reason to build nothing."""
        log = BuildLog("/proc/nowhere", "image")

        log.add("one")
        log.close()

        assert log.tail() == "one"
