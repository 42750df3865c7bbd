"""Settings of the `trainyard` command, from the environment (prefix `TRAINYARD_`)."""

from pydantic import ValidationError

from trainyard.settings import BuildSettings
from trainyard_cli.errors import UsageError


class CliSettings(BuildSettings):
    """Where services, engine and data sets are.

    Attributes:
        trainer_datasets: The volume with the data sets of all trainings; a folder where trainings are child processes.
        notifier_smtp_url: The mail server; the stack's mail catcher when unset.
    """

    broker_url: str = "amqp://trainyard:trainyard@127.0.0.1:5672/%2f"
    management_url: str = "http://trainyard:trainyard@127.0.0.1:15672"
    evaluator_url: str = "http://127.0.0.1:8080"
    fetcher_url: str = "http://127.0.0.1:8081"
    engine_url: str = "unix:///var/run/docker.sock"
    trainer_datasets: str = "trainyard-datasets"
    notifier_smtp_url: str | None = None
    mail_page_url: str = "http://127.0.0.1:1080"


def read_settings() -> CliSettings:
    """Read the settings.

    Raises:
        UsageError: One is invalid.
    """
    try:
        return CliSettings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = "TRAINYARD_" + "_".join(map(str, problem["loc"])).upper()
        raise UsageError(f"{name} is invalid: {problem['msg']}", remedy="Change or unset it.") from error
