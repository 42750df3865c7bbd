"""The last accuracy that the script printed."""

from __future__ import annotations

from typing import Iterable, Iterator, Optional

from trainprobe.names import canonical, data_of, direction_of
from trainprobe.sources.text import accuracies
from trainprobe.task import Wanted
from trainprobe.trace import Measurement


def from_output(pieces: Iterable[str], wanted: Optional[Wanted]) -> Iterator[Measurement]:
    """Yield every labelled number in the output, the last one with the highest order."""
    metric = canonical(wanted.name) if wanted else "accuracy"
    label = wanted.name if wanted and metric != "accuracy" else None
    for order, (value, line) in enumerate(accuracies("".join(pieces), label)):
        yield Measurement(metric, value, data_of(line), "printed", "printed", order, direction_of(metric))
