"""What becomes of the script once it has ended: result.json with its artifacts, or error.json."""

from __future__ import annotations

import time
from typing import Dict, List, Optional, Sequence

from trainprobe.facts.collect import look_at_other_models, measure_again
from trainprobe.files import write_json
from trainprobe.hooks.held_out import on_held_out
from trainprobe.hooks.on_keras.warm_start import keep_for_others
from trainprobe.hooks.unscored import on_test_split
from trainprobe.names import canonical
from trainprobe.results import artifacts, errors
from trainprobe.results.children import failure_behind, measured_by_children
from trainprobe.results.choose import is_scored, ranked
from trainprobe.results.collect import Ending, Written, measurements
from trainprobe.results.own_answers import OwnAnswers
from trainprobe.results.result import measured_on, result
from trainprobe.results.sources.captured_output import by_forked_children
from trainprobe.run.once_more import refused
from trainprobe.run.prepare import FORKED, Session
from trainprobe.task import Task
from trainprobe.trace import Measurement
from trainprobe.training.holdout import KIND as HELD
from trainprobe.training.holdout import sealed


def conclude(session: Session, ending: Ending) -> None:
    """Write what became of the script, which has ended so: result.json or error.json."""
    task, watch, seconds = session.task, session.watch, time.monotonic() - session.began
    with watch.guard("looking at what was drawn"):  # before anything of the probe's own draws
        watch.trace.run_facts["random"] = session.seeding.facts(watch.trace.fits)
    keep_figures(session)
    fresh = artifacts.changed(session.before, task.code)
    measured, answers = _all_measurements(session, ending, fresh), OwnAnswers(watch)
    if canonical(task.metric.name) == "accuracy" and not any(map(_is_scripts_accuracy, measured)):
        with watch.guard("measuring what the script does not"):
            measured.extend(answers.unreported())
    best_first = ranked(watch.trace, ending.error, task.metric, measured)
    if ending.error is not None and refused(session, ending.error, measured=bool(best_first)):
        return
    if best_first:
        watch.trace.turn_to(best_first[0])
        warning = errors.describe(ending.error, task.code) if ending.error is not None else None
        files = _artifacts(session, fresh)
        hidden = None if best_first[0].kind == HELD else sealed(watch.trace, measured, best_first[0])
        write_json(task.run_dir / "result.json", result(watch.trace, best_first, files, warning, seconds, hidden))
        with watch.guard("looking at the model"):  # behind the result, which must be there whatever comes of it
            best_first = [*answers.delivered(best_first[0]), *best_first]
            with watch.inside("measuring again"):
                measure_again(watch.trace, best_first[0], measured_on(watch.trace, best_first), answers.look())
            if task.screening:
                with watch.guard("looking at other models"), watch.inside("looking at other models"):
                    look_at_other_models(watch.trace, best_first[0])
            write_json(task.run_dir / "result.json", result(watch.trace, best_first, files, warning, seconds, hidden))
    else:
        failure = failure_behind(ending.error, task.run_dir) or _failure(session, ending.error, measured)
        write_json(task.run_dir / "error.json", _first_to_fail(task, failure))


def _is_scripts_accuracy(one: Measurement) -> bool:
    return one.metric == "accuracy" and one.kind != HELD


def keep_figures(session: Session) -> None:
    """Keep the figures that the script has left open."""
    with session.watch.guard("saving open figures"):
        session.figures.save_open()


def own_measurements(session: Session, ending: Ending, fresh: Sequence[str]) -> List[Measurement]:
    """Return what the script measured in this process; *fresh* are the files that it wrote."""
    task = session.task
    written = Written(task.code, fresh, task.metrics_files)
    return measurements(session.watch, ending, task.metric, task.script, session.printed, written)


def _all_measurements(session: Session, ending: Ending, fresh: Sequence[str]) -> List[Measurement]:
    with session.watch.guard("reading what forked children printed"):
        session.printed.prepend(by_forked_children(session.task.run_dir / FORKED))
    measured = own_measurements(session, ending, fresh)
    with session.watch.guard("reading what children measured"):
        measured.extend(measured_by_children(session.task.run_dir))
    measured.extend(on_held_out(session.watch))
    if ending.error is None and not is_scored(measured, session.task.metric):
        measured.extend(on_test_split(session.watch, ending.variables))
    return measured


def _failure(session: Session, error: Optional[BaseException], measured: Sequence[Measurement]) -> Dict[str, object]:
    task, trace = session.task, session.watch.trace
    if error is not None:
        return {**errors.failure(error, task.code, task.stdin), "trained": trace.training()}
    failure = errors.no_metric(measured, task.metric.name, trained=trace.trained_at > 0)
    return {**failure, "trained": trace.training()}


def _first_to_fail(task: Task, failure: Dict[str, object]) -> Dict[str, object]:
    """Return why the first attempt failed, where the one with an older API came no further; else *failure*."""
    first = task.refusal.failure if task.refusal else failure
    return first if all(first[key] == failure[key] for key in ("file", "line")) else failure


def _artifacts(session: Session, fresh: List[str]) -> List[Dict[str, object]]:
    watch, run_dir = session.watch, session.task.run_dir
    described = artifacts.describe(fresh, session.task.code)
    if not any(artifact["kind"] == "model" for artifact in described):
        artifacts.save_model(watch, run_dir)
    files = artifacts.models_first([*described, *artifacts.kept_by_the_run(run_dir)])
    with watch.guard("keeping the checkpoint for other trials"):
        files.extend(keep_for_others(watch, run_dir))
    return files
