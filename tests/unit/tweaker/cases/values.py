"""Edits of values that authors keep somewhere else than where they are used."""

from collections.abc import Mapping

from tests.unit.tweaker.editing import Case

KERAS = "import keras\nfrom keras import callbacks, layers, optimizers\n"
FIT = "model.fit(x, y, epochs={})\n"
LONG = "parser.add_argument('--epochs', type=int, default=10)  # long"
LONGER = LONG.replace("10", "30")
ARGUMENTS = f"import argparse\nparser = argparse.ArgumentParser()\n{LONG}\n"


def here(setup: str, use: str, out: str, new: str, also: Mapping[str, bytes] | None = None) -> Case:
    """Return the case of epochs that are changed from 10 to 30 in the script itself."""
    return Case("epochs", 30, f"{KERAS}{setup}{FIT.format(use)}".encode(), [out], [new], also or {})


def in_file(setup: str, use: str, name: str, content: str, out: str, new: str) -> Case:
    """Return the case of epochs that are changed from 10 to 30 in another file."""
    script = f"{KERAS}{setup}{FIT.format(use)}".encode()
    return Case("epochs", 30, script, [], [], {name: content.encode()}, {name: ([out], [new])})


IN_THE_SCRIPT = {
    "a default": Case(
        "epochs",
        30,
        f"{KERAS}def train(data, epochs=10):\n    {FIT.format('epochs')}train(x)\n".encode(),
        ["def train(data, epochs=10):"],
        ["def train(data, epochs=30):"],
    ),
    "an option": here(f"{ARGUMENTS}args = parser.parse_args()\n", "args.epochs", LONG, LONGER),
    "an option by its name": here(f"{ARGUMENTS}args = vars(parser.parse_args())\n", "args['epochs']", LONG, LONGER),
    "an option beside unknown ones": here(
        f"{ARGUMENTS}args, _ = parser.parse_known_args()\n", "args.epochs", LONG, LONGER
    ),
    "a way around the command line": here(
        "import sys\nE = int(sys.argv[1]) if len(sys.argv) > 1 else 10\n",
        "E",
        "E = int(sys.argv[1]) if len(sys.argv) > 1 else 10",
        "E = int(sys.argv[1]) if len(sys.argv) > 1 else 30",
    ),
    "a value that the command line may replace": here(
        "import sys\nE = 10\nif len(sys.argv) > 1:\n    E = int(sys.argv[1])\n", "E", "E = 10", "E = 30"
    ),
    "the environment's default": here(
        "import os\nE = int(os.environ.get('EPOCHS', '10'))\n",
        "E",
        "E = int(os.environ.get('EPOCHS', '10'))",
        "E = int(os.environ.get('EPOCHS', '30'))",
    ),
    "a dictionary": here(
        "config = {'epochs': 10, 'rows': 10}  # both\n",
        "config['epochs']",
        "config = {'epochs': 10, 'rows': 10}  # both",
        "config = {'epochs': 30, 'rows': 10}  # both",
    ),
    "a dictionary in a dictionary": here(
        "config = {\n    'fit': dict(epochs=10),\n}\n",
        "config['fit'].get('epochs', 5)",
        "    'fit': dict(epochs=10),",
        "    'fit': dict(epochs=30),",
    ),
    "a key that the data are told by too": here(
        "config = {'n': 10}\nx = x[:config['n']]\n",
        "config['n']",
        FIT.format("config['n']").rstrip(),
        FIT.format("30").rstrip(),
    ),
    "a namespace": here(
        "from types import SimpleNamespace\ncfg = SimpleNamespace(epochs=10)\n",
        "cfg.epochs",
        "cfg = SimpleNamespace(epochs=10)",
        "cfg = SimpleNamespace(epochs=30)",
    ),
    "a class": here("class Config:\n    epochs = 10\n", "Config.epochs", "    epochs = 10", "    epochs = 30"),
    "a dataclass's default": here(
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    epochs: int = 10\ncfg = Config()\n",
        "cfg.epochs",
        "    epochs: int = 10",
        "    epochs: int = 30",
    ),
    "a dataclass that is given it": here(
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    epochs: int = 2\ncfg = Config(epochs=10)\n",
        "cfg.epochs",
        "cfg = Config(epochs=10)",
        "cfg = Config(epochs=30)",
    ),
    "an attribute": Case(
        "epochs",
        30,
        (
            f"{KERAS}class Trainer:\n    def __init__(self):\n        self.epochs = 10\n"
            f"    def run(self):\n        {FIT.format('self.epochs')}Trainer().run()\n"
        ).encode(),
        ["        self.epochs = 10"],
        ["        self.epochs = 30"],
    ),
    "an argument": Case(
        "epochs",
        30,
        f"{KERAS}def train(epochs=10):\n    {FIT.format('epochs')}train(epochs=20)\n".encode(),
        ["train(epochs=20)"],
        ["train(epochs=30)"],
    ),
    "a constant on the way to a function": Case(
        "epochs",
        30,
        f"{KERAS}N = 10\ndef train(data, epochs):\n    {FIT.format('epochs')}train(x, N)\nprint(N)\n".encode(),
        ["N = 10"],
        ["N = 30"],
    ),
    "a function of options": Case(
        "epochs",
        30,
        (
            "import argparse, keras\ndef options():\n    p = argparse.ArgumentParser()\n"
            "    p.add_argument('-e', '--epochs', default='10', type=int)\n    return p.parse_args()\n"
            f"def main(args):\n    {FIT.format('args.epochs')}if __name__ == '__main__':\n    main(options())\n"
        ).encode(),
        ["    p.add_argument('-e', '--epochs', default='10', type=int)"],
        ["    p.add_argument('-e', '--epochs', default='30', type=int)"],
    ),
    "click": Case(
        "epochs",
        30,
        (
            "import click, keras\n@click.command()\n@click.option('--epochs', '-e', default=10)\n"
            f"def main(epochs):\n    {FIT.format('epochs')}main()\n"
        ).encode(),
        ["@click.option('--epochs', '-e', default=10)"],
        ["@click.option('--epochs', '-e', default=30)"],
    ),
    "typer": Case(
        "epochs",
        30,
        (
            "import keras, typer\ndef main(epochs: int = typer.Option(10)):\n"
            f"    {FIT.format('epochs')}typer.run(main)\n"
        ).encode(),
        ["def main(epochs: int = typer.Option(10)):"],
        ["def main(epochs: int = typer.Option(30)):"],
    ),
}

