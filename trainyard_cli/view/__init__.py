"""What a job looks like: pure functions from the evaluator's JSON to what Rich renders."""
