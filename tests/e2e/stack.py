"""The whole stack under docker compose, as a person uses it: publish, look at jobs, read mail, and kill things."""

import json
import subprocess
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from trainyard import testing

ROOT = Path(__file__).parents[2]
PROJECT = "trainyard-e2e"
FILES = ("docker-compose.yml", "tests/e2e/compose.yml")
NO_GRAFANA = "deploy/airgap/compose.override.yml"
SERVICES = ("fetcher", "trainer", "evaluator", "tweaker", "notifier", "monitor")

KILL = """
import os, signal, sys
for pid in filter(str.isdigit, os.listdir('/proc')):
    try:
        words = open(f'/proc/{pid}/cmdline').read().split('\\0')
    except FileNotFoundError:
        continue
    if int(pid) != os.getpid() and sys.argv[1] in words and os.path.basename(words[0]).startswith('python'):
        print(pid)
        os.kill(int(pid), signal.SIGKILL)
"""


eventually = partial(testing.eventually, every=0.5)
"""Asking Docker or a page costs more than asking a variable."""


def docker(*arguments: str) -> str:
    """Run the docker command and return what it printed."""
    done = subprocess.run(["docker", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}\n{done.stdout}"
    return done.stdout.strip()


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """Return what a page on loopback answers."""
    request = urllib.request.Request(url, data=body, headers=headers or {})  # noqa: S310  loopback
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  loopback
        return bytes(answer.read())


@dataclass
class Stack:
    """A running stack, on free ports of loopback.

    Attributes:
        scripts: The folder that the fetcher sees as /scripts.
        environment: What compose is run with.
    """

    scripts: Path
    environment: dict[str, str]

    def script(self, name: str, files: dict[str, str]) -> str:
        """Write a folder of code where the fetcher sees it and return its URL."""
        for path, text in files.items():
            target = self.scripts / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return f"file:///scripts/{name}"

    def compose(self, *arguments: str) -> str:
        """Run docker compose on this stack."""
        names = FILES if docker("images", "--quiet", "grafana/grafana") else (*FILES, NO_GRAFANA)
        files = [word for file in names for word in ("--file", file)]
        command = ["docker", "compose", "--project-name", PROJECT, "--project-directory", ".", *files, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr[-4000:]}"
        return done.stdout.strip()

    def address(self, service: str, port: int) -> str:
        """Return the URL at which a service's port is published."""
        return f"http://{self.compose('port', service, str(port))}"

    @cached_property
    def management(self) -> str:
        """RabbitMQ's management pages."""
        return self.address("rabbitmq", 15672)

    @cached_property
    def evaluator(self) -> str:
        """The evaluator's pages."""
        return self.address("evaluator", 8000)

    @cached_property
    def maildev(self) -> str:
        """The mail catcher."""
        return self.address("maildev", 1080)

    @cached_property
    def prometheus(self) -> str:
        """Prometheus."""
        return self.address("prometheus", 9090)

    def publish(self, key: str, payload: str) -> None:
        """Publish by hand, as RabbitMQ's own page does."""
        body = {"routing_key": key, "payload": payload, "payload_encoding": "string", "properties": {}}
        url = f"{self.management}/api/exchanges/%2f/trainyard/publish"
        answer = json.loads(fetch(url, json.dumps(body).encode(), self._authorization()))
        assert answer == {"routed": True}

    def queue_depths(self) -> dict[str, int]:
        """Return how many messages each queue holds."""
        queues = json.loads(fetch(f"{self.management}/api/queues/%2f", headers=self._authorization()))
        return {queue["name"]: queue.get("messages", 0) for queue in queues}

    def jobs(self) -> list[dict[str, Any]]:
        """Return all jobs."""
        return list(json.loads(fetch(f"{self.evaluator}/jobs")))

    def job(self, job: str) -> dict[str, Any]:
        """Return one job with its history."""
        return dict(json.loads(fetch(f"{self.evaluator}/jobs/{job}")))

    def submit(self, code: str, key: str = "code.ready") -> str:
        """Publish code by hand and return the job that it becomes."""
        known = {job["job"] for job in self.jobs()}
        self.publish(key, json.dumps({"code": code}))
        new = eventually(
            lambda: [job["job"] for job in self.jobs() if job["job"] not in known],
            timeout=60,
            message=f"no job came of {code}",
        )
        return str(new[0])

    def finished(self, job: str, timeout: float = 240) -> dict[str, Any]:
        """Wait for the job's outcome and return the job."""
        eventually(
            lambda: self.job(job)["outcome"],
            timeout=timeout,
            message=lambda: f"{job} did not end: {json.dumps(self.job(job), indent=1)[:3000]}\n{self.logs()}",
        )
        return self.job(job)

    def mails(self, job: str) -> list[dict[str, Any]]:
        """Return the caught mails about a job."""
        mails = json.loads(fetch(f"{self.maildev}/email"))
        return [mail for mail in mails if mail["headers"]["message-id"].strip("<>").startswith(f"{job}@")]

    def mail(self, job: str) -> dict[str, Any]:
        """Wait for the job's mail and return it."""
        mails = eventually(lambda: self.mails(job), timeout=60, message=f"no mail came about {job}")
        return dict(mails[0])

    def attachment(self, mail: dict[str, Any], ending: str) -> bytes:
        """Return the mail's attachment whose name ends so."""
        name = next(each["generatedFileName"] for each in mail["attachments"] if each["fileName"].endswith(ending))
        return fetch(f"{self.maildev}/email/{mail['id']}/attachment/{name}")

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Run a PromQL expression and return its series."""
        url = f"{self.prometheus}/api/v1/query"
        body = f"query={urllib.request.quote(expression)}".encode()  # type: ignore[attr-defined]
        return list(json.loads(fetch(url, body))["data"]["result"])

    def kill_service(self, service: str) -> None:
        """Kill -9 the service's process; compose starts its container again."""
        container = self.compose("ps", "--quiet", service)
        restarts = docker("inspect", "--format", "{{.RestartCount}}", container)
        assert kill_inside(container, f"services.{service}"), f"{service} was not running"
        eventually(
            lambda: (
                (now := docker("inspect", "--format", "{{.RestartCount}} {{.State.Health.Status}}", container))
                and not now.startswith(f"{restarts} ")
                and now.endswith(" healthy")
            ),
            timeout=90,
            message=f"{service} did not come back",
        )

    def trainings(self, job: str = "") -> list[str]:
        """Return the names of the containers of trainings, running or not."""
        names = docker("ps", "--all", "--filter", "label=trainyard.job", "--format", "{{.Names}}").splitlines()
        return [name for name in names if name.startswith(f"trainyard-{job}")]

    def volumes(self, job: str) -> list[str]:
        """Return the volumes of a job's trials."""
        names = docker("volume", "ls", "--format", "{{.Name}}").splitlines()
        return [name for name in names if name.startswith(f"trainyard-{job}-t")]

    def expect_nothing_left(self, job: str) -> None:
        """Wait until nothing of an ended job is left in the engine."""
        eventually(
            lambda: not self.trainings(job) and not self.volumes(job),
            timeout=90,
            message=lambda: f"left behind: {self.trainings(job)} {self.volumes(job)}",
        )

    def expect_one_mail(self, job: str) -> None:
        """Wait until the queues are empty; then there is exactly one mail about the job."""
        self.mail(job)
        eventually(
            lambda: not any(self.queue_depths().values()),
            timeout=60,
            message=lambda: f"messages are left: {self.queue_depths()}",
        )
        assert len({mail["headers"]["message-id"] for mail in self.mails(job)}) == 1

    def trainyard(self, *arguments: str) -> str:
        """Run the `trainyard` command as an operator of the stack and return what it printed."""
        return self.compose("run", "--rm", "--no-deps", "topology", "trainyard", *arguments)

    def wait_for_parked(self, word: str) -> str:
        """Wait until `trainyard parked list` shows *word* and return what it shows."""

        def listed() -> str | None:
            text = self.trainyard("parked", "list")
            return text if word in text else None

        return str(eventually(listed, timeout=60, message=f"nothing about {word} was parked"))

    def logs(self) -> str:
        """Return the end of every service's log."""
        return self.compose("logs", "--no-color", "--tail", "40", *SERVICES)[-8000:]

    def _authorization(self) -> dict[str, str]:
        token = b64encode(b"trainyard:trainyard").decode()
        return {"Authorization": f"Basic {token}", "Content-Type": "application/json"}


def kill_inside(container: str, word: str) -> list[str]:
    """Kill -9 the Python process in *container* that has *word* on its command line; return its pids.

    The container ends with it, and so does `docker exec`, whose status therefore says nothing.
    """
    command = ["docker", "exec", "--user", "10001", container, "python", "-uc", KILL, word]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
