"""The fetcher: turns what was submitted or pushed into a bundle of exactly that code.

Consumes `code.submitted`. Publishes `code.ready`, `training.failed` where there is nothing to train, and
`code.submitted` for new commits of the repositories that it polls. `POST /archives` takes an uploaded archive.
"""
