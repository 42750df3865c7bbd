"""Keras: what was measured, and on which data."""

import json

import pytest

from tests.unit.trainprobe.probing import Finished, Trial


class TestWines:
    def test_are_measured_by_the_variable_which_is_a_training_accuracy(self, wines: Finished) -> None:
        """The author keeps ``model.evaluate(X, y)[1]`` of the fitted arrays in ``acc``."""
        measurement = wines.measurement

        assert (measurement["data"], measurement["source"]) == ("train", "variable acc")
        assert 0.0 < measurement["value"] < 0.9

    def test_offer_what_else_was_seen(self, wines: Finished) -> None:
        """The evaluation itself, and the end of the curve."""
        assert [one for one in wines.found() if one[1] != "printed"] == [
            ("train", "variable acc"),
            ("train", "keras.evaluate"),
            ("train", "history"),
        ]

    def test_tell_every_epoch(self, wines: Finished) -> None:
        """One line each, numbered from 1, with all metrics."""
        events = [json.loads(line) for line in (wines.folder / "epochs.jsonl").read_text().splitlines()]
        lines = [event for event in events if event["event"] != "progress"]

        assert [(line["event"], line["epoch"]) for line in lines] == [("epoch", number) for number in range(1, 101)]
        assert {"fit": 0, "epochs": 100}.items() <= lines[0].items()
        assert set(lines[0]["metrics"]) == {"accuracy", "loss"}

    def test_have_curves(self, wines: Finished) -> None:
        """All points where there are few."""
        curves = {curve["name"]: curve for curve in wines.result["curves"]}

        assert set(curves) == {"accuracy", "loss"}
        assert (len(curves["loss"]["points"]), curves["loss"]["epochs"]) == (100, 100)

    def test_have_the_facts_that_explain_the_low_accuracy(self, wines: Finished) -> None:
        """Unscaled columns, one-hot labels, a small network."""
        facts = wines.result["facts"]

        assert (facts["inputs"]["rows"], facts["inputs"]["shape"]) == (178, [13])
        assert facts["inputs"]["unscaled"] is True
        assert (facts["labels"]["encoding"], facts["labels"]["counts"]) == ("one-hot", [59, 71, 48])
        assert [layer["units"] for layer in facts["model"]["layers"]] == [5, 8, 2, 3]
        assert facts["model"]["optimizer"] == "RMSprop"
        assert facts["model"]["learning_rate"] == pytest.approx(0.01)
        assert facts["model"]["loss"] == "categorical_crossentropy"
        assert facts["training_value"] == wines.measurement["value"]

    def test_deliver_the_model_that_the_script_saved(self, wines: Finished) -> None:
        """The probe adds no second one."""
        assert [(one["path"], one["kind"]) for one in wines.result["artifacts"]] == [("modelsave.h5", "model")]


class TestTwoFits:
    def test_are_judged_on_the_data_that_was_not_fitted(self, resumed: tuple[Trial, Finished]) -> None:
        """Evaluations by the same script on its two halves; validation comes second."""
        _, run = resumed

        assert run.found()[:3] == [("test", "keras.evaluate"), ("validation", "history"), ("train", "keras.evaluate")]
