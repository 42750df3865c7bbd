"""An image's build in a thread of its own, so that its steps can be told meanwhile."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from concurrent.futures import Future

from trainyard.engine.port import Images, Recipe


def build_steps(images: Images, recipe: Recipe) -> Generator[str, None, str]:
    """Build the image by *recipe*: yield each step in words, return the image's name.

    A build whose steps nobody asks for any more goes on to its end; the next one finds its image.

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
