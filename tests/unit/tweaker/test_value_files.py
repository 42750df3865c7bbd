"""Files of settings: one value is read and changed, everything else stays byte by byte."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.values import formats

KEYS = st.text("abcdefgh", min_size=1, max_size=4)
NUMBERS = st.integers(0, 99) | st.floats(1e-7, 99, allow_nan=False).map(lambda number: float(f"{number:.6g}"))
TREES = st.dictionaries(KEYS, NUMBERS | st.lists(NUMBERS, max_size=3) | st.dictionaries(KEYS, NUMBERS), min_size=1)
SECTIONS = st.dictionaries(KEYS, st.dictionaries(KEYS, NUMBERS, min_size=1, max_size=4), min_size=1, max_size=3)


some = settings(deadline=None, max_examples=40)
"""Files are read some times for each example; how long that takes says nothing."""


def leaves(tree: object, path: formats.Path = ()) -> list[formats.Path]:
    """Return the paths of all values."""
    if isinstance(tree, dict):
        return [found for key, value in tree.items() for found in leaves(value, (*path, key))]
    if isinstance(tree, list):
        return [found for index, value in enumerate(tree) for found in leaves(value, (*path, index))]
    return [path]


def in_json(tree: object) -> str:
    """Write a tree as JSON."""
    return json.dumps(tree, indent=2)


def in_yaml(tree: object) -> str:
    """Write a tree as YAML, with comments that hold numbers."""
    return "# 1\n" + "".join(f"{line}  # 2 or 3.5\n" for line in yaml.safe_dump(tree, sort_keys=False).splitlines())


def in_toml(tree: dict[str, dict[str, float]]) -> str:
    """Write sections as TOML."""
    lines = (
        f"[{name}]\n" + "".join(f"{key} = {value!r} # 7\n" for key, value in part.items())
        for name, part in tree.items()
    )
    return "\n".join(lines)


def in_ini(tree: dict[str, dict[str, float]]) -> str:
    """Write sections as INI."""
    lines = (
        f"[{name}]\n" + "".join(f"{key}: {value!r}\n; 5\n" for key, value in part.items())
        for name, part in tree.items()
    )
    return "\n".join(lines)


def check(kind: str, text: str, path: formats.Path, new: float) -> None:
    """Change one value and compare what is read again, and the lines."""
    before = formats.content_of(kind, text.encode())
    try:
        after = formats.changed(kind, text.encode(), path, new)
    except NotUnderstoodError as error:
        assert "not written in exactly one place" in str(error)  # noqa: PT017  # leaving it alone is right as well
        return

    assert float(formats.value_at(kind, after, path)) == new
    others = [each for each in leaves(before) if each != path]
    assert [formats.value_at(kind, after, each) for each in others] == [
        formats.value_at(kind, text.encode(), each) for each in others
    ]
    old_lines, new_lines = text.splitlines(), after.decode().splitlines()
    assert sum(one != other for one, other in zip(old_lines, new_lines, strict=True)) <= 1


@some
@given(TREES, NUMBERS, st.data())
def test_one_value_of_json_changes(tree: object, new: float, data: st.DataObject) -> None:
    """Whatever else the file holds, also equal numbers."""
    path = data.draw(st.sampled_from(leaves(tree) or [()]))
    if path:
        check("json", in_json(tree), path, new)


@some
@given(TREES, NUMBERS, st.data())
def test_one_value_of_yaml_changes(tree: object, new: float, data: st.DataObject) -> None:
    """Comments stay, numbers in them too."""
    path = data.draw(st.sampled_from(leaves(yaml.safe_load(in_yaml(tree))) or [()]))
    if path:
        check("yaml", in_yaml(tree), path, new)


@some
@given(SECTIONS, NUMBERS, st.data())
def test_one_value_of_toml_changes(tree: dict[str, dict[str, float]], new: float, data: st.DataObject) -> None:
    """The same in TOML."""
    check("toml", in_toml(tree), data.draw(st.sampled_from(leaves(tree))), new)


@some
@given(SECTIONS, NUMBERS, st.data())
def test_one_value_of_ini_changes(tree: dict[str, dict[str, float]], new: float, data: st.DataObject) -> None:
    """The same in INI, where every value is a text."""
    check("ini", in_ini(tree), data.draw(st.sampled_from(leaves(tree))), new)


@some
@given(st.dictionaries(KEYS, st.integers(0, 99), min_size=1), st.integers(0, 99), st.data())
def test_one_line_of_keys_and_values_changes(tree: dict[str, int], new: int, data: st.DataObject) -> None:
    """The same in lines of `key=value`."""
    text = "".join(f"{key}={value}\n" for key, value in tree.items())

    check("env", text, data.draw(st.sampled_from(leaves(tree))), new)


@some
@given(NUMBERS, NUMBERS)
def test_a_file_of_one_number_is_that_number(old: float, new: float) -> None:
    """The blanks and the line's end around it stay."""
    after = formats.changed("text", f" {old}\r\n".encode(), (), new)

    assert after == f" {formats.written(new)}\r\n".encode()


