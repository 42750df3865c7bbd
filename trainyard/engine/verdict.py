"""How a run ended, by its files: the one rule by which trainer and monitor share the work.

The result file decides, not the exit code: a hard reboot has recorded exit 0 (moby/moby#45788), and a script may exit 1
after its metric was measured.
"""

from typing import Any, Literal, TypeVar

import structlog
from pydantic import Field, ValidationError

from trainyard.engine.port import Container, Engine
from trainyard.trial import Curve, Failure, Measurement, Model, ScriptFailureReason, Sealed, Warn

M = TypeVar("M", bound=Model)

MOST_BYTES = 1 << 20
"""The largest result or error file that is read; the probe's own stay far below."""

WORDS = 4096
TRACEBACK = 16 * 1024
"""The most characters of an error's texts: the probe bounds them, but a script may write the file itself."""

Ending = Literal["succeeded", "failed", "no_result", "crashed"]

log = structlog.get_logger()


class ProbeArtifact(Model):
    """A file the script wrote; `path` is relative to the code, or to the run's folder after `run:`."""

    path: str
    kind: Literal["model", "figure", "metrics", "other", "checkpoint"] = "other"
    bytes: int = 0


class Result(Model):
    """`result.json`: the run ended with a measurement."""

    final: Literal[True]
    measurement: Measurement
    alternatives: tuple[Measurement, ...] = ()
    curves: tuple[Curve, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    artifacts: tuple[ProbeArtifact, ...] = ()
    warning: Warn | None = None
    seconds: float = 0.0
    sealed: Sealed | None = None


class Error(Model):
    """`error.json`: the script itself failed."""

    reason: ScriptFailureReason
    type: str = ""
    message: str
    traceback: str = ""
    file: str | None = None
    line: int | None = None
    remedy: str = ""
    trained: str = ""

    def as_failure(self, log_tail: str) -> Failure:
        """Return the error as a failure on the bus."""
        headline = f"{self.type}: {self.message}" if self.type and self.reason != "no_metric" else self.message
        return Failure(
            reason=self.reason,
            message=headline[:WORDS],
            remedy=self.remedy[:WORDS],
            traceback=self.traceback[-TRACEBACK:],
            file=self.file and self.file[:WORDS],
            line=self.line,
            trained=self.trained[:WORDS],
            log_tail=log_tail,
        )


def run_file(container: Container, name: str) -> str:
    """Return the path of a run's file within the trial's volume."""
    return f"r{container.message.run}/{name}"


def read_result(engine: Engine, container: Container) -> Result | None:
    """Return the run's final result, or None when there is no valid one."""
    return _parsed(Result, engine, container, "result.json")


def read_error(engine: Engine, container: Container) -> Error | None:
    """Return the script's error as the probe wrote it, or None."""
    return _parsed(Error, engine, container, "error.json")


def ending(engine: Engine, container: Container) -> Ending:
    """Return how a container that has exited ended."""
    if read_result(engine, container):
        return "succeeded"
    if read_error(engine, container):
        return "failed"
    return "no_result" if container.exit_code == 0 else "crashed"


def _parsed(model: type[M], engine: Engine, container: Container, name: str) -> M | None:
    """Return a run's file as *model*; an invalid one counts as not written."""
    data = engine.read(container, run_file(container, name), MOST_BYTES)
    if data is None:
        return None
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        log.warning("a run's file is invalid", container=container.name, file=name, error=str(error))
        return None
