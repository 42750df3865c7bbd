"""What scripts print, as a terminal would show it."""

import pytest

from trainyard.lines import bounded, last_lines, settled, shown, unseen


class TestSettled:
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("one\ntwo\n", "one\ntwo\n"),
            ("windows\r\nlines\r\n", "windows\nlines\n"),
            ("10%\r50%\r100%\nnext", "\r100%\nnext"),
            ("start\n10%\r50%", "start\n50%"),
            ("\x1b[1m3/3\x1b[0m \x1b[32m━━\x1b[0m\x1b[37m\x1b[0m 0s", "3/3 ━━ 0s"),
            ("\x1b]0;your terminal is mine\x07ok\x07\x00\x1bc", "ok"),
            ("back\b\b\b\bforth", "backforth"),
        ],
    )
    def test_keeps_what_stays_on_the_screen(self, text: str, left: str) -> None:
        """Of a progress bar its last state, of colours and tricks nothing."""
        assert settled(text) == left

    @pytest.mark.parametrize("cut", range(len("a\n10%\r50%\r100%\rdone\nb\r")))
    def test_pieces_are_put_together_again(self, cut: int) -> None:
        """Wherever a progress bar was cut, what comes next overwrites what was there."""
        text = "a\n10%\r50%\r100%\rdone\nb\r"

        assert shown(settled(text[:cut]) + settled(text[cut:])) == "a\ndone\nb"


class TestBounded:
    def test_what_is_short_stays(self) -> None:
        """Nothing is said to be missing."""
        assert bounded("one\ntwo\n", 8) == "one\ntwo\n"

    def test_the_end_counts_and_the_rest_is_counted(self) -> None:
        """From the beginning of a line, where one begins within the bound."""
        assert bounded("one\ntwo\nthree\n", 9) == "[8 characters omitted]\nthree\n"
        assert bounded("x" * 20, 5) == "[15 characters omitted]\nxxxxx"


class TestLastLines:
    def test_counts_one_that_has_not_ended(self) -> None:
        """What the script is writing is the last line."""
        assert [last_lines("a\nb\nc", 2), last_lines("a\nb\nc\n", 2), last_lines("", 2)] == ["b\nc", "b\nc\n", ""]


class TestUnseen:
    @pytest.mark.parametrize(
        ("seen", "log", "new"),
        [
            ("a\nb\n", "a\nb\nc\nd", "c\nd"),
            ("a\nb\nc\n", "b\nc\nd\n", "d"),
            ("a\n", "a\n", ""),
            ("", "a\nb", "a\nb"),
            ("a\n", "x\ny", "x\ny"),
        ],
    )
    def test_is_what_comes_after_what_both_have(self, seen: str, log: str, new: str) -> None:
        """Two ends of one log, told by two services."""
        assert unseen(seen, log) == new
