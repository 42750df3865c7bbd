"""Collects what a script measured from everywhere it can be found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind, agreed
from trainprobe.foreign import Foreign
from trainprobe.names import canonical
from trainprobe.notebook_code import read_code
from trainprobe.results.reported import with_reports
from trainprobe.results.sources.captured_output import CapturedOutput
from trainprobe.results.sources.known_values import KnownValues, same_value
from trainprobe.results.sources.metric_files import from_files
from trainprobe.results.sources.output import from_output
from trainprobe.results.sources.variables import computed, from_variables
from trainprobe.results.watched import from_calls, from_history
from trainprobe.task import Metric
from trainprobe.trace import Measurement
from trainprobe.watch import Watch


@dataclass(frozen=True)
class Ending:
    """How the script ended: its variables, what it raised if anything, and its exit code."""

    variables: Dict[str, Foreign]
    error: Optional[BaseException]
    code: int


@dataclass(frozen=True)
class Written:
    """The *files* that the script wrote below *code*, and which of them the task *named* as those with metrics."""

    code: Path
    files: Sequence[str]
    named: Tuple[str, ...] = ()


def measurements(
    watch: Watch, ending: Ending, metric: Metric, script: Path, printed: CapturedOutput, written: Written
) -> List[Measurement]:
    """Return everything that the *script* measured, whatever the metric; *metric* is looked for in files and output."""
    watched, name = [*from_calls(watch.trace), *from_history(watch.trace)], canonical(metric.name)
    found: List[Measurement] = []
    known = KnownValues(watch.trace, watched, {})
    with watch.guard("reading lists of scores"):
        known = KnownValues(watch.trace, watched, ending.variables)
    with watch.guard("reading variables"):
        code = read_code(script).decode("utf-8", "replace")
        found.extend(from_variables(computed(ending.variables, script), name, known, code))
    with watch.guard("reading metrics files"):
        found.extend(from_files(written.code, written.files, written.named, name, known))
    with watch.guard("reading the output"):
        found.extend(from_output(printed.lines(), name, known))
    measured = [*watched, *found]
    with watch.guard("finding what is reported"):
        measured = with_reports(watch.trace, watched, found, printed.lines(), name)
    return [_as_printed(one, measured) for one in measured]


def _as_printed(found: Measurement, measured: Sequence[Measurement]) -> Measurement:
    """Return *found*, a variable of unknown data, with the data that the printed lines with its value mention."""
    if found.kind != "variable" or found.data is not DataKind.UNKNOWN:
        return found
    lines = [one for one in measured if one.kind == "printed" and one.metric == found.metric]
    kinds = {one.data for one in lines if same_value(one.value, found.value)}
    return replace(found, data=agreed(kinds - {DataKind.UNKNOWN}))
