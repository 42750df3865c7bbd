"""From which trial a decision starts, and which script it edits."""

from __future__ import annotations

from services.tweaker.domain.decide import decide
from services.tweaker.domain.past import best_first
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import REST, a_trial, facts
from trainyard.policy import Policy


def test_a_value_on_the_training_data_is_no_base() -> None:
    """Held-out data are believed first, however high the value on the training's own is."""
    learnt = a_trial(1, value=0.99, data="train")
    held_out = a_trial(2, value=0.7, data="test")

    assert best_first([learnt, held_out])[0] is held_out


def test_edits_the_script_that_ran() -> None:
    """The probe tells which script it ran; nothing is guessed from names then."""
    files = {"main.py": scripts.ADDED, "test_net.py": scripts.ADDED}
    trial = a_trial(known={**facts(), "entrypoint": "test_net.py"}, losses=REST)

    decision = decide([trial], {1: files}, Policy())

    assert decision.candidate is not None
    assert decision.candidate.files["main.py"] == scripts.ADDED
    assert decision.candidate.files["test_net.py"] != scripts.ADDED


def test_takes_the_author_at_their_word_where_the_probe_is_silent() -> None:
    """An odd or missing fact leaves it at what trainyard.toml says."""
    files = {"main.py": scripts.ADDED, "net.py": scripts.ADDED}
    trial = a_trial(known={**facts(), "entrypoint": "gone.py"}, losses=REST)

    decision = decide([trial], {1: files}, Policy(entrypoint="net.py"))

    assert decision.candidate is not None
    assert decision.candidate.files["main.py"] == scripts.ADDED
