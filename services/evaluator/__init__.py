"""Judges trials: consumes code.ready, training.*, accuracy.measured, tweaks.exhausted and cancel.requested.

Publishes threshold.missed while the budget lasts, and one job.finished for every job, whatever happens.
"""
