"""Values that are followed to where they are written, and those that are left alone."""

from collections.abc import Mapping

import pytest

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import elements, read, write
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument
from tests.unit.tweaker.editing import edited, edited_files

FIT = "model.fit(x, y, epochs={})\n"
CONFIG = "config = {'n': 3, 'm': 4}\n"
FROM_FILE = "import json\nc = json.load(open('c.json'))\n"
OPTION = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, default=3)\n"


def script(text: str, files: Mapping[str, str] | None = None) -> Script:
    """Parse a script with files beside it."""
    content = {name: each.encode() for name, each in {"main.py": text, **(files or {})}.items()}
    return Script(content["main.py"], "main.py", content)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def t(n=1):\n    model.fit(x, y, epochs=n)\nt(2)\nt(3)\n", "called with several values of n"),
        ("def t(n=1):\n    model.fit(x, y, epochs=n)\n", "never called"),
        ("def t(n):\n    model.fit(x, y, epochs=n)\nrun(t)\n", "t is passed on as a value in line 3"),
        ("def t(n):\n    model.fit(x, y, epochs=n)\nt(*given)\n", "are spread with"),
        ("n = int(input('epochs? '))\n" + FIT.format("n"), "is computed, not a literal"),
        (CONFIG + "config['n'] = 9\n" + FIT.format("config['n']"), "n is set again in line 2"),
        (CONFIG + "config.update(n=9)\n" + FIT.format("config['n']"), "n is set again in line 2"),
        (FROM_FILE + "c.update(n=9)\n" + FIT.format("c['n']"), "n is set again in line 3"),
        (CONFIG + FIT.format("config['k']"), "k is not written exactly once"),
        ("config = {**base, 'n': 3}\n" + FIT.format("config['n']"), "n is not written exactly once"),
        ("class C:\n    n = 3\nC.n = 4\n" + FIT.format("C.n"), "n is set again"),
        (OPTION + "a = p.parse_args(['--n', '5'])\n" + FIT.format("a.n"), "parses arguments that the code gives"),
        (OPTION + "p.set_defaults(n=5)\na = p.parse_args()\n" + FIT.format("a.n"), "its default is set elsewhere"),
        (OPTION.replace(", default=3", "") + "a = p.parse_args()\n" + FIT.format("a.n"), "has no default"),
        ("import json\nc = json.load(open(path()))\n" + FIT.format("c['n']"), "the path path\\(\\) .* is computed"),
        (
            "import json\nc = json.load(open('gone.json'))\n" + FIT.format("c['n']"),
            "gone.json names no files of the code",
        ),
        ("import json\nc = json.load(open('/etc/c.json'))\n" + FIT.format("c['n']"), "outside the code"),
        ("import json\nc = json.load(open())\n" + FIT.format("c['n']"), "the path open\\(\\) .* is computed"),
        ("import json\nc = json.load(Path().open())\n" + FIT.format("c['n']"), "names no files of the code"),
        ("import os\nn = int(os.environ['N'])\n" + FIT.format("n"), "os.environ in line 2 comes from outside"),
        ("n = int('many')\n" + FIT.format("n"), "'many' cannot be converted to int"),
    ],
)
def test_leaves_alone_what_is_not_certain(text: str, why: str) -> None:
    """The reason names what is uncertain."""
    parsed = script(text, {"c.json": '{"n": 3}'})
    fit = next(call for call in parsed.calls if parsed.code(call.func) == "model.fit")
    given = argument(fit, "epochs")

    assert given is not None
    with pytest.raises(NotUnderstoodError, match=why):
        read(parsed, given)


METHOD = "class Trainer:\n    def run(self, n):\n        model.fit(x, y, epochs=n)\n"


@pytest.mark.parametrize(
    ("calls", "new"),
    [
        ("Trainer().run(3)\n", "Trainer().run(9)\n"),
        ("t = Trainer()\nt.run(n=3)\n", "t = Trainer()\nt.run(n=9)\n"),
    ],
)
def test_follows_the_parameter_of_a_method_to_its_calls(calls: str, new: str) -> None:
    """The object is no argument of the call."""
    assert edited("epochs", 9, METHOD + calls).decode() == METHOD + new


@pytest.mark.parametrize("calls", ["Trainer().run(3)\nother.run(4)\n", "start(Trainer().run)\n", ""])
def test_leaves_alone_a_method_whose_calls_are_not_certain(calls: str) -> None:
    """Whatever object a method of that name is called on, it may be this one."""
    with pytest.raises(NotUnderstoodError):
        edited("epochs", 9, METHOD + calls)


def test_leaves_alone_what_trainyard_toml_gives_on_the_command_line() -> None:
    """The default of an option that is given does not count."""
    files = {"main.py": (OPTION + "a = p.parse_args()\n" + FIT.format("a.n")).encode()}

    with pytest.raises(NotUnderstoodError, match=r"trainyard\.toml gives --n"):
        edited_files("epochs", 9, {**files, "trainyard.toml": b"args = ['--n=5']\n"})