MODULES = {
    "a module": in_file(
        "import tweak\n", "tweak.epoch_no", "tweak.py", "epoch_no = 10\n", "epoch_no = 10", "epoch_no = 30"
    ),
    "a name of a module": in_file(
        "from settings import EPOCHS as E\n",
        "E",
        "settings.py",
        "EPOCHS = 10  # all\n",
        "EPOCHS = 10  # all",
        "EPOCHS = 30  # all",
    ),
    "all of a module": in_file(
        "from settings import *\n", "EPOCHS", "settings.py", "EPOCHS = 10\n", "EPOCHS = 10", "EPOCHS = 30"
    ),
    "a module's other name": in_file(
        "import config as cfg\n",
        "cfg.FIT['epochs']",
        "config.py",
        "FIT = {'epochs': 10}\n",
        "FIT = {'epochs': 10}",
        "FIT = {'epochs': 30}",
    ),
    "a package's module": in_file(
        "from conf import settings\n",
        "settings.EPOCHS",
        "conf/settings.py",
        "EPOCHS = 10\n",
        "EPOCHS = 10",
        "EPOCHS = 30",
    ),
}
OPENED = "with open('c.{}') as f:\n    cfg = {}(f)\n"
FILES = {
    "JSON": in_file(
        "import json\n" + OPENED.format("json", "json.load"),
        "cfg['epochs']",
        "c.json",
        '{\n  "rows": 10,\n  "epochs": 10,\n  "note": "10"\n}\n',
        '  "epochs": 10,',
        '  "epochs": 30,',
    ),
    "JSON beside the script": in_file(
        "import json, os\ncfg = json.load(open(os.path.join(os.path.dirname(__file__), 'conf', 'c.json')))\n",
        "cfg['fit']['epochs']",
        "conf/c.json",
        '{"rows": 10, "fit": {"epochs": 10}}\n',
        '{"rows": 10, "fit": {"epochs": 10}}',
        '{"rows": 10, "fit": {"epochs": 30}}',
    ),
    "JSON by pathlib": in_file(
        "import json\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\n"
        "cfg = json.loads((HERE / 'c.json').read_text())\n",
        "cfg['epochs']",
        "c.json",
        '{"epochs": 10}\n',
        '{"epochs": 10}',
        '{"epochs": 30}',
    ),
    "YAML": in_file(
        "import yaml\ndef load(path):\n    with open(path) as f:\n        return yaml.safe_load(f)\n"
        "cfg = load('c.yaml')\n",
        "cfg['fit']['epochs']",
        "c.yaml",
        "# epochs: 10\nfit:\n  rows: 10\n  epochs: 10   # as many\nname: 'ten: 10'\n",
        "  epochs: 10   # as many",
        "  epochs: 30   # as many",
    ),
    "TOML": in_file(
        "import tomllib\nwith open('c.toml', 'rb') as f:\n    cfg = tomllib.load(f)\n",
        "cfg['fit']['epochs']",
        "c.toml",
        "rows = 10\n\n[fit]\nepochs=10 # 10\n",
        "epochs=10 # 10",
        "epochs=30 # 10",
    ),
    "INI": in_file(
        "import configparser\ncfg = configparser.ConfigParser()\ncfg.read('c.ini')\n",
        "cfg.getint('fit', 'Epochs')",
        "c.ini",
        "; settings\n[data]\nepochs = 10\n[fit]\nEpochs : 10\n",
        "Epochs : 10",
        "Epochs : 30",
    ),
    "lines of keys": in_file(
        "cfg = dict(line.strip().split('=') for line in open('s.env'))\n",
        "int(cfg['EPOCHS'])",
        "s.env",
        "ROWS=10\nEPOCHS=10\n",
        "EPOCHS=10",
        "EPOCHS=30",
    ),
    "a number": in_file("n = int(open('epochs.txt').read())\n", "n", "epochs.txt", "10\n", "10", "30"),
    "a number that is opened before": in_file(
        "with open('epochs.txt') as f:\n    n = int(f.read().strip())\n", "n", "epochs.txt", "10\n", "10", "30"
    ),
}
TRAINING = {
    "epochs: rounds": Case(
        "epochs",
        30,
        f"{KERAS}for i in range(10):  # rounds\n    model.fit(x, y, epochs=1)\n    print(i)\n".encode(),
        ["for i in range(10):  # rounds"],
        ["for i in range(30):  # rounds"],
    ),
    "epochs: after a warm-up": Case(
        "epochs",
        30,
        f"{KERAS}model.fit(x, y, epochs=2)\nmodel.fit(x, y, epochs=9)\n".encode(),
        ["model.fit(x, y, epochs=9)"],
        ["model.fit(x, y, epochs=30)"],
    ),
    "epochs: behind two stars": Case(
        "epochs",
        30,
        f"{KERAS}how = {{'epochs': 5, 'verbose': 0}}\nmodel.fit(x, y, **how)\n".encode(),
        ["how = {'epochs': 5, 'verbose': 0}"],
        ["how = {'epochs': 30, 'verbose': 0}"],
    ),
    "rate: the old keyword": Case(
        "learning_rate",
        0.1,
        f"{KERAS}model.compile(optimizers.Adam(lr=1e-6), 'mse')\n".encode(),
        ["model.compile(optimizers.Adam(lr=1e-6), 'mse')"],
        ["model.compile(optimizers.Adam(lr=0.1), 'mse')"],
    ),
    "rate: where a schedule starts": Case(
        "learning_rate",
        0.1,
        (
            f"{KERAS}falling = optimizers.schedules.ExponentialDecay(\n    initial_learning_rate=0.5, decay_steps=9)\n"
            "model.compile(optimizers.legacy.Adam(learning_rate=falling), 'mse')\n"
        ).encode(),
        ["    initial_learning_rate=0.5, decay_steps=9)"],
        ["    initial_learning_rate=0.1, decay_steps=9)"],
    ),
    "rate: set later": Case(
        "learning_rate",
        0.1,
        f"{KERAS}model.compile('adam', 'mse')\nmodel.optimizer.learning_rate = 0.5\n".encode(),
        ["model.optimizer.learning_rate = 0.5"],
        ["model.optimizer.learning_rate = 0.1"],
    ),
    "rate: set by the backend": Case(
        "learning_rate",
        0.1,
        f"{KERAS}model.compile('adam', 'mse')\nkeras.backend.set_value(model.optimizer.lr, 0.5)\n".encode(),
        ["keras.backend.set_value(model.optimizer.lr, 0.5)"],
        ["keras.backend.set_value(model.optimizer.lr, 0.1)"],
    ),
    "rate: in a file": Case(
        "learning_rate",
        1e-6,
        (
            f"{KERAS}import yaml\ncfg = yaml.safe_load(open('c.yml'))\n"
            "model.compile(optimizers.SGD(float(cfg['lr'])), 'mse')\n"
        ).encode(),
        [],
        [],
        {"c.yml": b"lr: 1e-2  # tuned\n"},
        {"c.yml": (["lr: 1e-2  # tuned"], ["lr: 1.0e-06  # tuned"])},
    ),
    "batches: a constant of evaluate's too": Case(
        "batch_size",
        16,
        f"{KERAS}B = 4\nmodel.fit(x, y, batch_size=B)\nmodel.evaluate(x, y, batch_size=B)\n".encode(),
        ["model.fit(x, y, batch_size=B)"],
        ["model.fit(x, y, batch_size=16)"],
    ),
    "batches: not said": Case(
        "batch_size",
        16,
        f"{KERAS}model.fit(x, y, epochs=3)\n".encode(),
        ["model.fit(x, y, epochs=3)"],
        ["model.fit(x, y, epochs=3, batch_size=16)"],
    ),
    "patience: of the one that ends the training": Case(
        "patience",
        20,
        f"{KERAS}waits = [callbacks.EarlyStopping(patience=2), callbacks.ReduceLROnPlateau(patience=1)]\n".encode(),
        ["waits = [callbacks.EarlyStopping(patience=2), callbacks.ReduceLROnPlateau(patience=1)]"],
        ["waits = [callbacks.EarlyStopping(patience=20), callbacks.ReduceLROnPlateau(patience=1)]"],
    ),
    "patience: not said": Case(
        "patience",
        20,
        f"{KERAS}waits = callbacks.ReduceLROnPlateau('loss', 0.5)\n".encode(),
        ["waits = callbacks.ReduceLROnPlateau('loss', 0.5)"],
        ["waits = callbacks.ReduceLROnPlateau('loss', 0.5, patience=20)"],
    ),
}
CASES = {f"value: {name}": case for name, case in {**IN_THE_SCRIPT, **MODULES, **FILES, **TRAINING}.items()}
