"""What a script asks of whoever starts it: refused where nothing can come of it, and nowhere else."""

import tomllib

import pytest

from services.trainer.inspection import inspect
from tests.unit.trainer.inspecting import inspected, notebook, refused
from trainyard.policy import Policy

FIT = "from sklearn.svm import SVC\nSVC().fit([[0], [1]], [0, 1])\n"

PARSER = """\
import argparse
parser = argparse.ArgumentParser()
{}
args = parser.parse_args()
"""

CLICK = """\
import click
@click.command()
@click.argument('data'{})
@click.option('--out', required=True{})
@click.option('--epochs', default=3)
def main(data, out, epochs):
    pass
main()
"""

ABSL = """\
from absl import app, flags
flags.DEFINE_string('data', None, '')
flags.mark_flag_as_required('data')
def main(argv):
    pass
app.run(main)
"""

MENU = """\
while True:
    choice = input('How many rounds? ')
    if choice == '1':
        from sklearn.svm import SVC
"""


def example(remedy: str) -> dict[str, object]:
    """Return the setting that a remedy shows, read as TOML."""
    return tomllib.loads(remedy.partition("for example: ")[2])


class TestArgparse:
    def test_names_all_that_it_requires_and_how_to_give_it(self) -> None:
        """The line can be pasted: the only data file, the first choice, a number where a number is due."""
        script = PARSER.format(
            "parser.add_argument('data')\n"
            "parser.add_argument('-e', '--epochs', type=int, required=True)\n"
            "parser.add_argument('--optimizer', choices=['sgd', 'adam'], required=True)\n"
            "parser.add_argument('--rate', default=0.1)"
        )

        error = refused({"train.py": script + FIT, "wines.csv": "", "requirements.txt": ""})

        assert (error.reason, error.file, error.line) == ("input", "train.py", 7)
        assert str(error) == (
            "train.py, line 7 asks for the arguments 'data', '--epochs' and '--optimizer', which nothing provides"
        )
        assert error.remedy == (
            "Provide it by the setting args in trainyard.toml, for example: "
            'args = ["wines.csv", "--epochs", "10", "--optimizer", "sgd"]'
        )

    def test_is_content_with_the_setting(self) -> None:
        """What is given reaches the script as it is."""
        plan = inspected({"train.py": PARSER.format("parser.add_argument('data')") + FIT}, Policy(args=("wines.csv",)))

        assert plan.args == ("wines.csv",)
        assert "gets the arguments wines.csv from trainyard.toml" in plan.reasons

    @pytest.mark.parametrize(
        "script",
        [
            PARSER.format("parser.add_argument('--data', default='wines.csv')"),
            PARSER.format("parser.add_argument('data', nargs='?', default='wines.csv')"),
            PARSER.format("parser.add_argument('files', nargs='*')"),
            PARSER.format("parser.add_argument('files', nargs=argparse.REMAINDER)"),
            PARSER.format("parser.add_argument('--data', required=not True)"),
            PARSER.format("parser.add_argument('data', **options)"),
            PARSER.format("one = parser.add_mutually_exclusive_group()\none.add_argument('--a', required=True)"),
            PARSER.format("sub = parser.add_subparsers()\ntrain = sub.add_parser('x')\ntrain.add_argument('data')"),
            PARSER.format("if DEBUG:\n    parser.add_argument('data')"),
            PARSER.format("parser.add_argument('data')").replace("parse_args()", "parse_args([])"),
            PARSER.format("parser.add_argument('data')").replace("parse_args()", "parse_args(args=['x'])"),
            "try:\n    " + PARSER.format("parser.add_argument('data')").replace("\n", "\n    ") + "pass\n"
            "except SystemExit:\n    pass\n",
            "def command():\n    "
            + PARSER.format("parser.add_argument('data')").replace("\n", "\n    ")
            + "return 1\n",
            "from lib import parser\nparser.add_argument('data')\nparser.parse_args()\n",
        ],
    )
    def test_lets_pass_what_may_go_well(self, script: str) -> None:
        """Optional arguments, sub-commands, arguments of the script's own, functions that nobody calls."""
        assert inspected({"train.py": script + FIT}).args == ()

    def test_is_followed_into_functions(self) -> None:
        """`main(parse())` is how most scripts do it; groups belong to their parser."""
        script = (
            "import argparse\n\n\ndef parse():\n    p = argparse.ArgumentParser()\n    g = p.add_argument_group('x')\n"
            "    g.add_argument('--out', required=True)\n    return p.parse_args()\n\n\ndef main(args):\n    "
            + FIT.replace("\n", "\n    ")
            + "\n\nif __name__ == '__main__':\n    main(parse())\n"
        )

        assert "train.py, line 8 asks for the argument '--out'" in str(refused({"train.py": script}))

    def test_is_seen_through_main_of_nothing(self) -> None:
        """`main(argv=None)` hands argparse what the script was started with, unless a call gives something else."""
        script = (
            "import argparse\ndef main(argv=None):\n    p = argparse.ArgumentParser()\n    p.add_argument('data')\n"
            "    a = p.parse_args(argv)\n" + FIT.replace("from", "    from").replace("SVC()", "    SVC()")
        )

        assert refused({"train.py": script + "main()\n"}).reason == "input"
        assert inspected({"train.py": script + "main(['wines.csv'])\n"}).args == ()

    def test_after_the_training_is_no_obstacle(self) -> None:
        """What was measured before counts."""
        assert inspected({"train.py": FIT + PARSER.format("parser.add_argument('data')")}).entrypoint == "train.py"


