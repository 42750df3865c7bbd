"""What inspection concludes, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from services.trainer.inspection import Plan
from trainyard_cli.inspecting import Inspected


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


def as_json(found: Inspected) -> str:
    """Write a plan, or the refusal, as one JSON object."""
    refusal, plan = found.refusal, found.plan
    if plan is None:
        said = {
            "error": refusal.message if refusal else "",
            "remedy": refusal.remedy if refusal else "",
            "reason": refusal.reason if refusal else "",
            "file": refusal.file if refusal else None,
            "line": refusal.line if refusal else None,
        }
        return json.dumps(said, indent=2, ensure_ascii=False)
    return json.dumps(_plan(plan), indent=2, ensure_ascii=False)


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "entrypoint": plan.entrypoint,
        "workdir": plan.workdir,
        "args": plan.args,
        "stdin": plan.setup.stdin,
        "environment": dict(plan.environment),
        "kind": plan.kind,
        "legacy_keras": plan.setup.legacy_keras,
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


def _rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each conclusion, with its topic where that begins."""
    order = list(dict.fromkeys(note.topic for note in plan.notes))
    for topic, notes in groupby(sorted(plan.notes, key=lambda note: order.index(note.topic)), lambda note: note.topic):
        for place, note in enumerate(notes):
            yield (topic if place == 0 else ""), note.text
