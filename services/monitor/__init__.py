"""The monitor: watches what runs, and publishes what went wrong with it.

Consumes nothing: it looks at the engine, at every hint of a change and every 30 s all the same.

Publishes `code.ready` (the next run of a trial that crashed), `training.progressed` (crashed and trying again at such a
time) and `training.failed` (the script raised, or a run crashed too often). It ends runs that hang, take too long or
are no longer wanted, and collects the containers and volumes that are left behind.
"""
