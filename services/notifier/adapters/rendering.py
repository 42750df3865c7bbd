"""Renders a mail: templates for text and HTML, and the picture of the curves."""

import io

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from services.notifier.chart import Chart
from services.notifier.domain import CURVES, Letter

COLOURS = ("#8a8f98", "#1668b8", "#2a9d5c")
THRESHOLD_COLOUR = "#c2410c"
DOTS_PER_INCH = 110


class MailRenderer:
    """Renders Trainyard's mails."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("services.notifier"),
            autoescape=select_autoescape(enabled_extensions=("html.j2",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def text(self, letter: Letter) -> str:
        """Render the letter as plain text."""
        return self._templates.get_template("mail.txt.j2").render(letter=letter)

    def html(self, letter: Letter) -> str:
        """Render the letter as HTML."""
        return self._templates.get_template("mail.html.j2").render(letter=letter, curves=CURVES)

    def picture(self, chart: Chart) -> bytes:
        """Draw the curves as a PNG."""
        figure = Figure(figsize=(7, 3.6), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        for line, colour in zip(chart.lines, COLOURS, strict=False):
            values = [float("nan") if value is None else value for value in line.values]
            marker = "o" if len(values) == 1 else ""
            axes.plot(line.epochs, values, color=colour, linewidth=1.8, marker=marker, label=line.label)
        axes.axhline(
            chart.threshold, color=THRESHOLD_COLOUR, linewidth=1.2, linestyle="--", label=chart.threshold_label
        )
        # Title and metric are the author's: a dollar sign in them is not the start of a formula.
        axes.set_title(f"{chart.title}: {chart.metric} by epoch", parse_math=False)
        axes.set_ylabel(chart.metric, parse_math=False)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=True, alpha=0.3)
        axes.legend(frameon=False, fontsize=9)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
        return buffer.getvalue()
