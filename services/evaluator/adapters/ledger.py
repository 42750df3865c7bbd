"""The ledger on a SQL database. Rows hold the models as JSON; keys ensure that the first of each stands."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, select, update

from services.evaluator.adapters.tables import ENDINGS, JOBS, METADATA, QUESTIONS, TRIALS, VERDICTS
from services.evaluator.domain import Job, Progress
from services.evaluator.ports import Decision, Ending, LedgerUnavailableError
from trainyard.database import Database
from trainyard.messages import BY_KEY, JobFinished, Message
from trainyard.trial import Trial

ABOUT = {"policy", "origin", "seed"}


class SqlLedger:
    """The ledger on SQLite or PostgreSQL; *url* and errors are those of `Database`."""

    def __init__(self, url: str) -> None:
        self._database = Database(
            url, METADATA, setting="TRAINYARD_EVALUATOR_LEDGER", unavailable=LedgerUnavailableError
        )

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def record(self, job: Job, trial: Trial | None = None) -> Job:
        """Record a job and one of its trials."""

        def work(connection: Connection) -> Job:
            known = _load(connection, job.job) or _open(connection, job)
            if trial is None or known.ending or any(each.trial == trial.trial for each in known.trials):
                return known
            connection.execute(insert(TRIALS).values(job=job.job, trial=trial.trial, body=trial.model_dump_json()))
            _touch(connection, job.job, job.started)
            return known.with_trial(trial)

        return self._database.run(work)

    def progress(self, job: str, progress: Progress, now: float) -> None:
        """Record the progress of a job."""

        def work(connection: Connection) -> None:
            query = select(JOBS.c.progress).where(JOBS.c.job == job, _unended()).with_for_update()
            known = connection.scalar(query)
            before = None if known is None else Progress.model_validate_json(known)
            after = before and before.then(progress)
            if after and after != before:
                values = {"progress": after.model_dump_json(), "updated": now}
                connection.execute(update(JOBS).where(JOBS.c.job == job).values(values))

        self._database.run(work)

    def decide(self, job: Job, result: Trial, follow_up: Callable[[Job], Message], now: float) -> Decision:
        """Record the result of a trial and what it leads to."""

        def work(connection: Connection) -> Decision:
            known = _load(connection, job.job) or _open(connection, job)
            first = connection.scalar(select(VERDICTS.c.messages).where(_trial(VERDICTS, job.job, result.trial)))
            if first is not None:
                return Decision(_parse(first))
            if known.ending:
                return Decision(())
            return self._decide(connection, known.with_trial(result), result.trial, follow_up, now)

        return self._database.run(work)

    def end(self, job: str, finish: Callable[[Job], JobFinished], *, cause: str) -> Ending | None:
        """End the job, or return how it ended."""

        def work(connection: Connection) -> Ending | None:
            known = _load(connection, job)
            if known is None:
                return None
            if known.ending:
                first = connection.scalar(select(ENDINGS.c.cause).where(ENDINGS.c.job == job))
                return Ending(known.ending, str(first), new=False)
            message = finish(known)
            _end(connection, message, cause)
            _touch(connection, job, known.started + message.seconds)
            return Ending(message, cause, new=True)

        return self._database.run(work)

    def find(self, job: str) -> Job | None:
        """Return what is known of a job."""
        return self._database.run(lambda connection: _load(connection, job, lock=False))

    def recent(self, limit: int) -> list[Job]:
        """Return the latest jobs."""
        query = select(JOBS).order_by(JOBS.c.started.desc(), JOBS.c.job).limit(limit)
        return self._database.run(lambda connection: _jobs(connection, query))

    def overdue(self, now: float) -> list[str]:
        """Return the jobs that are past their deadline."""
        query = select(JOBS.c.job).where(_unended(), JOBS.c.deadline <= now).order_by(JOBS.c.deadline)
        return self._database.run(lambda connection: list(connection.scalars(query)))

    def unannounced(self, before: float) -> list[JobFinished]:
        """Return the endings whose message may not have been published; an ending is a job's last change."""
        query = select(ENDINGS.c.body).join(JOBS).where(ENDINGS.c.announced.is_(False), JOBS.c.updated <= before)
        bodies = self._database.run(lambda connection: list(connection.scalars(query)))
        return [JobFinished.model_validate_json(body) for body in bodies]

    def announced(self, job: str) -> None:
        """Record that the job's ending was published."""
        change = update(ENDINGS).where(ENDINGS.c.job == job).values(announced=True)
        self._database.run(lambda connection: connection.execute(change))

    def active(self) -> int:
        """Count the jobs that have not ended."""
        query = select(func.count()).select_from(JOBS).where(_unended())
        return self._database.run(lambda connection: connection.scalar(query) or 0)

    def _decide(
        self, connection: Connection, job: Job, trial: int, follow_up: Callable[[Job], Message], now: float
    ) -> Decision:
        """Write the first verdict on a trial, and the job's ending if it leads to that."""
        message = follow_up(job)
        result = next(each for each in job.trials if each.trial == trial)
        connection.execute(TRIALS.delete().where(_trial(TRIALS, job.job, trial)))
        connection.execute(insert(TRIALS).values(job=job.job, trial=trial, body=result.model_dump_json()))
        connection.execute(insert(VERDICTS).values(job=job.job, trial=trial, messages=_dump([message])))
        if isinstance(message, JobFinished):
            _end(connection, message, f"trial {trial}")
        _touch(connection, job.job, now)
        return Decision((message,), judged=result)


