"""Tells people how a job ended: consumes job.finished, publishes nothing, sends one mail to each recipient."""
