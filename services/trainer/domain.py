"""How the trainer turns what the probe wrote, and what cannot start, into trials."""

import math
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from trainyard.engine.verdict import ProbeArtifact, Result
from trainyard.errors import ImageBuildError, SubmissionError
from trainyard.messages import CodeReady
from trainyard.trial import Artifact, Failure, Trial

POINTS = 200
CURVES = 32
ALTERNATIVES = 50
SKIPPED = "skipped_artifacts"
"""The fact that names the files which were too large, or not there, to be kept."""

_RUN = "run:"
_ORDER = ("model", "metrics", "figure", "other")


def chosen_artifacts(artifacts: Iterable[ProbeArtifact], most: int) -> tuple[list[ProbeArtifact], list[ProbeArtifact]]:
    """Choose what to keep of a run's files, models first, until *most* bytes are full; return kept and left out."""
    kept: list[ProbeArtifact] = []
    left: list[ProbeArtifact] = []
    room = most
    files = [artifact for artifact in artifacts if artifact.kind != "checkpoint"]
    for artifact in sorted(files, key=lambda each: _ORDER.index(each.kind)):
        fits = artifact.bytes <= room and volume_path(artifact, 1) is not None
        (kept if fits else left).append(artifact)
        room -= artifact.bytes if fits else 0
    return kept, left


def chosen_checkpoint(message: CodeReady, artifacts: Iterable[ProbeArtifact], most: int) -> ProbeArtifact | None:
    """Choose the checkpoint that later trials may begin with; None where none can or it is larger than *most*."""
    if message.policy.warm_start is False or message.purpose == "confirm":
        return None
    return next((each for each in artifacts if each.kind == "checkpoint" and each.bytes <= most), None)


def volume_path(artifact: ProbeArtifact, run: int) -> str | None:
    """Return where an artifact lies in the trial's volume, or None when its path leaves it."""
    path = PurePosixPath(artifact.path.removeprefix(_RUN))
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return None
    return f"r{run}/{path}" if artifact.path.startswith(_RUN) else f"code/{path}"


def artifact_name(artifact: ProbeArtifact) -> str:
    """Return what an artifact is called for people: its path without the folder that only Trainyard knows."""
    return artifact.path.removeprefix(_RUN).removeprefix("artifacts/")


def measured_trial(
    message: CodeReady, result: Result, *, artifacts: Sequence[Artifact], skipped: Sequence[str], seconds: float
) -> Trial:
    """Return a trial that measured something, bounded so that its message stays small."""
    alternatives = [each for each in result.alternatives if math.isfinite(each.value)]
    return message.requested_trial().model_copy(
        update={
            "measurement": result.measurement,
            "alternatives": tuple(alternatives[:ALTERNATIVES]),
            "curves": tuple(
                curve.model_copy(update={"points": curve.points[:POINTS]}) for curve in result.curves[:CURVES]
            ),
            "facts": {**result.facts, **({SKIPPED: list(skipped)} if skipped else {})},
            "artifacts": tuple(artifacts),
            "warning": result.warning,
            "sealed": result.sealed,
            "seconds": seconds,
        }
    )


def failed_trial(message: CodeReady, failure: Failure) -> Trial:
    """Return a trial that gave no accuracy."""
    return message.requested_trial().model_copy(update={"failure": failure})


def refusal(error: SubmissionError | ImageBuildError) -> Failure:
    """Return why a training could not even start."""
    if isinstance(error, ImageBuildError):
        return Failure(
            reason="image",
            message=str(error),
            remedy="The operator can repeat the failing build with `make images`; then submit the code again.",
        )
    return error.as_failure()


def not_a_number(result: Result) -> Failure:
    """Return the failure of a measurement that is no finite number."""
    measurement = result.measurement
    return Failure(
        reason="no_metric",
        message=f"the {measurement.metric} ({measurement.source}) is {measurement.value}",
        remedy="Look for divisions by zero and for values that diverge; scale the inputs or lower the learning rate.",
    )
