"""The monitor: watches what runs, and publishes what went wrong with it.

Consumes nothing: it looks at the engine, at every hint of a change and at least every 30 s.

Publishes `code.ready` (the next run of a trial that crashed), `training.progressed` (crashed, and when it is tried
again) and `training.failed` (the script raised, or a run crashed too often). It kills runs that hang, take too long or
are no longer needed, and removes the containers and volumes that are left behind.
"""