class TestOtherCommands:
    @pytest.mark.parametrize(
        ("script", "args"),
        [
            (CLICK.format("", ""), ["DATA", "--out", "OUT"]),
            ("import fire\ndef train(data, epochs=3):\n    pass\nfire.Fire(train)\n", ["--data", "DATA"]),
            ("import typer\ndef train(data: str, epochs: int = 3):\n    pass\ntyper.run(train)\n", ["DATA"]),
            (ABSL, ["--data", "DATA"]),
        ],
    )
    def test_are_known_by_their_libraries(self, script: str, args: list[str]) -> None:
        """Each in the form in which it takes its arguments."""
        error = refused({"train.py": script + FIT})

        assert error.reason == "input"
        assert example(error.remedy) == {"args": args}

    @pytest.mark.parametrize(
        "script",
        [
            CLICK.format(", required=False", ", envvar='OUT'"),
            "import click\n@click.group()\ndef main():\n    pass\nmain()\n",
            "import fire\ndef train(data='wines.csv'):\n    pass\nfire.Fire(train)\n",
            "import fire\nclass Train:\n    pass\nfire.Fire(Train)\n",
            "import typer\ndef train(data: str = 'x'):\n    pass\ntyper.run(train)\n",
        ],
    )
    def test_that_require_nothing_pass(self, script: str) -> None:
        """With defaults, or by another way to be answered."""
        assert inspected({"train.py": script + FIT}).args == ()


