"""What inspection concludes from a folder on this machine, for people and for programs."""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from services.trainer.inspection import Plan, inspect
from trainyard.errors import SubmissionError
from trainyard.folders import code_files
from trainyard.policy import FILE, read_policy

MOST_BYTES = 16 << 20
"""Larger files are not code: only their names count."""


def inspect_folder(folder: Path, entrypoint: str | None = None) -> Plan:
    """Inspect the code in *folder* as a job would; *entrypoint* overrides the one in its settings.

    Raises:
        SubmissionError: The code would be refused.
    """
    files = read_code(folder)
    settings = files[FILE].decode("utf-8", "replace") if FILE in files else None
    return inspect(files, read_policy(settings, {"entrypoint": entrypoint} if entrypoint else {}))


def read_code(folder: Path) -> dict[str, bytes]:
    """Return the files of the code in *folder*, by their paths relative to it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        for path in code_files(folder)
    }


def table(plan: Plan) -> RenderableType:
    """Draw the conclusions by topic."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    for topic, text in _rows(plan):
        drawn.add_row(Text(topic, "bold"), Text(text))
    return drawn


def lines(plan: Plan) -> str:
    """Write the same for a log: a line for each conclusion."""
    return "\n".join(f"{topic:<11} {text}" for topic, text in _rows(plan))


def refusal_as_json(refusal: SubmissionError) -> str:
    """Write why the code would be refused as one JSON object."""
    fields = {"error": refusal.message}
    fields |= {name: getattr(refusal, name) for name in ("remedy", "reason", "file", "line")}
    return json.dumps(fields, indent=2, ensure_ascii=False)


def plan_as_json(plan: Plan) -> str:
    """Write a plan as one JSON object."""
    fields = {
        "entrypoint": plan.entrypoint,
        "workdir": plan.workdir,
        "args": plan.args,
        "stdin": plan.setup.stdin,
        "environment": dict(plan.environment),
        "kind": plan.kind,
        "compat": plan.setup.compat,
        "image": plan.recipe.kind,
        "requirements": plan.recipe.requirements,
        "dockerfile": plan.recipe.dockerfile,
        "imports": plan.imports,
        "module_folders": plan.setup.pythonpath,
        "data_files": plan.data_files,
        "data_sets": plan.data_sets,
        "paths": dict(plan.setup.paths),
        "lost_paths": plan.lost_paths,
        "folders": plan.setup.folders,
        "models_loaded": plan.models_loaded,
        "metrics_files": plan.setup.metrics_files,
        "reasons": [{"topic": note.topic, "text": note.text} for note in plan.notes],
    }
    return json.dumps(fields, indent=2, ensure_ascii=False)


def _rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each conclusion, with its topic where that begins."""
    order = list(dict.fromkeys(note.topic for note in plan.notes))
    for topic, notes in groupby(sorted(plan.notes, key=lambda note: order.index(note.topic)), lambda note: note.topic):
        for place, note in enumerate(notes):
            yield (topic if place == 0 else ""), note.text
