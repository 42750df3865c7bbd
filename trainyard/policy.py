"""What an author may say in `trainyard.toml`; it travels with the job's messages, so that none has to look it up."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from trainyard.errors import SubmissionError

FILE = "trainyard.toml"

FRACTIONS = frozenset({"accuracy", "acc", "balanced_accuracy", "f1", "precision", "recall", "auc", "roc_auc"})
"""Metrics between 0 and 1."""


class Section(BaseModel):
    """A table of the file; a key it does not know is an error, so that a typing slip is not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


LESS_IS_BETTER = ("loss", "mae", "mse", "mape", "msle", "medae", "error", "deviance")
"""How the names of losses and errors end, less of which is better unless negated (`neg_...`), as in the probe."""


class Metric(Section):
    """The metric to look at, where the usual accuracy is not it; its name tells the direction where none is given."""

    name: Annotated[str, Field(min_length=1)] = "accuracy"
    direction: Literal["maximize", "minimize"] = "maximize"

    @model_validator(mode="before")
    @classmethod
    def _directed(cls, values: Any) -> Any:
        """Give a loss or an error the direction that was left out."""
        name = str(values.get("name", "")).lower() if isinstance(values, dict) else ""
        if name.endswith(LESS_IS_BETTER) and not name.startswith("neg_"):
            return {"direction": "minimize", **values}
        return values


def _as_table(value: object) -> object:
    """Read `metric = "recall"` as the table with that name."""
    return {"name": value} if isinstance(value, str) else value


class Budget(Section):
    """What a job may cost.

    Attributes:
        trials: The most trials, the author's own included.
        hours: The most wall-clock time from the job's first message to its end.
    """

    trials: Annotated[int, Field(ge=1, le=1000)] = 10
    hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12.0


_SHIFTS = {"k": 10, "m": 20, "g": 30}
MOST_MEMORY = "65536g"
"""More than any host has; far above it, an engine cannot even read the number."""


def _within_reach(memory: str) -> str:
    """Refuse a size that no engine takes."""
    if in_bytes(memory) > in_bytes(MOST_MEMORY):
        raise PydanticCustomError("memory_too_large", f"input should be at most '{MOST_MEMORY}'")
    return memory


def in_bytes(size: str) -> int:
    """Return an amount of memory as Docker writes it, such as "4g", in bytes."""
    return int(size.rstrip("bkmg")) << _SHIFTS.get(size[-1], 0)


def _reachable(threshold: float, info: ValidationInfo) -> float:
    """Refuse a percentage for a metric that is a fraction: no trial could ever reach it."""
    metric = info.data.get("metric") or Metric()
    if metric.name in FRACTIONS and not 0 <= threshold <= 1:
        raise ValueError(f"{metric.name} lies between 0 and 1; for 95 % write 0.95")
    return threshold


Size = Annotated[str, Field(pattern=r"^[1-9][0-9]*[bkmg]?$"), AfterValidator(_within_reach)]
"""An amount of memory as Docker writes it."""


class Resources(Section):
    """What one training may use.

    Attributes:
        cpus: Processor cores; all of the host's when absent.
        memory: As Docker writes it, such as "4g".
        shm: Shared memory, through which data loaders of several processes hand over; at most 1g of the memory
            when absent.
        gpus: How many graphics processors, or "all" of the host's.
        hours: The longest a run may take.
    """

    cpus: Annotated[float, Field(gt=0, le=1024)] | None = None
    memory: Size = "4g"
    shm: Size | None = None
    gpus: Annotated[int, Field(ge=0, le=64)] | Literal["all"] = 0
    hours: Annotated[float, Field(gt=0, le=24 * 30)] = 6.0


