"""Time trials of Trainyard against a bare `docker run` of the same script on the same image, taking turns.

    python -m benchmarks.trial_overhead --rounds 5 --json overhead.json

A trial is timed from the message that orders it until its accuracy is told: inspection, the volume with code and probe,
the training with its checkpoints, and the result with its artifacts. With `--warm` each trial finds a container that
waits. With `--recovery` a longer training is killed half way, and its time is compared with an uninterrupted one's.
"""

import argparse
import json
import logging
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from benchmarks.lane import Lane, Script, bare
from services.trainer.inspection import inspect
from trainyard.engine.layout import EPOCHS, run_folder
from trainyard.messages import CodeReady

ROOT = Path(__file__).parents[1]
SCRIPTS = {"wines": "wines.py", "digits-cnn": "digits.py", "neighbours": "neighbours.py"}
SETTLING_SECONDS = 20.0  # until a container that waits has its libraries imported
LONG = b"""
import sys
import numpy as np
from tensorflow import keras

rng = np.random.default_rng(0)
x = rng.normal(size=(40000, 64)).astype('float32')
y = (x[:, :10] + rng.normal(size=(40000, 10))).argmax(axis=1)
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(256, activation='relu'), keras.layers.Dropout(0.2),
                          keras.layers.Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x[:32000], y[:32000], epochs=int(sys.argv[1]), verbose=0)
print('accuracy:', model.evaluate(x[32000:], y[32000:], verbose=0)[1])
"""


@dataclass(frozen=True)
class Row:
    """What was measured of one script: seconds of each round."""

    script: str
    against: str
    base: list[float]
    measured: list[float]

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [measured / base for base, measured in zip(self.base, self.measured, strict=True)]

    def line(self) -> str:
        """Return the row of the table."""
        ratios = self.ratios
        return (
            f"{self.script:<12} {self.against:<24} {statistics.median(self.base):>8.2f} s "
            f"{statistics.median(self.measured):>8.2f} s {statistics.median(ratios):>7.2f}   "
            f"{min(ratios):.2f} to {max(ratios):.2f}"
        )


def main() -> int:
    """Run what was asked for and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # what runs on the engine is removed then too
    with tempfile.TemporaryDirectory(prefix="trainyard-bench-") as folder, Lane(Path(folder)) as lane:
        scripts = [Script.of(ROOT / "examples" / name, SCRIPTS[name]) for name in options.scripts]
        rows = [row for script in scripts for row in _against_bare(lane, script, options, Path(folder))]
        if options.recovery:
            rows.append(_recovery(lane, options.recovery, options.rounds))
    _print(rows)
    if options.json:
        Path(options.json).write_text(json.dumps([{**asdict(row), "ratios": row.ratios} for row in rows], indent=2))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trial_overhead", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--scripts", nargs="*", default=list(SCRIPTS), choices=list(SCRIPTS), help="folders in examples/"
    )
    parser.add_argument("--warm", action="store_true", help="time trials that find a container waiting, too")
    parser.add_argument("--recovery", type=int, default=0, metavar="EPOCHS", help="epochs of a training that is killed")
    parser.add_argument("--json", metavar="FILE", help="where all numbers go")
    return parser.parse_args()


def _against_bare(lane: Lane, script: Script, options: argparse.Namespace, folder: Path) -> list[Row]:
    """Take turns; the first turn of each fills the caches and is not counted."""
    recipe = inspect(script.files, script.policy).recipe
    image = lane.images.find(recipe) or lane.images.build(recipe, _say)
    work = folder / script.name
    work.mkdir()
    cold, warm = Row(script.name, "trial / bare", [], []), Row(script.name, "warm trial / bare", [], [])
    for number in range(options.rounds + 1):
        base, trial = bare(script, image, work), lane.trial(script)
        waited = _warm_trial(lane, script, image) if options.warm else 0.0
        _say(
            f"{script.name}, round {number}: bare {base:.2f} s, trial {trial:.2f} s"
            + f", warm {waited:.2f} s" * options.warm
        )
        if number:
            cold.base.append(base)
            cold.measured.append(trial)
            warm.base.append(base)
            warm.measured.append(waited)
    return [cold, warm] if options.warm else [cold]


def _warm_trial(lane: Lane, script: Script, image: str) -> float:
    """Have one container wait until it is ready, and time the trial that takes it."""
    lane.engine.keep_warm([image], 1, 600.0)
    time.sleep(SETTLING_SECONDS)
    return lane.trial(script)


def _recovery(lane: Lane, epochs: int, rounds: int) -> Row:
    """Time trainings that are killed half way against such that are not."""
    script = Script("recovery", {"train.py": LONG}, "train.py", (str(epochs),))
    row = Row(script.name, "killed / uninterrupted", [], [])
    for number in range(1, rounds + 1):
        row.base.append(lane.trial(script))
        row.measured.append(lane.trial(script, lambda message: _kill_half_way(lane, message, epochs)))
        _say(f"recovery, round {number}: uninterrupted {row.base[-1]:.2f} s, killed {row.measured[-1]:.2f} s")
    return row


def _kill_half_way(lane: Lane, message: CodeReady, epochs: int) -> None:
    """Kill the first run once it has told of half its epochs."""
    while True:
        container = lane.found(message)
        told = lane.engine.read(container, f"{run_folder(1)}/{EPOCHS}") if container else None
        lines = [json.loads(line) for line in (told or b"").splitlines(keepends=True) if line.endswith(b"\n")]
        if container and sum(line["event"] == "epoch" for line in lines) >= epochs // 2:
            lane.engine.kill(container.name)
            return
        time.sleep(0.1)


def _print(rows: Sequence[Row]) -> None:
    """Print the table: medians, their ratio's median and spread."""
    _say(f"\n{'script':<12} {'what':<24} {'base':>10} {'measured':>10} {'ratio':>7}   spread")
    for row in rows:
        _say(row.line())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
