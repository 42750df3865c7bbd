"""Write what is generated from the code: `python -m trainyard.bus.contract [FOLDER]`, as `make docs` does."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trainyard.bus.asyncapi import asyncapi
from trainyard.bus.definitions import definitions

FILES: Mapping[str, Callable[[], Any]] = {
    "docs/asyncapi.json": asyncapi,
    "deploy/rabbitmq/definitions.json": definitions,
}


def render(document: Any) -> str:
    """Return *document* as JSON that people can read and compare."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write(root: Path) -> None:
    """Write every generated file below *root*."""
    for name, make in FILES.items():
        (root / name).write_text(render(make()), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd())