class TestCommandLine:
    @pytest.mark.parametrize(
        ("script", "args"),
        [
            ("data = sys.argv[1]\nepochs = int(sys.argv[2])\n", ["ARGUMENT1", "ARGUMENT2"]),
            ("from sys import argv\ndata = argv[1]\n", ["ARGUMENT1"]),
            ("args = sys.argv[1:]\ndata = args[0]\n", ["ARGUMENT1"]),
            ("_, data, out = sys.argv\n", ["ARGUMENT1", "ARGUMENT2"]),
            ("def main(argv):\n    return argv[1]\nmain(sys.argv)\n", ["ARGUMENT1"]),
            ("def main(args):\n    return args[0]\nmain(sys.argv[1:])\n", ["ARGUMENT1"]),
            ("if len(sys.argv) != 3:\n    print('usage')\n    sys.exit(1)\n", ["ARGUMENT1", "ARGUMENT2"]),
            (
                "def main():\n    if len(sys.argv) < 2:\n        print('Usage: x')\n        return\nmain()\n",
                ["ARGUMENT1"],
            ),
            ("if len(sys.argv) < 2:\n    raise SystemExit('usage')\n", ["ARGUMENT1"]),
            ("def main():\n    return sys.argv[1]\nmain()\n", ["ARGUMENT1"]),
            ("if len(sys.argv) > 5:\n    pass\nelse:\n    data = sys.argv[1]\n", ["ARGUMENT1"]),
        ],
    )
    def test_is_asked_for_more_than_is_given(self, script: str, args: list[str]) -> None:
        """By index, by taking it apart, and by the usage that is shown."""
        error = refused({"train.py": "import sys\n" + script + FIT})

        assert error.reason == "input"
        assert example(error.remedy) == {"args": args}

    @pytest.mark.parametrize(
        "script",
        [
            "data = sys.argv[1] if len(sys.argv) > 1 else 'wines.csv'\n",
            "if len(sys.argv) > 1:\n    data = sys.argv[1]\n",
            "if len(sys.argv) < 2:\n    data = 'x'\nelse:\n    data = sys.argv[1]\n",
            "if len(sys.argv) < 2:\n    sys.argv.append('wines.csv')\ndata = sys.argv[1]\n",
            "sys.argv = ['train.py', 'wines.csv']\ndata = sys.argv[1]\n",
            "try:\n    data = sys.argv[1]\nexcept IndexError:\n    data = 'wines.csv'\n",
            "data = len(sys.argv) > 1 and sys.argv[1]\n",
            "args = sys.argv[1:] or ['wines.csv']\ndata = args[0]\n",
            "def main(argv):\n    return argv[0]\nmain(sys.argv)\n",
            "def main(x):\n    x = x or [1, 2]\n    return x[1]\nmain(sys.argv[1:])\n",
            "name = sys.argv[0]\nrest = sys.argv[1:]\nlast = sys.argv[-1]\n",
            "def main():\n    if len(sys.argv) == 1:\n        return 'wines.csv'\n    return sys.argv[1]\nmain()\n",
            "def usage():\n    return sys.argv[1]\n",
            "if '--file' in sys.argv:\n    data = sys.argv[2]\n",
            "for place in range(1, len(sys.argv)):\n    data = sys.argv[place]\n",
            "if len(sys.argv) < 2:\n    print('no file given, taking wines.csv')\n",
            "def data():\n    if len(sys.argv) < 2:\n        return 'wines.csv'\n    return sys.argv[1]\ndata()\n",
            "def data():\n    if len(sys.argv) < 2:\n        print('none given')\n        return\ndata()\n",
        ],
    )
    def test_is_read_with_care_in_many_ways(self, script: str) -> None:
        """None of these fails without arguments."""
        assert inspected({"train.py": "import sys\n" + script + FIT}).args == ()

    def test_may_be_given_too_little(self) -> None:
        """One argument where two are taken."""
        error = refused({"train.py": "import sys\nout = sys.argv[2]\n" + FIT}, Policy(args=("x",)))

        assert "asks for 2 arguments" in str(error)

    def test_is_taken_from_a_dockerfile(self) -> None:
        """What the image's command gives is given here."""
        plan = inspected({"Dockerfile": "CMD python a.py wines.csv && echo", "a.py": "import sys\nsys.argv[1]\n" + FIT})

        assert plan.args == ("wines.csv",)
        assert "gets the arguments wines.csv from Dockerfile" in plan.reasons

    def test_of_a_notebook_is_its_kernels(self) -> None:
        """A kernel is started with arguments of its own."""
        assert inspected({"a.ipynb": notebook("import sys\nsys.argv[1]", FIT)}).args == ()

    def test_is_asked_for_in_a_module(self) -> None:
        """What is imported is run; the place is named."""
        error = refused({"main.py": "import conf\n" + FIT, "conf.py": "import sys\nPATH = sys.argv[1]\n"})

        assert (error.file, error.line) == ("conf.py", 2)


class TestStandardInput:
    @pytest.mark.parametrize(
        "script",
        [
            "rounds = int(input('How many rounds? '))\n",
            "def ask():\n    return input('How many rounds? ')\nrounds = ask()\n",
            MENU,
            "for _ in range(3):\n    input('How many rounds? ')\n",
            "if __name__ == '__main__':\n    input('How many rounds? ')\n",
            "import getpass\ngetpass.getpass('How many rounds? ')\n",
            "with open('x', 'w') as f:\n    f.write(input('How many rounds? '))\n",
        ],
    )
    def test_that_is_certainly_asked_is_refused(self, script: str) -> None:
        """The question is repeated, so that the author knows which answer is due."""
        error = refused({"train.py": script + "\n" + FIT})

        assert error.reason == "input"
        assert "asks for an answer to 'How many rounds?', which nothing provides" in str(error)
        assert example(error.remedy) == {"stdin": "ANSWER\n"}

    @pytest.mark.parametrize(
        "script",
        [
            FIT + "input('Which wine? ')\n",
            "def train():\n    " + FIT.replace("\n", "\n    ") + "\ntrain()\ninput('Which wine? ')\n",
            "import os\nif os.path.exists('model.pkl'):\n    input('Overwrite? ')\n" + FIT,
            "try:\n    rounds = input()\nexcept EOFError:\n    rounds = 3\n" + FIT,
            "from keras import Input as input\nx = input((3,))\n" + FIT,
            "def forward(input):\n    return input(1)\n" + FIT,
            "import sys\nsys.stdin = open('answers.txt')\ninput()\n" + FIT,
            "ask = lambda: input()\n" + FIT,
            "answers = [input() for _ in []]\n" + FIT,
            "rounds = 3 or input()\n" + FIT,
            "def ask():\n    yield input()\nask()\n" + FIT,
            "import os\nif os.path.exists('x'):\n    " + FIT.replace("\n", "\n    ") + "\ninput()\n",
        ],
    )
    def test_that_may_never_be_asked_is_let_pass(self, script: str) -> None:
        """After the training, under a condition, caught, or not Python's own `input` at all."""
        assert inspected({"train.py": script}).entrypoint == "train.py"

    def test_is_answered_by_the_setting(self) -> None:
        """It reaches the probe as it is."""
        plan = inspected({"train.py": "input()\n" + FIT}, Policy(stdin="3\nyes\n"))

        assert plan.setup.stdin == "3\nyes\n"
        assert "reads 2 lines from the setting stdin" in plan.reasons

    def test_is_reported_where_it_is_not_certain(self) -> None:
        """The author learns what would help."""
        plan = inspected({"train.py": FIT + "input('Which wine? ')\n"})

        assert "gets no input, although train.py, line 3 may ask for it: set stdin to answer" in plan.reasons

    def test_of_a_notebook_is_told_by_cell(self) -> None:
        """Cell and line, as the editor shows them."""
        error = refused({"a.ipynb": notebook("import os", "\nn = input('n? ')", FIT)})

        assert str(error) == "a.ipynb, cell 2, line 2 asks for an answer to 'n?', which nothing provides"


