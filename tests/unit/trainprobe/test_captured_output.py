"""What was printed, as lines with their place."""

import io
from itertools import count
from pathlib import Path

from trainprobe.results.sources.captured_output import CapturedOutput, Tee


def captured() -> tuple[CapturedOutput, Tee]:
    output = CapturedOutput(count(1).__next__)
    stream = Tee(io.BytesIO(), encoding="utf-8")
    stream.keep_in(output, Path("unused"))
    return output, stream


class TestLines:
    def test_are_put_together_from_what_was_written(self) -> None:
        """A print writes its text and its end apart, a progress bar many times over."""
        output, stream = captured()

        print("acc:", 0.5, file=stream)
        stream.write("1/2\r2/2\rdone\nno end")

        assert [line.text for line in output.lines()] == ["acc: 0.5", "1/2", "2/2", "done", "no end"]

    def test_know_when_and_where_they_were_printed(self) -> None:
        """So that the statement can be read, and a crash be put behind or before them."""
        output, stream = captured()

        print("one", file=stream)
        print("two", file=stream)

        one, two = output.lines()
        assert one.order < two.order
        assert Path(one.file) == Path(__file__)
        assert two.number == one.number + 1

    def test_know_the_place_that_they_are_given(self) -> None:
        """The result of a cell is shown by the kernel, not printed by the cell."""
        output, _ = captured()

        output.append("0.5\n", ("a.ipynb In[3]", 7))

        assert [(line.file, line.number) for line in output.lines()] == [("a.ipynb In[3]", 7)]
