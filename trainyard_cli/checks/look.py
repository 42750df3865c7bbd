"""All checks, in the order in which things are mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trainyard_cli import engines
from trainyard_cli.checks import elsewhere, here
from trainyard_cli.checks.finding import Finding
from trainyard_cli.settings import CliSettings


def embedded(settings: CliSettings) -> list[Finding]:
    """Look at what `trainyard run` needs: one way to train is enough."""
    folder = Path.cwd()
    ways = [here.training(), replace(_engine(settings), needed=False)]
    return [here.services(), *ways, here.ways_to_train(ways), here.storage(folder), here.disk(folder)]


def stack(settings: CliSettings) -> list[Finding]:
    """Look at what the services need that run under compose."""
    engine = _engine(settings)
    return [
        engine,
        *([elsewhere.images(engines.built(settings))] if engine.well else []),
        elsewhere.broker(settings.broker_url),
        elsewhere.management(settings.management_url),
        elsewhere.topology(settings.management_url),
        elsewhere.service("fetcher", settings.fetcher_url),
        elsewhere.service("evaluator", settings.evaluator_url),
        elsewhere.mail(settings.notifier_smtp_url, settings.mail_page_url),
        here.disk(Path.cwd()),
    ]


def _engine(settings: CliSettings) -> Finding:
    """Ask the container engine for its version."""
    return elsewhere.engine(lambda: engines.version(settings))
