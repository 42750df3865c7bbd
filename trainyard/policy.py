"""The settings of an author in `trainyard.toml`; the job's messages carry them, so that nobody has to look them up."""

import re
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
    """A table of the file; an unknown key is an error, so that a typo is not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


LESS_IS_BETTER = ("loss", "mae", "mse", "mape", "msle", "medae", "error", "deviance")
"""Suffixes of metrics of which less is better, unless they are negated (`neg_...`); the same as in the probe."""


class Metric(Section):
    """The metric to measure instead of the accuracy; the name implies the direction where none is set."""

    name: Annotated[str, Field(min_length=1)] = "accuracy"
    direction: Literal["maximize", "minimize"] = "maximize"

    @model_validator(mode="before")
    @classmethod
    def _directed(cls, values: Any) -> Any:
        """Add the direction of a loss or an error where none is set."""
        name = str(values.get("name", "")).lower() if isinstance(values, dict) else ""
        if name.endswith(LESS_IS_BETTER) and not name.startswith("neg_"):
            return {"direction": "minimize", **values}
        return values


def _as_table(value: object) -> object:
    """Read `metric = "recall"` as the table with that name."""
    return {"name": value} if isinstance(value, str) else value


class Budget(Section):
    """The most that a job may cost.

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
        raise ValueError(f"{metric.name} is between 0 and 1; for 95 % write 0.95")
    return threshold


Size = Annotated[str, Field(pattern=r"^[1-9][0-9]*[bkmg]?$"), AfterValidator(_within_reach)]
"""An amount of memory as Docker writes it."""


class Resources(Section):
    """The most that one training may use.

    Attributes:
        cpus: Processor cores; all of the host's when absent.
        memory: As Docker writes it, such as "4g".
        shm: Shared memory, through which the processes of a data loader pass data; at most 1g of the memory when
            absent.
        gpus: The number of GPUs, or "all" of the host's.
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
        args: Its command-line arguments.
        stdin: Its standard input, the answers to `input()` line by line.
        env: Further environment variables.
        requirements: The file of the requirements to install, relative to this one; found by inspection when absent,
            none when false.
        packages: Further distributions to install, as pip writes them.
        dockerfile: The author's own Dockerfile to train in, where the operator allows that.
        keras: The generation of Keras that the script is written for; found by inspection when absent.
        metric: What to measure, as a name or a table; the accuracy that the probe finds when absent.
        metrics_files: Files the script writes its metrics to, relative to this one; they take precedence.
        threshold: The job has passed when its metric is at or above it (below, for metrics to minimise).
        notify: Recipients of the mail; the operator's default when empty.
        tweaks: Names of the allowed tweaks; all when absent.
        strategy: The name of the search strategy.
        prune: After a pass with several tweaks, find out by further trials which of them are needed.
        data: "test" accepts only values that were measured on held-out data; all are accepted when absent.
        confirm: With how many fresh seeds a trial is trained that reached the threshold; "auto" for three, or fewer
            where they would more than double the job's time.
        holdout: The share of the training data that the probe holds out: to measure on where the script measures on
            nothing else, otherwise sealed until the job's end.
        screening: "auto" has the probe measure simple models of other families on the training rows of the first trial.
        warm_start: Whether a trial may start from the weights of an earlier one; "auto" where that saves much.
        early_stop: The rule by which the probe stops trainings that are not promising.
        seed: The seed of random, numpy and the framework.
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
    data: Literal["test"] | None = None
    confirm: Annotated[int, Field(ge=0, le=20)] | Literal["auto"] = "auto"
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    screening: Literal["auto", "off"] = "auto"
    warm_start: bool | Literal["auto"] = "auto"
    early_stop: Literal["median", "patience", False] = "median"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1


def read_policy(text: str | None, overrides: dict[str, Any] | None = None) -> Policy:
    """Read the text of a `trainyard.toml` (None: there is none); *overrides* take precedence.

    Raises:
        SubmissionError: It is not TOML, or a setting is unknown or invalid; names the line or the setting.
    """
    try:
        values = tomllib.loads(text) if text else {}
    except tomllib.TOMLDecodeError as error:
        raise SubmissionError(
            f"{FILE} is not valid TOML: {error}",
            remedy=f"Fix {FILE} at that position, or remove it to use the defaults.",
            reason="config",
            file=FILE,
            line=_line_of(str(error)),
        ) from error
    try:
        return Policy.model_validate(_merged(values, overrides or {}))
    except ValidationError as error:
        raise _invalid(error, text or "", overrides or {}) from error


def _merged(values: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Return *values* with *overrides* applied, table by table."""
    tables = {
        name: _merged(values[name], value)
        for name, value in overrides.items()
        if isinstance(value, dict) and isinstance(values.get(name), dict)
    }
    return {**values, **overrides, **tables}


def _invalid(error: ValidationError, text: str, overrides: dict[str, Any]) -> SubmissionError:
    """Return which setting is invalid, in the file or among those submitted with the code."""
    if _is_within(overrides, error.errors()[0]["loc"]):
        return SubmissionError(
            f"the settings submitted with the code are invalid: {_in_words(error)}",
            remedy="Submit it again with that setting changed or removed; docs/trainyard-toml.md lists all settings.",
            reason="config",
        )
    return SubmissionError(
        f"{FILE} is invalid: {_in_words(error)}",
        remedy=f"Change or remove that setting in {FILE}; docs/trainyard-toml.md lists all settings.",
        reason="config",
        file=FILE,
        line=_line_of_setting(text, error),
    )


def _is_within(values: Any, location: tuple[int | str, ...]) -> bool:
    if not location or not isinstance(values, dict):
        return True
    return location[0] in values and _is_within(values[location[0]], location[1:])


_WORDS = {
    "extra_forbidden": "no such setting",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "dict_type": "must be a table",
}
"""What is wrong with a setting, where the library's own message is in terms of Python."""


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, item['loc']))}: "
        + _WORDS.get(item["type"], item["msg"].lower().removeprefix("value error, "))
        + ("" if item["type"] == "extra_forbidden" else f" (it is {item['input']!r})")
        for item in error.errors()
    )


def _line_of(message: str) -> int | None:
    """Return the line in tomllib's "(at line 3, column 5)"."""
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else None


def _line_of_setting(text: str, error: ValidationError) -> int | None:
    names = [part for part in error.errors()[0]["loc"] if isinstance(part, str)]
    for name in reversed(names):
        for number, line in enumerate(text.splitlines(), 1):
            if line.replace(" ", "").startswith((f"{name}=", f"[{name}]")):
                return number
    return None
