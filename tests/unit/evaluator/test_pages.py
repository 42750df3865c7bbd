"""The evaluator's read-only pages, and the same values without HTTP."""

import json
from typing import Any

import pytest

from services.evaluator import jobs
from services.evaluator.handlers import on_code_ready, on_trial_ended, on_tweaks_exhausted
from services.evaluator.pages import jobs_page
from services.evaluator.ports import Tools
from tests.unit.evaluator.builders import JOB, NOW, a_code_ready, an_accuracy
from trainyard.bundle import pack
from trainyard.messages import AccuracyMeasured, TweaksExhausted
from trainyard.pages import Page, Request, Response
from trainyard.policy import Policy
from trainyard.storage import Storage

PUBLIC = "http://trainyard.example"
BEFORE = b"import csv\nepochs = 5\nprint(epochs)\n"
AFTER = b"import csv\nepochs = 50\nprint(epochs)\n"


@pytest.fixture
def page(tools: Tools, storage: Storage) -> Page:
    return jobs_page(tools.ledger, storage, public_url=PUBLIC, now=tools.now)


@pytest.fixture
def passed(tools: Tools, storage: Storage) -> None:
    """A job that passed with its second trial, whose code and model are kept."""
    for trial, value, code in ((1, 0.4, BEFORE), (2, 0.983, AFTER)):
        bundle = storage.put_blob(pack({"train.py": code}))
        storage.put_file(JOB, trial, "modelsave.h5", b"weights %d" % trial)
        on_code_ready(a_code_ready(trial, policy=Policy(confirm=0)).model_copy(update={"bundle": bundle}), tools)
        on_trial_ended(with_bundle(an_accuracy(trial, value), bundle), tools)
    list(on_tweaks_exhausted(TweaksExhausted(job=JOB, trial=2, why="Nothing is left."), tools))


def with_bundle(event: AccuracyMeasured, bundle: str) -> AccuracyMeasured:
    return event.model_copy(update={"result": event.result.model_copy(update={"bundle": bundle})})


def get(page: Page, rest: str, method: str = "GET") -> Response:
    return page(Request(method, rest, b"", {}))


def read(page: Page, rest: str) -> Any:
    return json.loads(get(page, rest).body)


class TestList:
    def test_is_empty_at_first(self, page: Page) -> None:
        """Nobody has pushed anything."""
        assert read(page, "") == []

    def test_shows_a_job_in_one_line(self, page: Page, tools: Tools) -> None:
        """What runs says what it does."""
        on_code_ready(a_code_ready(), tools)

        [row] = read(page, "")

        assert row["job"] == JOB
        assert row["title"] == "wines"
        assert row["state"] == "waiting for a slot"
        assert (row["outcome"], row["best"], row["best_data"]) == (None, None, None)
        assert (row["trials"], row["threshold"], row["started"], row["updated"]) == (1, 0.9, NOW, NOW)

    @pytest.mark.usefixtures("passed")
    def test_shows_how_a_job_ended(self, page: Page) -> None:
        """The best value comes with what it was measured on."""
        [row] = read(page, "")

        assert (row["outcome"], row["assurance"]) == ("passed", "reached")
        assert (row["best"], row["best_data"], row["trials"]) == (0.983, "test", 2)
        assert row["state"] == "reached: accuracy 0.983 on test data in trial 2, threshold 0.9"


@pytest.mark.usefixtures("passed")
class TestJob:
    def test_shows_all_about_a_job(self, page: Page) -> None:
        """Why, where from, by which policy, every trial and every file."""
        job = read(page, JOB)

        assert job["why"].startswith("Trial 2 reached accuracy 0.983 on test data; the threshold is 0.9.")
        assert job["origin"]["code"] == "file:///examples/wines"
        assert job["policy"]["budget"] == {"trials": 10, "hours": 12.0}
        assert [trial["trial"] for trial in job["history"]] == [1, 2]
        assert job["history"][1]["tweaks"][0]["reason"] == "The inputs are not scaled."
        assert job["files"][1] == {
            "trial": 2,
            "name": "modelsave.h5",
            "kind": "model",
            "bytes": 9,
            "location": "/kept/t2/modelsave.h5",
            "url": f"{PUBLIC}/jobs/{JOB}/files/t2/modelsave.h5",
        }

    def test_shows_the_same_without_http(self, page: Page, tools: Tools) -> None:
        """The embedded command needs no server."""
        assert json.loads(json.dumps(jobs.show(tools.ledger, JOB, public_url=PUBLIC, now=tools.now))) == read(page, JOB)
        assert json.loads(json.dumps(jobs.list_jobs(tools.ledger, now=tools.now))) == read(page, "")

    def test_serves_the_log(self, page: Page) -> None:
        """Of the newest run, as it trains and after it ended."""
        assert read(page, f"{JOB}/log") == {"trial": 2, "run": 1, "lines": 0, "log": ""}

    def test_serves_a_file(self, page: Page) -> None:
        """The model can be downloaded."""
        answer = get(page, f"{JOB}/files/t2/modelsave.h5")

        assert (answer.status, answer.body) == (200, b"weights 2")

    def test_serves_the_patch(self, page: Page) -> None:
        """The best trial's code against the author's."""
        answer = get(page, f"{JOB}/patch")

        assert answer.status == 200
        assert "-epochs = 5\n+epochs = 50\n" in answer.body.decode()


class TestNotThere:
    @pytest.mark.usefixtures("passed")
    @pytest.mark.parametrize(
        ("rest", "named"),
        [
            ("nobody", "there is no job 'nobody'"),
            ("nobody/patch", "there is no job 'nobody'"),
            ("nobody/log", "there is no job 'nobody'"),
            (f"{JOB}/files/t9/model.h5", f"model.h5 of {JOB}, trial 9"),
            (f"{JOB}/files/t1/../../secret", "not a name within storage"),
            (f"{JOB}/nothing", "a job has no page 'nothing'"),
        ],
    )
    def test_is_named(self, page: Page, rest: str, named: str) -> None:
        """404 says what is not there, and where to look."""
        answer = get(page, rest)

        assert answer.status == 404
        assert named in json.loads(answer.body)["error"]
        assert "GET /jobs" in json.loads(answer.body)["remedy"]

    def test_is_the_patch_of_a_job_that_measured_nothing(self, page: Page, tools: Tools) -> None:
        """There is nothing to compare yet."""
        on_code_ready(a_code_ready(), tools)

        answer = get(page, f"{JOB}/patch")

        assert answer.status == 404
        assert "no measured trial yet" in json.loads(answer.body)["error"]

    def test_is_a_way_to_write(self, page: Page) -> None:
        """Jobs are started and cancelled by messages."""
        assert get(page, "", method="POST").status == 405
