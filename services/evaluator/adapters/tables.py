"""The ledger's tables."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData()


def _job() -> Column[str]:
    return Column("job", String(63), ForeignKey("jobs.job"), primary_key=True)


JOBS = Table(
    "jobs",
    METADATA,
    Column("job", String(63), primary_key=True),
    Column("started", Float, nullable=False, index=True),
    Column("deadline", Float, nullable=False, index=True),
    Column("updated", Float, nullable=False),
    Column("about", Text, nullable=False),  # policy, origin and seed as JSON
    Column("progress", Text, nullable=False),  # Progress as JSON
)

TRIALS = Table(
    "trials",
    METADATA,
    _job(),
    Column("trial", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # Trial as JSON
)

VERDICTS = Table(
    "verdicts",
    METADATA,
    _job(),
    Column("trial", Integer, primary_key=True),
    Column("messages", Text, nullable=False),  # what the trial led to: a JSON list of [key, body]
)

ENDINGS = Table(
    "endings",
    METADATA,
    _job(),
    Column("body", Text, nullable=False),  # job.finished as JSON
    Column("cause", String(64), nullable=False),
    Column("announced", Boolean, nullable=False),
)

QUESTIONS = Table(
    "questions",
    METADATA,
    _job(),
    Column("digest", String(64), nullable=False, index=True),  # of the sealed rows that the job's end asked
)
