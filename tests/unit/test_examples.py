"""Every example starts below its threshold and reaches it within three trials, with the tweaker's decisions.

tests/integration/test_embedded_wines.py trains the wines.
"""

import subprocess
from pathlib import Path

import pytest

from benchmarks.wines.probing import ROOT, write_files
from benchmarks.wines.search import follow, run_plainly
from trainyard.diff.patch import make_patch
from trainyard.policy import read_policy

EXAMPLES = ROOT / "examples"


def author_files(example: str) -> dict[str, bytes]:
    """Return the files of an example."""
    folder = EXAMPLES / example
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("example", ["neighbours", pytest.param("digits-cnn", marks=pytest.mark.stack)])
def test_reaches_its_threshold_within_three_trials(tmp_path: Path, example: str) -> None:
    """The author's code misses it; the patch applies to the author's tree, and makes of it what reaches it plainly."""
    threshold = read_policy((EXAMPLES / example / "trainyard.toml").read_text()).threshold

    course = follow(EXAMPLES / example, tmp_path / "work", seed=1, trials=3)

    assert course.values[0] is not None
    assert course.values[0] < threshold
    assert course.reached, f"the trials reached {course.values}, the threshold is {threshold}"
    patched = tmp_path / "patched"
    write_files(patched, author_files(example))
    patch = make_patch(author_files(example), course.files)
    subprocess.run(["git", "apply", "-"], cwd=patched, input=patch.encode(), check=True, timeout=60)
    assert run_plainly(patched, course.entrypoint) >= threshold


@pytest.mark.parametrize("example", ["wines", "neighbours", "digits-cnn"])
def test_tells_what_it_is_and_what_to_expect(example: str) -> None:
    """A README names the plain run, the threshold and the course of the trials."""
    readme = (EXAMPLES / example / "README.md").read_text()
    threshold = read_policy((EXAMPLES / example / "trainyard.toml").read_text()).threshold

    for told in (f"cd examples/{example} && python ", f"trainyard run examples/{example}", f"{threshold:.2f}", "| 2 |"):
        assert told in readme
