"""What authors may say in trainyard.toml, and what they are told when it is wrong."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trainyard.errors import SubmissionError
from trainyard.policy import Budget, Metric, Policy, Resources, Section, read_policy

DOCS = Path(__file__).parents[2] / "docs" / "trainyard-toml.md"


def refused(text: str, overrides: dict[str, Any] | None = None) -> SubmissionError:
    """Return why the text is refused."""
    with pytest.raises(SubmissionError) as error:
        read_policy(text, overrides)
    assert error.value.reason == "config"
    return error.value


TABLES: dict[str, type[Section]] = {"metric": Metric, "budget": Budget, "resources": Resources}


def settings() -> Iterator[str]:
    """Yield every setting by its dotted name."""
    for name in Policy.model_fields:
        if name in TABLES:
            yield from (f"{name}.{inner}" for inner in TABLES[name].model_fields)
        else:
            yield name


class TestRead:
    @pytest.mark.parametrize("text", [None, "", "# nothing\n"])
    def test_has_a_default_for_everything(self, text: str | None) -> None:
        """Without a file, or with an empty one, a job passes at 0.90 within 10 trials and 12 hours."""
        policy = read_policy(text)

        assert policy == Policy()
        assert (policy.threshold, policy.budget.trials, policy.budget.hours) == (0.90, 10, 12.0)

    def test_reads_every_setting(self) -> None:
        """The example in the docs holds each of them."""
        example = re.search(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
        assert example

        policy = read_policy(example[1])

        assert policy.model_dump(exclude={"metric"}) == {
            "entrypoint": "train.py",
            "workdir": "src",
            "args": ("--data", "wines.csv"),
            "stdin": "wines\n3\n",
            "env": {"DATA": "wines.csv"},
            "requirements": "requirements-train.txt",
            "packages": ("imbalanced-learn",),
            "dockerfile": "docker/Dockerfile",
            "keras": 2,
            "metrics_files": ("accuracy.txt",),
            "threshold": 0.95,
            "notify": ("you@example.org",),
            "tweaks": ("scale_inputs", "epochs"),
            "strategy": "tpe",
            "prune": False,
            "data": "test",
            "confirm": 2,
            "holdout": 0.2,
            "screening": "off",
            "warm_start": False,
            "early_stop": "patience",
            "seed": 7,
            "budget": {"trials": 5, "hours": 2.0},
            "resources": {"cpus": 2.0, "memory": "4g", "shm": "1g", "gpus": 0, "hours": 1.0},
        }
        assert policy.metric == Metric(name="accuracy")

    def test_takes_a_metric_as_a_table(self) -> None:
        """One of which less is better says so."""
        policy = read_policy('[metric]\nname = "mae"\ndirection = "minimize"\n')

        assert policy.metric == Metric(name="mae", direction="minimize")

    @pytest.mark.parametrize("memory", ["1", "512m", "4294967296", "65536g", "67108864m"])
    def test_takes_memory_as_docker_writes_it(self, memory: str) -> None:
        """In bytes, or with a unit."""
        assert read_policy(f'[resources]\nmemory = "{memory}"\n').resources.memory == memory

    def test_survives_its_way_through_a_message(self) -> None:
        """JSON gives back what was read."""
        policy = read_policy('metric = "recall"\ntweaks = []\n')

        assert Policy.model_validate_json(policy.model_dump_json()) == policy


class TestMetric:
    @pytest.mark.parametrize(
        ("text", "direction"),
        [
            ('metric = "mae"', "minimize"),
            ('metric = "val_loss"', "minimize"),
            ('metric = {name = "mean_squared_error"}', "minimize"),
            ('metric = {name = "mae", direction = "maximize"}', "maximize"),
            ('metric = "neg_mean_squared_error"', "maximize"),
            ('metric = "recall"', "maximize"),
        ],
    )
    def test_has_the_direction_that_its_name_tells(self, text: str, direction: str) -> None:
        """Of a loss or an error less is better, unless the author says otherwise."""
        metric = read_policy(text).metric

        assert metric is not None
        assert metric.direction == direction


class TestOverrides:
    def test_win_setting_by_setting(self) -> None:
        """What the submission does not name stays as the file has it."""
        policy = read_policy("threshold = 0.8\n[budget]\ntrials = 3\nhours = 5\n", {"budget": {"trials": 7}})

        assert (policy.threshold, policy.budget.trials, policy.budget.hours) == (0.8, 7, 5.0)

    def test_that_are_wrong_are_not_blamed_on_the_file(self) -> None:
        """The message speaks of what was submitted, and names no file."""
        error = refused("threshold = 0.8\n", {"budget": {"trials": 0}})

        assert str(error) == (
            "the settings submitted with the code are invalid: "
            "budget.trials: input should be greater than or equal to 1 (it is 0)"
        )
        assert error.remedy.startswith("Submit it again with that setting changed or removed")
        assert error.file is None


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("threshold = 0.9\ntreshold = 0.8\n", 2, "treshold: no such setting"),
            ('threshold = "high"\n', 1, "unable to parse string as a number (it is 'high')"),
            ("threshold = nan\n", 1, "threshold: input should be a finite number"),
            ("seed = 1\n[budget]\ntrials = 0\n", 3, "budget.trials: input should be greater than or equal to 1"),
            ("budget = { trials = 0 }\n", 1, "budget.trials: input should be greater than or equal to 1"),
            ("budget = 3\n", 1, "budget: must be a table (it is 3)"),
            ('args = "--fast"\n', 1, "args: must be a list (it is '--fast')"),
            ("metric = 3\n", 1, "metric: must be a table (it is 3)"),
            ('[metric]\ndirection = "up"\n', 2, "metric.direction: input should be 'maximize' or 'minimize'"),
            ('[resources]\nmemory = "lots"\n', 2, "resources.memory: string should match pattern"),
            ('[resources]\nmemory = "99999999999g"\n', 2, "resources.memory: input should be at most '65536g' (it is"),
            ("[resources]\ncpus = 0\n", 2, "resources.cpus: input should be greater than 0"),
            ("[resources]\nhours = inf\n", 2, "resources.hours: input should be less than or equal to 720"),
            ("[budget]\nhours = 1000\n", 2, "budget.hours: input should be less than or equal to 720"),
            ("keras = 4\n", 1, "keras: input should be 2 or 3 (it is 4)"),
            ("seed = -1\n", 1, "seed: input should be greater than or equal to 0"),
        ],
    )
    def test_names_setting_line_and_remedy(self, text: str, line: int, words: str) -> None:
        """Each wrong setting is named with its line, its value and what to do."""
        error = refused(text)

        assert words in str(error)
        assert str(error).startswith("trainyard.toml is invalid: ")
        assert (error.file, error.line) == ("trainyard.toml", line)
        assert error.remedy == (
            "Change or remove that setting in trainyard.toml; docs/trainyard-toml.md lists all settings."
        )

    def test_names_every_wrong_setting_at_once(self) -> None:
        """So that nobody mends them one by one."""
        error = refused("treshold = 1\nsed = 2\n")

        assert "treshold: no such setting; sed: no such setting" in str(error)

    def test_names_the_line_where_it_is_no_toml(self) -> None:
        """The parser's own words and line."""
        error = refused("threshold = 0.9\nbudget = { trials = \n")

        assert str(error).startswith("trainyard.toml is not valid TOML: ")
        assert "line 2" in str(error)
        assert (error.file, error.line) == ("trainyard.toml", 2)
        assert error.remedy == "Fix trainyard.toml at that position, or remove it to use the defaults."

    def test_a_percentage_as_threshold(self) -> None:
        """No accuracy could ever reach 95, so no trial is spent on it."""
        with pytest.raises(SubmissionError) as refused:
            read_policy("threshold = 95\n")

        assert "threshold: accuracy is between 0 and 1; for 95 % write 0.95 (it is 95)" in refused.value.message
        assert refused.value.line == 1

    def test_not_a_large_threshold_of_another_metric(self) -> None:
        """An error in metres may well be 95."""
        policy = read_policy('threshold = 95\nmetric = { name = "mae", direction = "minimize" }\n')

        assert policy.threshold == 95


class TestDocs:
    def test_name_every_setting(self) -> None:
        """Each one has its row, with default, meaning and example."""
        rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*) \|$", DOCS.read_text(), re.MULTILINE))

        wanted = [*settings(), "metric"]

        assert sorted(rows) == sorted(wanted)
        assert [name for name, row in rows.items() if len(row.split(" | ")) != 3] == []

    def test_show_examples_that_are_valid(self) -> None:
        """Every block of TOML in it can be copied as it is."""
        blocks = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)

        assert blocks
        assert all(Policy.model_validate(tomllib.loads(block)) for block in blocks)

    def test_show_the_true_defaults(self) -> None:
        """The numbers in the table are the code's."""
        defaults = dict(re.findall(r"^\| `([\w.]+)` \| `([^`]*)` \|", DOCS.read_text(), re.MULTILINE))
        flat = {**Policy().model_dump(), **{f"budget.{k}": v for k, v in Budget()}}
        flat |= {f"resources.{k}": v for k, v in Resources()} | {f"metric.{k}": v for k, v in Metric()}

        shown = {name: tomllib.loads(f"x = {value}")["x"] for name, value in defaults.items()}

        assert {name: list(v) if isinstance(v, tuple) else v for name, v in flat.items() if name in shown} == shown
