"""What the trainer does with each message."""

import queue
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from functools import partial

import structlog

from services.trainer.domain import failed_trial, refusal
from services.trainer.ports import Tools
from trainyard import marks
from trainyard.bundle import unpack
from trainyard.engine.port import UNKNOWN_KIND, Container, Engine, Images, Recipe, Spec, container_name, running
from trainyard.errors import (
    BlobMissingError,
    EngineUnavailableError,
    ImageBuildError,
    PermanentError,
    SubmissionError,
)
from trainyard.messages import CodeReady, CodeSubmitted, Message, TrainingFailed, TrainingProgressed, TrainingStarted
from trainyard.storage import Storage

log = structlog.get_logger()


def on_code_submitted(event: CodeSubmitted) -> Iterator[Message]:
    """Pass on a `code.ready` without a bundle, which a person published by hand: its code must be fetched first."""
    yield event


def on_code_ready(event: CodeReady, *, tools: Tools) -> Iterator[Message]:
    """Start the run's container, which is the record of the run from then on.

    What runs or has run already is adopted and reported again, so that this is safe to repeat at any point. Nothing is
    started that is superseded, decided or ended, even if that happened during the build of an image.
    """
    if is_over(event, tools.storage):
        log.info("nothing to start: the run is over", trial=event.trial, run=event.run)
        return
    container, image = tools.engine.find(container_name(event.job, event.trial, event.run)), ""
    if container is None or container.state == "created":
        try:
            spec = yield from _prepared(event, tools)
            if is_over(event, tools.storage):
                log.info("nothing to start: the job ended meanwhile", trial=event.trial, run=event.run)
                return
            container, image = _start(spec, tools.engine), spec.image
            tools.image_used(image, tools.now())
        except (SubmissionError, ImageBuildError) as error:
            tools.counts.ended(UNKNOWN_KIND, "refused")
            yield TrainingFailed.of(event, failed_trial(event, refusal(error)))
            return
    yield TrainingStarted(
        job=event.job,
        trial=event.trial,
        run=event.run,
        image=image,
        container=container.name,
        host=container.host,
        at=container.started or tools.now(),
    )


def is_over(event: CodeReady, storage: Storage) -> bool:
    """Return whether the run must not start any more."""
    names = (
        marks.ended(event.job),
        marks.decided(event.job, event.trial),
        marks.superseded(event.job, event.trial, event.run),
    )
    return any(map(storage.marked, names))


def has_room(*, tools: Tools) -> bool:
    """Return whether another training may start; while the engine does not answer, none may."""
    try:
        used = running(tools.engine.containers())
    except EngineUnavailableError as error:
        log.warning("takes no trainings: the engine does not answer", error=str(error))
        return False
    tools.counts.slots(used, tools.slots)
    return used < tools.slots


def _prepared(event: CodeReady, tools: Tools) -> Generator[Message, None, Spec]:
    """Inspect the code and find or build its image; yield how the build goes on."""
    files = unpack(tools.storage.get_blob(event.bundle))
    plan = tools.inspect(files, event.policy)
    log.info("inspected", trial=event.trial, reasons=plan.reasons)
    image = tools.images.find(plan.recipe)
    if image is None:
        image = yield from _built(event, plan.recipe, tools)
    return Spec(
        message=event,
        image=image,
        entrypoint=plan.entrypoint,
        workdir=plan.workdir,
        args=plan.args,
        files=files,
        environment=plan.environment,
        setup=plan.setup,
        warm=_warm(event, tools.storage),
        kind=plan.kind,
    )


def _warm(event: CodeReady, storage: Storage) -> bytes | None:
    """Return the checkpoint that the run begins with; where it is gone, the run begins with random weights."""
    if event.warm is None:
        return None
    try:
        return storage.get_blob(event.warm.location)
    except BlobMissingError:
        log.warning("the checkpoint to begin with is gone", trial=event.trial, of=event.warm.trial)
        return None


def _start(spec: Spec, engine: Engine) -> Container:
    """Start the run; what the engine will never accept is the author's to change."""
    try:
        return engine.start(spec)
    except PermanentError as error:
        raise SubmissionError(
            f"the engine refuses to run this training: {error}",
            remedy="Change what trainyard.toml asks for, above all its resources; docs/trainyard-toml.md lists all "
            "settings.",
            reason="config",
        ) from error


def _built(event: CodeReady, recipe: Recipe, tools: Tools) -> Generator[Message, None, str]:
    progress = partial(TrainingProgressed, job=event.job, trial=event.trial, run=event.run, phase="building")
    steps = build_steps(tools.images, recipe)
    try:
        while True:
            yield progress(detail=f"image {recipe.kind}: {next(steps)}", at=tools.now())
    except StopIteration as ended:
        tools.counts.built(recipe.kind, "built")
        return str(ended.value)
    except (ImageBuildError, SubmissionError):
        tools.counts.built(recipe.kind, "failed")
        raise


def build_steps(images: Images, recipe: Recipe) -> Generator[str, None, str]:
    """Build the image by *recipe*: yield each step in words, return the image's name.

    A build whose steps nobody reads any more goes on to its end; the next one finds its image.

    Raises:
        ImageBuildError: It did not build.
    """
    steps: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    future: Future[str] = Future()

    def build() -> None:
        try:
            future.set_result(images.build(recipe, steps.put))
        except BaseException as error:  # noqa: BLE001  handed to the thread that waits
            future.set_exception(error)
        finally:
            steps.put(None)

    threading.Thread(target=build, name=f"build-{recipe.kind}", daemon=True).start()
    yield from iter(steps.get, None)
    return future.result()
