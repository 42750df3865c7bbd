"""The page about the architecture leads a newcomer to files that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
ROWS = re.findall(r"^\| (?!to change)(.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
FEWEST_ROWS = 20


def test_the_page_opens_with_a_picture_of_the_house() -> None:
    """The first thing under the title is a picture that is there."""
    picture = re.match(r"# .+\n\n!\[.+\]\((.+)\)\n", PAGE)

    assert picture is not None
    assert (ROOT / "docs" / picture[1]).is_file()


def test_each_row_leads_to_paths_that_exist() -> None:
    """Whoever wants to change something finds the place that the table names."""
    paths = {path for _, where in ROWS for path in re.findall(r"`([\w./]+/[\w./]*)`", where)}

    assert len(ROWS) >= FEWEST_ROWS
    assert all(any("/" in part for part in re.findall(r"`(.+?)`", where)) for _, where in ROWS)
    assert not sorted(path for path in paths if not (ROOT / path).exists())
