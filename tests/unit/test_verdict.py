"""The one predicate over a run's files, row by row."""

import json

import pytest
from structlog.testing import capture_logs

from tests.unit.monitor.builders import ERROR, RESULT, StillEngine, a_container
from trainyard.engine.verdict import Ending, Error, ending, read_error, read_result, run_file
from trainyard.errors import EngineUnavailableError

NOT_FINAL = json.dumps({**json.loads(RESULT), "final": False}).encode()
OTHER_FIELDS = json.dumps({**json.loads(RESULT), "version": 1, "of_tomorrow": True}).encode()


class TestEnding:
    @pytest.mark.parametrize(
        ("files", "exit_code", "ended"),
        [
            ({"result.json": RESULT}, 0, "succeeded"),
            ({"result.json": RESULT}, 1, "succeeded"),  # it raised after it had measured
            ({"result.json": RESULT}, 137, "succeeded"),  # killed while it closed down
            ({"result.json": RESULT, "error.json": ERROR}, 1, "succeeded"),
            ({"result.json": OTHER_FIELDS}, 0, "succeeded"),
            ({"error.json": ERROR}, 1, "failed"),
            ({"error.json": ERROR}, 0, "failed"),
            ({"result.json": NOT_FINAL, "error.json": ERROR}, 1, "failed"),
            ({}, 0, "no_result"),
            ({"result.json": NOT_FINAL}, 0, "no_result"),
            ({"result.json": b'{"final": tr'}, 0, "no_result"),
            ({}, 1, "crashed"),
            ({}, 137, "crashed"),
            ({"result.json": NOT_FINAL}, 137, "crashed"),
            ({"error.json": b""}, 1, "crashed"),
        ],
    )
    def test_the_files_decide_before_the_exit_code(
        self, files: dict[str, bytes], exit_code: int, ended: Ending
    ) -> None:
        """Valid and final means succeeded; an error file, failed; neither, and the exit code has its say."""
        engine = StillEngine()
        container = engine.put(a_container(exit_code=exit_code), files)

        assert ending(engine, container) == ended

    def test_what_cannot_be_read_is_not_judged(self) -> None:
        """An engine that is away leaves no missing files behind."""
        engine = StillEngine()
        container = engine.put(a_container())
        engine.away = True

        with pytest.raises(EngineUnavailableError):
            ending(engine, container)


class TestFiles:
    def test_a_run_reads_its_own_folder(self) -> None:
        """Runs of a trial share a volume, not a result."""
        assert run_file(a_container(run=3), "result.json") == "r3/result.json"

    def test_a_result_travels_as_it_was_measured(self) -> None:
        """Value, metric and data are those of the file."""
        engine = StillEngine()
        container = engine.put(a_container(), {"result.json": RESULT})

        result = read_result(engine, container)

        assert result is not None
        measured = result.measurement
        assert (measured.metric, measured.value, measured.data) == ("accuracy", 0.98, "test")

    def test_a_file_that_is_there_but_not_valid_is_logged(self) -> None:
        """Whoever looks for a lost result finds out why it does not count."""
        engine = StillEngine()
        container = engine.put(a_container(), {"result.json": b'{"final": true}'})

        with capture_logs() as logs:
            read_result(engine, container)

        (entry,) = logs
        assert (entry["container"], entry["file"]) == (container.name, "result.json")
        assert "measurement" in entry["error"]

    def test_an_error_keeps_place_and_remedy(self) -> None:
        """The mail names file, line and what to do, and shows the log's end."""
        engine = StillEngine()
        container = engine.put(a_container(), {"error.json": ERROR})

        error = read_error(engine, container)

        assert error is not None
        failure = error.as_failure("the log")
        assert (failure.message, failure.file, failure.line) == ("ValueError: no such column", "train.py", 12)
        assert (failure.reason, failure.remedy, failure.log_tail) == ("raised", "Correct the script.", "the log")

    def test_an_error_is_bounded(self) -> None:
        """The message about it stays small whatever the script wrote into the probe's file."""
        error = Error(
            reason="raised", type="T" * 9999, message="m", remedy="r" * 9999, traceback="t" * 99999, file="f" * 9999
        )

        failure = error.as_failure("")

        assert max(len(text or "") for text in (failure.message, failure.remedy, failure.file)) == 4096
        assert len(failure.traceback) == 16 * 1024

    def test_a_file_too_large_to_be_the_probes_counts_as_not_written(self) -> None:
        """It is not read into memory."""
        engine = StillEngine()
        container = engine.put(a_container(exit_code=0), {"result.json": RESULT + b" " * (1 << 20)})

        assert ending(engine, container) == "no_result"

    def test_a_missing_metric_is_said_without_a_pythons_name(self) -> None:
        """Nothing was raised there, so no exception's name is shown."""
        error = Error(reason="no_metric", type="NoMetric", message="No metric found.")

        assert error.as_failure("").message == "No metric found."
