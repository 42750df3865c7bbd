"""Finds the next trial: consumes threshold.missed, publishes code.ready (trial n+1) or tweaks.exhausted.

It reads curves, data facts and code of the best trial so far, says what is wrong, and edits the author's source.
It keeps no state: the message holds the whole history, and the same message always gives the same candidate.
"""
