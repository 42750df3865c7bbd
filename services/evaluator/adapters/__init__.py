"""What the evaluator uses of the outside world: a database and Prometheus."""
