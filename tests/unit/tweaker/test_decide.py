"""From which trial a decision starts, and which script it edits."""

from services.tweaker.diagnosis.history import best_first
from services.tweaker.search.decide import decide, why_nothing_is_left
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import REST, UNSCALED, a_trial, facts
from trainyard.policy import Policy


def test_a_value_on_the_training_data_is_no_base() -> None:
    """Held-out data are believed first, however high the value on the training's own is."""
    learnt = a_trial(1, value=0.99, data="train")
    held_out = a_trial(2, value=0.7, data="test")

    assert best_first([learnt, held_out])[0] is held_out


def test_edits_the_script_that_ran() -> None:
    """The probe records which script it ran; nothing is guessed from names."""
    files = {"main.py": scripts.ADDED, "test_net.py": scripts.ADDED}
    trial = a_trial(known={**facts(), "entrypoint": "test_net.py"}, losses=REST)

    decision = decide([trial], {1: files}, Policy())

    assert decision.candidate is not None
    assert decision.candidate.files["main.py"] == scripts.ADDED
    assert decision.candidate.files["test_net.py"] != scripts.ADDED


def test_stops_at_the_ceiling_and_says_so() -> None:
    """Rows that no model can tell apart end the search after some trials, whatever else could be tried."""
    inputs = {**UNSCALED, "conflicts": 0.4}
    tried = [a_trial(number, value=0.8, tweaks=["epochs"], base=1) for number in range(2, 8)]
    history = [a_trial(value=0.8, known=facts(inputs), losses=REST), *tried]

    decision = decide(history, {1: {"train.py": scripts.ADDED}}, Policy(threshold=0.9))

    assert decision.candidate is None
    assert decision.why.startswith("40% of the rows are identical to one with another label")


def test_goes_back_to_a_worse_trial_when_the_best_one_s_ideas_are_spent() -> None:
    """Where nothing can be changed in the best trial's code, the one before it may have ideas left."""
    policy = Policy(tweaks=("weights",))
    history = [a_trial(1, value=0.5), a_trial(2, value=0.6, tweaks=["scale_inputs"], base=1)]
    codes = {1: {"train.py": scripts.NEIGHBOURS}, 2: {"train.py": b"print('accuracy', 0.6)\n"}}

    decision = decide(history, codes, policy)

    assert decision.base.trial == 1
    assert decision.candidate is not None
    assert b"weights='distance'" in decision.candidate.files["train.py"].replace(b'"', b"'")


COEFFICIENTS = b"""\
from sklearn.linear_model import LogisticRegression
from data import X_train, X_test, y_train, y_test

model = LogisticRegression(C=0.01)
model.fit(X_train, y_train)
print(model.coef_)
print("accuracy", model.score(X_test, y_test))
"""
FOUND = "The inputs are not scaled: column standard deviations range from 0.3 to 115"
WHY = "a pipeline has no coef_ (line 6)"


def test_says_which_sure_finding_no_edit_could_mend() -> None:
    """The next trial treats what it can; why it leaves alone what is just as sure is told with that finding."""
    trial = a_trial(known=facts(UNSCALED, model="LogisticRegression", layers=()))

    decision = decide([trial], {1: {"train.py": COEFFICIENTS}}, Policy())

    assert decision.candidate is not None
    assert dict(decision.unmended) == {"unscaled_inputs": WHY}


def test_says_so_too_where_nothing_else_is_left() -> None:
    """The end of the search names what was found and not changed, after many trials as well as after one."""
    trial = a_trial(known=facts(UNSCALED, model="LogisticRegression", layers=()))

    decision = decide([trial], {1: {"train.py": COEFFICIENTS}}, Policy(tweaks=("scale_inputs",)))

    told = f"Found but not changed: {FOUND} (95% sure), because {WHY}."
    assert why_nothing_is_left(decision, 1).startswith(f"No known tweak fits this code. {told}")
    assert why_nothing_is_left(decision, 7).startswith(
        f"Every change that fits this code was tried, in 7 trials. {told}"
    )