def test_leaves_alone_a_file_that_the_script_writes() -> None:
    """A count that is kept in a file from run to run is no setting."""
    text = "n = int(open('n.txt').read())\nopen('n.txt', 'w').write('4')\n" + FIT.format("n")

    with pytest.raises(NotUnderstoodError, match=r"n.txt is written in line 2"):
        edited_files("epochs", 9, {"main.py": text.encode(), "n.txt": b"3"})


@pytest.mark.parametrize(
    "use",
    [
        "x = x[:config['n']]",
        "train_test_split(x, test_size=config['n'])",
        "rows = config['n']\nx = x[:rows]",
        "def part(k):\n    return x[:k]\npart(config['n'])",
        "prepare(**config)",
        "prepare(config)",
        "np.random.seed(config['n'])",
    ],
)
def test_a_key_that_serves_the_data_keeps_its_value(use: str) -> None:
    """The new value is written where it is meant."""
    text = f"{CONFIG}{use}\n{FIT.format('config[' + repr('n') + ']')}"

    assert edited("epochs", 9, text).decode() == text.replace(FIT.format("config['n']"), FIT.format("9"))


@pytest.mark.parametrize(
    "use",
    [
        "print(config)",
        "print('n:', config['n'])",
        "json.dump(config, f)",
        "shown = config['n']\nprint(f'{shown} epochs')",
    ],
)
def test_a_key_that_is_only_shown_beside_changes_itself(use: str) -> None:
    """What prints goes on to tell the truth."""
    text = f"{CONFIG}{use}\n{FIT.format('config[' + repr('n') + ']')}"

    assert edited("epochs", 9, text).decode() == text.replace("'n': 3", "'n': 9")


def test_a_name_that_another_module_uses_for_the_data_keeps_its_value() -> None:
    """All scripts of the code are looked at."""
    files = {
        "main.py": b"from settings import N\nimport data\nmodel.fit(x, y, epochs=N)\n",
        "settings.py": b"N = 3\n",
        "data.py": b"import settings\nrows = rows[:settings.N]\n",
    }

    after = edited_files("epochs", 9, files)

    assert after == {**files, "main.py": files["main.py"].replace(b"epochs=N", b"epochs=9")}


ADD = "    model.add(Dense(u))\n"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("for u in [8, 4]:\n", "for u in [99, 4]:\n"),
        ("for i, u in enumerate((8, 4)):\n", "for i, u in enumerate((99, 4)):\n"),
        (
            "sizes = [8, 4]\nprint(len(sizes))\nfor u in sizes:\n",
            "sizes = [99, 4]\nprint(len(sizes))\nfor u in sizes:\n",
        ),
        (
            "config = {'sizes': [8, 4]}\nfor u in config['sizes']:\n",
            "config = {'sizes': [99, 4]}\nfor u in config['sizes']:\n",
        ),
    ],
)
def test_gives_the_elements_that_a_loop_goes_through(text: str, new: str) -> None:
    """Each can be written by itself."""
    parsed, changes = script(text + ADD), Changes()
    layer = next(call for call in parsed.calls if parsed.code(call.func) == "Dense")

    found = elements(parsed, layer.args[0].value)
    write(parsed, changes, found[0], 99)

    assert [read(parsed, each) for each in found] == [8, 4]
    assert changes.applied_to(parsed) == {"main.py": (new + ADD).encode()}


def test_gives_the_elements_of_a_list_in_a_file() -> None:
    """They are written there."""
    text = "import json\nconfig = json.load(open('c.json'))\nfor u in config['sizes']:\n" + ADD
    parsed, changes = script(text, {"c.json": '{"sizes": [8, 8]}'}), Changes()
    layer = next(call for call in parsed.calls if parsed.code(call.func) == "Dense")

    for element in elements(parsed, layer.args[0].value):
        write(parsed, changes, element, 99)

    assert changes.applied_to(parsed) == {"c.json": b'{"sizes": [99, 99]}'}


@pytest.mark.parametrize(
    "text",
    [
        "sizes = [8, 4]\nx = x[:, sizes]\nfor u in sizes:\n" + ADD,
        "for u in [8, 4]:\n    x = x[:u]\n" + ADD,
        "for u in sizes():\n" + ADD,
        "for u in sizes[:-1]:\n" + ADD,
    ],
)
def test_gives_no_elements_that_serve_the_data_too(text: str) -> None:
    """Then the list is left alone."""
    parsed = script(text)
    layer = next(call for call in parsed.calls if parsed.code(call.func) == "Dense")

    with pytest.raises(NotUnderstoodError):
        elements(parsed, layer.args[0].value)
