"""How jobs are displayed: pure functions from the evaluator's JSON to what Rich renders."""
