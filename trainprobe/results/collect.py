"""Collects what a script measured from everywhere it can be found."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Dict, List, Optional, Sequence

from trainprobe.data.kind import DataKind
from trainprobe.foreign import Foreign
from trainprobe.notebook_code import read_code
from trainprobe.results.choose import candidates, has_measured
from trainprobe.results.folds import with_folds
from trainprobe.results.sources.heard import Heard
from trainprobe.results.sources.history import from_history
from trainprobe.results.sources.matching import Known, same_value
from trainprobe.results.sources.printed import from_output
from trainprobe.results.sources.variables import computed, from_variables
from trainprobe.results.sources.written import from_files
from trainprobe.task import Task
from trainprobe.trace import Measurement, Trace
from trainprobe.watch import Watch


@dataclass(frozen=True)
class Ending:
    """How the script ended: its variables, what it raised if anything, and its exit code."""

    variables: Dict[str, Foreign]
    error: Optional[BaseException]
    code: int


def measurements(task: Task, watch: Watch, ending: Ending, fresh: Sequence[str], heard: Heard) -> List[Measurement]:
    """Return everything that was measured, whatever the metric; *fresh* are the files that the script wrote."""
    seen = [*with_folds(watch.trace), *from_history(watch.trace)]
    known = Known(watch.trace, list(seen), {})
    with watch.guard("reading lists of scores"):
        known = Known(watch.trace, list(seen), ending.variables)
    with watch.guard("reading variables"):
        code = read_code(task.script).decode("utf-8", "replace")
        seen.extend(from_variables(computed(ending.variables, task.script), known, task.metric, code))
    with watch.guard("reading metrics files"):
        seen.extend(from_files(task.code, fresh, task.metrics_files, task.metric, known))
    with watch.guard("reading the output"):
        seen.extend(from_output(heard.lines(), task.metric, known))
    return [_as_printed(one, seen) for one in seen]


def _as_printed(found: Measurement, seen: Sequence[Measurement]) -> Measurement:
    """Return *found*, a variable of which nothing tells its data, on what the lines with its value speak of."""
    if found.kind != "variable" or found.data is not DataKind.UNKNOWN:
        return found
    lines = [one for one in seen if one.kind == "printed" and one.metric == found.metric]
    data = {one.data for one in lines if same_value(one.value, found.value)} - {DataKind.UNKNOWN}
    return replace(found, data=data.pop()) if len(data) == 1 else found


def ranked(task: Task, watch: Watch, ending: Ending, seen: Sequence[Measurement]) -> List[Measurement]:
    """Return the measurements that may count, best first; none where the script broke off before it had measured."""
    found = candidates(seen, task.metric)
    if ending.error is None or has_measured(found, _trained_at(watch.trace), harmless=_is_harmless(ending.error)):
        return found
    return []


def _trained_at(trace: Trace) -> float:
    """Return when the last training that was seen ended; never where it broke off."""
    return math.inf if trace.fits and not trace.fits[-1].finished else trace.trained_at


def _is_harmless(error: BaseException) -> bool:
    return isinstance(error, (OSError, SystemExit))  # errors of smtplib, requests and urllib are OSErrors