def _load(connection: Connection, job: str, *, lock: bool = True) -> Job | None:
    """Read one job; the row stays locked until the transaction ends, so that one instance at a time judges it."""
    query = select(JOBS).where(JOBS.c.job == job)
    found = _jobs(connection, query.with_for_update() if lock else query)
    return found[0].model_copy(update={"questions": _questions(connection, found[0])}) if found else None


def _questions(connection: Connection, job: Job) -> int:
    """Return how many other jobs have asked the sealed rows of this one."""
    digest = next((trial.sealed.digest for trial in job.trials if trial.sealed), None)
    query = select(func.count()).select_from(QUESTIONS).where(QUESTIONS.c.digest == digest, QUESTIONS.c.job != job.job)
    return connection.scalar(query) or 0 if digest else 0


def _jobs(connection: Connection, query: Select[tuple[object, ...]]) -> list[Job]:
    rows = connection.execute(query).mappings().all()
    names = [row["job"] for row in rows]
    trials: dict[str, list[Trial]] = defaultdict(list)
    bodies = select(TRIALS.c.job, TRIALS.c.body).where(TRIALS.c.job.in_(names)).order_by(TRIALS.c.trial)
    for name, body in connection.execute(bodies):
        trials[name].append(Trial.model_validate_json(body))
    ended = connection.execute(select(ENDINGS.c.job, ENDINGS.c.body).where(ENDINGS.c.job.in_(names)))
    endings = {name: JobFinished.model_validate_json(body) for name, body in ended}
    return [
        Job(
            **{name: row[name] for name in ("job", "started", "deadline", "updated")},
            **json.loads(row["about"]),
            trials=tuple(trials[row["job"]]),
            progress=Progress.model_validate_json(row["progress"]),
            ending=endings.get(row["job"]),
        )
        for row in rows
    ]


def _open(connection: Connection, job: Job) -> Job:
    values = job.model_dump(include={"job", "started", "deadline", "updated"})
    about = job.model_dump_json(include=ABOUT)
    connection.execute(insert(JOBS).values(**values, about=about, progress=job.progress.model_dump_json()))
    return job


def _end(connection: Connection, message: JobFinished, cause: str) -> None:
    values = {"body": message.model_dump_json(), "cause": cause, "announced": False}
    connection.execute(insert(ENDINGS).values(job=message.job, **values))
    if message.evidence and message.evidence.question:
        connection.execute(insert(QUESTIONS).values(job=message.job, digest=message.evidence.question.digest))


def _touch(connection: Connection, job: str, now: float) -> None:
    connection.execute(update(JOBS).where(JOBS.c.job == job).values(updated=now))


def _trial(table: Table, job: str, trial: int) -> ColumnElement[bool]:
    return (table.c.job == job) & (table.c.trial == trial)


def _unended() -> ColumnElement[bool]:
    return ~select(ENDINGS.c.job).where(ENDINGS.c.job == JOBS.c.job).exists()


def _dump(messages: Iterable[Message]) -> str:
    return json.dumps([[message.key, message.model_dump_json()] for message in messages])


def _parse(text: str) -> tuple[Message, ...]:
    pairs: Sequence[tuple[str, str]] = json.loads(text)
    return tuple(BY_KEY[key].model_validate_json(body) for key, body in pairs)