@pytest.mark.parametrize(
    ("kind", "text", "path", "new"),
    [
        ("json", '{"lr": "0.1"}', ("lr",), '{"lr": "0.5"}'),
        ("json", '{"a": 0.1, "lr": 0.1}', ("lr",), '{"a": 0.1, "lr": 0.5}'),
        ("yaml", "lr: 1e-1\r\nb: 'x'\r\n", ("lr",), "lr: 0.5\r\nb: 'x'\r\n"),
        ("yaml", "fit: {lr: .1, n: [1, 2]}\n", ("fit", "lr"), "fit: {lr: 0.5, n: [1, 2]}\n"),
        ("toml", "fit = { lr = 1e-1, n = 1 }\n", ("fit", "lr"), "fit = { lr = 0.5, n = 1 }\n"),
        ("toml", "[a]\nlr = 0.1\n[b]\nlr = 0.1\n", ("b", "lr"), "[a]\nlr = 0.1\n[b]\nlr = 0.5\n"),
        ("ini", "[a]\nLR = 0.1 \n", ("a", "lr"), "[a]\nLR = 0.5 \n"),
        ("env", "export LR='0.1'  \nB=0.1\n", ("LR",), "export LR='0.5'  \nB=0.1\n"),
    ],
)
def test_keeps_quotes_blanks_and_line_ends(kind: str, text: str, path: formats.Path, new: str) -> None:
    """Only the digits change."""
    assert formats.changed(kind, text.encode(), path, 0.5) == new.encode()


@pytest.mark.parametrize(
    ("kind", "text", "path", "why"),
    [
        ("yaml", "a: &n 0.1\nlr: *n\n", ("lr",), "not written in exactly one place"),
        ("ini", "[DEFAULT]\nlr = 0.1\n[a]\nx = 1\n[b]\ny = 1\n", ("a", "lr"), "not written in exactly one place"),
        ("json", '{"lr": true}', ("lr",), "neither a number nor a text"),
        ("json", '{"lr": 1, "lr": 2}', ("lr",), "not valid json"),
        ("json", "{", ("lr",), "not valid json"),
        ("toml", "a = 1", ("lr",), "has no lr"),
        ("text", "1 2", (), "not valid text"),
        ("yaml", "[1, 2]", ("lr",), "has no lr"),
        ("json", '{"a": "' + "x" * formats.LARGEST + '"}', ("a",), "too large"),
    ],
)
def test_leaves_alone_what_is_not_certain(kind: str, text: str, path: formats.Path, why: str) -> None:
    """An anchor, a default section, a key that is there twice: what else would change is not known."""
    with pytest.raises(NotUnderstoodError, match=why):
        formats.changed(kind, text.encode(), path, 0.5)
