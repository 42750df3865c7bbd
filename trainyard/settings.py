"""Settings that more than one service has, from the environment (prefix `TRAINYARD_`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What every service needs to know.

    Attributes:
        broker_url: AMQP URL with user, password and virtual host; `amqps://` for TLS.
        storage: A folder or an fsspec URL, shared by all services.
        http_host: The address on which `/metrics` and `/healthz` are served.
        http_port: Its port; 0 takes any free one.
        log_level: The least severe level that is logged.
    """

    model_config = SettingsConfigDict(env_prefix="TRAINYARD_", frozen=True, extra="ignore")

    broker_url: str = "amqp://trainyard:trainyard@127.0.0.1:5672/%2f"
    storage: str = ".trainyard/storage"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class EngineSettings(BaseSettings):
    """Where the container engine of trainer and monitor answers.

    Attributes:
        engine_url: Its socket or TCP address.
        installation: Tells the containers of one Trainyard from those of another on the same engine.
    """

    model_config = SettingsConfigDict(env_prefix="TRAINYARD_", frozen=True, extra="ignore")

    engine_url: str = "unix:///var/run/docker.sock"
    installation: Annotated[str, Field(min_length=1)] = "trainyard"
