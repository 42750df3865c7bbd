"""The trainer: inspects a bundle, picks its image, starts its container and collects what succeeded.

Consumes `code.ready`. Publishes `training.started`, `training.progressed`, `accuracy.measured`, `training.failed` for
code that cannot start, and passes a hand-published `code.ready` without a bundle on as `code.submitted`.
"""
