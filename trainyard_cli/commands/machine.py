"""Commands about what Trainyard needs: `doctor` and `images`."""

from typing import Annotated

import typer

from trainyard_cli.choices import Needs
from trainyard_cli.console import output, say, show
from trainyard_cli.errors import UsageError


def doctor(
    needs: Annotated[
        Needs, typer.Option("--for", help="What should work: `trainyard run`, the stack, or both.")
    ] = Needs.all,
) -> int:
    """Check everything that Trainyard needs, with a remedy for each problem; the status is 1 if something is missing.

    Example: trainyard doctor --for run
    """
    from trainyard_cli.checks import machine, stack
    from trainyard_cli.settings import read_settings
    from trainyard_cli.view import operations

    console = output()
    settings = read_settings()
    groups = []
    if needs is not Needs.compose:
        groups.append(("trainyard run, in one process", machine.checks(settings)))
    if needs is not Needs.run:
        groups.append(("docker compose up, the stack", stack.checks(settings)))
    for title, findings in groups:
        show(console, operations.findings_table(title, findings), [operations.findings_lines(title, findings)])
    return int(any(finding.needed and not finding.ok for _, findings in groups for finding in findings))


def images(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND]...",
            help="sklearn, ann, cnn, torch, keras2, python311, python37; by default the first three.",
        ),
    ] = None,
) -> None:
    """Build the training images now instead of on first use; existing ones are left alone.

    Example: trainyard images sklearn ann
    """
    from functools import partial

    from trainyard.engine.port import Recipe
    from trainyard_cli.engines import KINDS, MORE_KINDS, training_images
    from trainyard_cli.settings import read_settings

    builder, report = training_images(read_settings()), partial(say, output())
    known = (*KINDS, *MORE_KINDS)
    unknown = sorted(set(kinds or ()) - set(known))
    if unknown:
        raise UsageError(f"there is no image {', '.join(unknown)}", remedy=f"There are {', '.join(known)}.")
    for kind in kinds or KINDS:
        report(f"{kind}: {builder.build(Recipe(kind), report)}")
