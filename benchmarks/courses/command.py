"""What the commands of the benchmarks have in common."""

import argparse
import logging
from pathlib import Path

import structlog


def do(options: argparse.Namespace) -> int:
    """Do what was asked for on the command line, and return its exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    done: int = options.do(options)
    return done


def results_in(parser: argparse.ArgumentParser, folder: Path) -> None:
    """Add the option for the folder that keeps what was measured, a part of *folder* where it is not named."""
    parser.add_argument(
        "--results", type=Path, default=folder / "results", help="the folder that keeps what was measured"
    )


def limits(run: argparse.ArgumentParser) -> None:
    """Add the options by which a run is bounded, and made anew."""
    run.add_argument("--jobs", type=int, default=2, help="trainings at the same time")
    run.add_argument("--limit", type=float, default=120, help="seconds that a training may take")
    run.add_argument("--hours", type=float, default=1000, help="start nothing after that time")
    run.add_argument("--again", nargs="+", default=[], metavar="STRATEGY", help="forget what is known of these first")


def written_to(summary: argparse.ArgumentParser, folder: Path) -> None:
    """Add the option for the folder that the report is written to, else this one."""
    summary.add_argument("--out", type=Path, default=folder, help="the folder that it is written to")
