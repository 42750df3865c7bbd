"""Settings that more than one service has, from the environment (prefix `TRAINYARD_`)."""

from typing import Annotated, Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of every service.

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
    """Settings of the container engine, for trainer and monitor.

    Attributes:
        engine_url: Its socket or TCP address.
        installation: Distinguishes the containers of several Trainyards on one engine.
    """

    model_config = SettingsConfigDict(env_prefix="TRAINYARD_", frozen=True, extra="ignore")

    engine_url: str = "unix:///var/run/docker.sock"
    installation: Annotated[str, Field(min_length=1)] = "trainyard"


def _also(name: str, *others: str) -> AliasChoices:
    """Return the names of a setting's own variable and of the common ones."""
    return AliasChoices(f"TRAINYARD_{name}", *others, *map(str.lower, others))


class BuildSettings(BaseSettings):
    """Settings by which image builds reach packages; the usual variables of pip and of proxies count as well.

    Attributes:
        trainer_pip_index_url: The package index, in place of the public one.
        trainer_pip_extra_index_url: Further ones, separated by spaces.
        trainer_pip_trusted_host: Hosts whose certificates pip does not check, separated by spaces.
        trainer_ca_bundle: A file with the certificate authorities of download servers.
        trainer_wheels: A folder of wheels that pip searches before any index.
        trainer_http_proxy: The proxy for http.
        trainer_https_proxy: The proxy for https.
        trainer_no_proxy: Hosts that are reached without a proxy.
        trainer_build_logs: The folder for build logs; empty for none.
        trainer_dockerfiles: Whether authors may bring their own Dockerfiles, whose commands the engine then runs.
    """

    model_config = SettingsConfigDict(
        env_prefix="TRAINYARD_", frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True
    )

    trainer_pip_index_url: str = Field("", validation_alias=_also("TRAINER_PIP_INDEX_URL", "PIP_INDEX_URL"))
    trainer_pip_extra_index_url: str = Field(
        "", validation_alias=_also("TRAINER_PIP_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL")
    )
    trainer_pip_trusted_host: str = Field("", validation_alias=_also("TRAINER_PIP_TRUSTED_HOST", "PIP_TRUSTED_HOST"))
    trainer_ca_bundle: str = Field(
        "", validation_alias=_also("TRAINER_CA_BUNDLE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
    )
    trainer_wheels: str = ".trainyard/wheels"
    trainer_http_proxy: str = Field("", validation_alias=_also("TRAINER_HTTP_PROXY", "HTTP_PROXY"))
    trainer_https_proxy: str = Field("", validation_alias=_also("TRAINER_HTTPS_PROXY", "HTTPS_PROXY"))
    trainer_no_proxy: str = Field("", validation_alias=_also("TRAINER_NO_PROXY", "NO_PROXY"))
    trainer_build_logs: str = ".trainyard/build-logs"
    trainer_dockerfiles: bool = False

    def proxies(self) -> dict[str, str]:
        """Return the variables by which programs find the proxy, in lower and upper case."""
        known = {
            "http_proxy": self.trainer_http_proxy,
            "https_proxy": self.trainer_https_proxy,
            "no_proxy": self.trainer_no_proxy,
        }
        return {way(name): value for name, value in known.items() if value for way in (str.lower, str.upper)}