class TestEnvironment:
    @pytest.mark.parametrize(
        "script",
        [
            "import os\ndata = os.environ['DATA_DIR']\n",
            "from os import environ\ndata = environ['DATA_DIR']\n",
            "import os\ndata = open(os.environ.get('DATA_DIR'))\n",
            "import os\ndata = os.getenv('DATA_DIR') + '/wines.csv'\n",
            "import os\nos.environ['CUDA_VISIBLE_DEVICES'] = ''\ndata = os.environ['DATA_DIR']\n",
        ],
    )
    def test_that_must_be_there_is_refused(self, script: str) -> None:
        """With the variable and the setting."""
        error = refused({"train.py": script + FIT})

        assert error.reason == "input"
        assert "asks for the environment variable DATA_DIR, which nothing provides" in str(error)
        assert example(error.remedy) == {"env": {"DATA_DIR": "DATA_DIR"}}

    @pytest.mark.parametrize(
        "script",
        [
            "import os\ndata = os.environ.get('DATA_DIR', 'data')\n",
            "import os\ndata = os.environ.get('DATA_DIR')\n",
            "import os\nhome = os.environ['HOME']\n",
            "import os\nos.environ['DATA_DIR'] = 'data'\ndata = os.environ['DATA_DIR']\n",
            "import os\nos.environ.setdefault('DATA_DIR', 'data')\ndata = os.environ['DATA_DIR']\n",
            "import os\ntry:\n    data = os.environ['DATA_DIR']\nexcept KeyError:\n    data = 'data'\n",
            "import os\nif 'DATA_DIR' in os.environ:\n    data = os.environ['DATA_DIR']\n",
            "import os\nrank = os.environ['LOCAL_RANK']\n",
        ],
    )
    def test_that_may_be_there_is_let_pass(self, script: str) -> None:
        """Defaults, variables of every system, and those that the script sets."""
        assert inspected({"train.py": script + FIT}).environment == {}

    def test_is_given_by_the_setting_or_by_a_dockerfile(self) -> None:
        """The setting wins; a path of the image becomes the one that it is here."""
        files = {
            "Dockerfile": "WORKDIR /app\nENV DATA=/app/wines.csv ROUNDS=3 OTHER=1\nCMD python train.py",
            "train.py": "import os\nos.environ['DATA'], os.environ['ROUNDS']\n" + FIT,
            "wines.csv": "",
        }

        plan = inspected(files, Policy(env={"ROUNDS": "5"}))

        assert plan.environment == {"DATA": "wines.csv", "ROUNDS": "5"}

    def test_may_come_from_the_authors_own_image(self) -> None:
        """Which has what its Dockerfile sets, whatever it starts."""
        files = {"Dockerfile": "FROM python\nENV KEY 1", "train.py": "import os\nos.environ['KEY']\n" + FIT}

        assert refused(files).reason == "input"
        assert inspected(files, Policy(dockerfile="./Dockerfile")).entrypoint == "train.py"

    def test_may_come_from_the_place_of_the_training(self) -> None:
        """A child process has what its parent has."""
        files = {"train.py": ("import os\nos.environ['DATA_DIR']\n" + FIT).encode()}

        assert inspect(files, Policy(), variables={"DATA_DIR"}).entrypoint == "train.py"

    def test_may_come_from_a_file_of_the_bundle(self) -> None:
        """`load_dotenv` reads it."""
        script = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nos.environ['KEY']\n"

        assert inspected({"train.py": script + FIT, ".env": "KEY=1"}).entrypoint == "train.py"
        assert refused({"train.py": script + FIT}).reason == "input"
