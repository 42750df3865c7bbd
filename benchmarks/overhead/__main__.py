"""`python -m benchmarks.overhead`: time one trial of the wines example against a bare `docker run`, taking turns.

Both run on the `ann` image under the same limits. The ratio says what fetching the code into a volume, the probe with
its facts and checkpoints, and reading the result back cost.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import time
from pathlib import Path

import trainprobe
from trainyard.engine.containers import DockerEngine
from trainyard.engine.images import DockerImages
from trainyard.engine.port import Container, Recipe, Spec
from trainyard.engine.verdict import read_result
from trainyard.messages import CodeReady, Origin

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "wines"
URL = "unix:///var/run/docker.sock"


def main() -> None:
    """Run both as often as asked and print the medians and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overhead", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    images = DockerImages(URL, str(ROOT / "images" / "training"))
    image = images.find(Recipe("ann")) or images.build(Recipe("ann"), print)
    bare, trial = [], []
    for repeat in range(1, repeats + 1):
        bare.append(timed_bare(image))
        trial.append(timed_trial(image, repeat))
        print(f"repeat {repeat}: bare {bare[-1]:.1f} s, trial {trial[-1]:.1f} s")
    ratio = statistics.median(trial) / statistics.median(bare)
    print(f"median: bare {statistics.median(bare):.1f} s, trial {statistics.median(trial):.1f} s, ratio {ratio:.2f}")


def timed_bare(image: str) -> float:
    """Return the seconds that a bare `docker run` of the script takes."""
    began = time.monotonic()
    copy = "cp -r /example /tmp/example && cd /tmp/example && python wines.py"
    subprocess.run(
        ["docker", "run", "--rm", "--volume", f"{EXAMPLE}:/example:ro", image, "sh", "-c", copy],
        check=True,
        capture_output=True,
    )
    return time.monotonic() - began


def timed_trial(image: str, repeat: int) -> float:
    """Return the seconds from the start of a trial until its result is read."""
    engine = DockerEngine(URL, probe=os.path.dirname(trainprobe.__file__), installation="benchmark")
    files = {file.name: file.read_bytes() for file in EXAMPLE.iterdir() if file.is_file()}
    message = CodeReady(job=f"overhead-{os.getpid()}-{repeat}", bundle="0" * 64, origin=Origin(code=str(EXAMPLE)))
    began = time.monotonic()
    container = engine.start(Spec(message, image, "wines.py", ".", (), files, {}))
    try:
        container = ended(engine, container)
        if read_result(engine, container) is None:
            raise SystemExit(f"the trial measured nothing:\n{engine.logs(container)}")
        return time.monotonic() - began
    finally:
        engine.kill(container.name)
        engine.remove(container.name)
        engine.remove_volume(message.job, message.trial)


def ended(engine: DockerEngine, container: Container) -> Container:
    """Wait until the container has ended, as the trainer does."""
    while container.state != "exited":
        engine.wait_for_change(1.0)
        container = engine.find(container.name) or container
    return container


if __name__ == "__main__":
    main()