class Policy(Section):
    """All of `trainyard.toml`, with its defaults.

    Attributes:
        entrypoint: The script to run, relative to the file; found by inspection when absent.
        workdir: The folder it is started in, relative to the file; found by inspection when absent.
        args: Its command line.
        stdin: What it reads from standard input, the answers to `input()` line by line.
        env: Further environment variables.
        requirements: The file of the requirements to install, relative to this one; found by inspection when absent,
            and none at all when false.
        packages: Further distributions to install, as pip writes them.
        dockerfile: The author's own Dockerfile to train in, where the operator allows that.
        keras: The generation of Keras that the script is written for; found by inspection when absent.
        metric: What to measure, by name alone or as a table; the accuracy that the probe finds when absent.
        metrics_files: Files the script writes its metrics to, relative to this one, that go before all others.
        threshold: The job has passed when its metric is at or above it (below, for metrics to minimise).
        notify: Who gets the mail; the operator's default when empty.
        tweaks: Names of the tweaks that are allowed; all when absent.
        strategy: Who chooses them.
        prune: After a pass with several tweaks, find out by further trials which of them are needed.
        confirm: With how many further seeds a passing trial is trained before the mean decides.
        holdout: Which share of the training data the probe holds out where the script measures on its own alone.
        warm_start: Whether a trial may begin with the weights of an earlier one; "auto" where that saves much.
        early_stop: The rule by which the probe ends trainings that promise nothing.
        seed: What the probe seeds random, numpy and the framework with.
    """

    entrypoint: str | None = None
    workdir: str | None = None
    args: tuple[str, ...] = ()
    stdin: str = ""
    env: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")], str] = Field(default_factory=dict)
    requirements: str | Literal[False] | None = None
    packages: tuple[str, ...] = ()
    dockerfile: str | None = None
    keras: Literal[2, 3] | None = None
    metric: Annotated[Metric | None, BeforeValidator(_as_table)] = None
    metrics_files: tuple[str, ...] = ()
    threshold: Annotated[float, Field(allow_inf_nan=False), AfterValidator(_reachable)] = 0.90
    budget: Budget = Budget()
    resources: Resources = Resources()
    notify: tuple[str, ...] = ()
    tweaks: tuple[str, ...] | None = None
    strategy: Annotated[str, Field(min_length=1)] = "diagnosis"
    prune: bool = True
    confirm: Annotated[int, Field(ge=0, le=20)] = 0
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    warm_start: bool | Literal["auto"] = "auto"
    early_stop: Literal["median", "patience", False] = "median"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1


def read_policy(text: str | None, overrides: dict[str, Any] | None = None) -> Policy:
    """Read the text of a `trainyard.toml` (None: there is none), with *overrides* winning over it.

    Raises:
        SubmissionError: It is not TOML, or a setting is unknown or out of its range; names the line or the setting.
    """
    try:
        values = tomllib.loads(text) if text else {}
    except tomllib.TOMLDecodeError as error:
        raise SubmissionError(
            f"{FILE} is not valid TOML: {error}",
            remedy=f"Mend {FILE} where the message points, or remove it to use the defaults.",
            reason="config",
            file=FILE,
            line=_line_of(str(error)),
        ) from error
    try:
        return Policy.model_validate(_merged(values, overrides or {}))
    except ValidationError as error:
        raise _invalid(error, text or "", overrides or {}) from error


def _merged(values: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return *values* with *overrides* laid over them, table by table."""
    tables = {
        name: _merged(values[name], value)
        for name, value in overrides.items()
        if isinstance(value, dict) and isinstance(values.get(name), dict)
    }
    return {**values, **overrides, **tables}


def _invalid(error: ValidationError, text: str, overrides: dict[str, Any]) -> SubmissionError:
    """Say which setting is wrong, in the file or in what was submitted with the code."""
    if _is_within(overrides, error.errors()[0]["loc"]):
        return SubmissionError(
            f"the settings submitted with the code are not valid: {_in_words(error)}",
            remedy="Submit it again with that setting changed or left out; docs/trainyard-toml.md lists all settings.",
            reason="config",
        )
    return SubmissionError(
        f"{FILE} is not valid: {_in_words(error)}",
        remedy=f"Change or remove that setting in {FILE}; docs/trainyard-toml.md lists all settings.",
        reason="config",
        file=FILE,
        line=_line_of_setting(text, error),
    )


def _is_within(values: Any, location: tuple[int | str, ...]) -> bool:
    """Tell whether the setting at *location* is among *values*."""
    if not location or not isinstance(values, dict):
        return True
    return location[0] in values and _is_within(values[location[0]], location[1:])


_WORDS = {
    "extra_forbidden": "no such setting",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "dict_type": "must be a table",
}
"""What is wrong with a setting, where the library's own words speak of Python."""


def _in_words(error: ValidationError) -> str:
    """Say what is wrong with each setting."""
    return "; ".join(
        f"{'.'.join(map(str, item['loc']))}: "
        + _WORDS.get(item["type"], item["msg"].lower().removeprefix("value error, "))
        + ("" if item["type"] == "extra_forbidden" else f" (it is {item['input']!r})")
        for item in error.errors()
    )


def _line_of(message: str) -> int | None:
    """Find the line in tomllib's "(at line 3, column 5)"."""
    _, _, rest = message.partition("at line ")
    digits = rest.partition(",")[0]
    return int(digits) if digits.isdigit() else None


def _line_of_setting(text: str, error: ValidationError) -> int | None:
    """Find the line that sets the first setting complained about, or the table that it stands in."""
    names = [part for part in error.errors()[0]["loc"] if isinstance(part, str)]
    for name in reversed(names):
        for number, line in enumerate(text.splitlines(), 1):
            if line.replace(" ", "").startswith((f"{name}=", f"[{name}]")):
                return number
    return None
