"""Keeps an executed notebook and the figures in it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Iterator

from trainprobe.foreign import Foreign

MOST_FIGURES = 20


def keep(book: Foreign, name: str, folder: Path) -> None:
    """Write the notebook *book* to *folder* under its *name*, and beside it each figure that its cells show.

    Raises:
        OSError: there is no room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for number, figure in enumerate(_figures(book), 1):
        if number <= MOST_FIGURES:
            (folder / "figure-{}.png".format(number)).write_bytes(figure)


def _figures(book: Foreign) -> Iterator[bytes]:
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            picture = output.get("data", {}).get("image/png")
            if picture:
                yield base64.b64decode(picture)
