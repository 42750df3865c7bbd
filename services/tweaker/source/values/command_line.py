"""Options of a command line: the default that counts where the option is not given."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, argument, called
from services.tweaker.source.values.places import At, Key, Made, Step
from trainyard_analysis.options import Option

PARSES = m.Attribute(attr=m.OneOf(m.Name("parse_args"), m.Name("parse_known_args")))
ENVIRONMENT = m.Attribute(attr=m.Name("environ")) | m.Name("environ")
GETS_ENVIRONMENT = (
    m.Attribute(attr=m.Name("getenv")) | m.Name("getenv") | m.Attribute(value=ENVIRONMENT, attr=m.Name("get"))
)
_KINDS: Mapping[str, Made] = {"int": int, "float": float, "str": str}


def is_parsed(node: cst.CSTNode) -> bool:
    """Tell whether a call gives the options of a command line."""
    return isinstance(node, cst.Call) and m.matches(node.func, PARSES)


def option(at: At, name: str) -> Step:
    """Return the default of the option that is read as *name* from what the call at *at* parsed.

    Raises:
        NotUnderstoodError: It has none, is added twice, or the default is set elsewhere.
    """
    script = at.script
    if isinstance(at.node, cst.Call) and at.node.args:
        raise NotUnderstoodError(f"{at} parses what is given in the code")
    added = [call for call in script.calls if called(call) == "add_argument"]
    meant = [call for call in added if script.option(call).dest == name]
    if len(meant) != 1 or any(called(call) == "set_defaults" for call in script.calls):
        raise NotUnderstoodError(f"the option {name} is added {len(meant)} times, or gets its default elsewhere")
    declared, default = script.option(meant[0]), argument(meant[0], "default")
    if given_outside(script, declared):
        raise NotUnderstoodError(f"trainyard.toml gives {declared.flags[0]} on the command line")
    if default is None or (declared.is_positional and "nargs" not in declared.keywords):
        raise NotUnderstoodError(f"the option {name} has no default")
    kind = argument(meant[0], "type")
    made = _KINDS.get(kind.value.value) if kind is not None and isinstance(kind.value, cst.Name) else None
    return Step(at.to(default.value), (Key(script, name),), made)


def from_environment(at: At) -> Step | None:
    """Return the default of an environment variable that is read with one; None for other calls.

    Raises:
        NotUnderstoodError: It has no default, or trainyard.toml sets the variable.
    """
    call = at.node
    if not isinstance(call, cst.Call) or not m.matches(call.func, GETS_ENVIRONMENT):
        return None
    named, default = argument(call, "key", position=0), argument(call, "default", position=1)
    if named is None or default is None or not isinstance(named.value, cst.SimpleString):
        raise NotUnderstoodError(f"{at} has no default")
    name = str(named.value.evaluated_value)
    if name in str(_settings(at.script).get("env", "")) or any(file.endswith(".env") for file in at.script.files):
        raise NotUnderstoodError(f"{name} is set from outside")
    return Step(at.to(default.value))


def without_arguments(at: At) -> Step | None:
    """Return the branch of an either-or that is taken when the command line is empty; None for other expressions.

    Raises:
        NotUnderstoodError: trainyard.toml gives the script a command line.
    """
    node = at.node
    if isinstance(node, cst.IfExp) and m.findall(node.test, _ARGV):
        plain = [each for each in (node.body, node.orelse) if not m.findall(each, _ARGV)]
        if len(plain) != 1:
            return None
        if _settings(at.script).get("args"):
            raise NotUnderstoodError("trainyard.toml gives the script a command line")
        return Step(at.to(plain[0]))
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        return Step(at.to(node.right)) if m.matches(node.left, m.Call(func=GETS_ENVIRONMENT)) else None
    return None


_ARGV = m.Name("argv")


def given_outside(script: Script, option: Option) -> bool:
    """Return whether trainyard.toml gives the option to the script."""
    args = _settings(script).get("args", ())
    words = [str(word) for word in args] if isinstance(args, list) else []
    return (bool(words) and option.is_positional) or any(word.partition("=")[0] in option.flags for word in words)


def _settings(script: Script) -> Mapping[str, object]:
    """Return what trainyard.toml says."""
    try:
        return tomllib.loads(script.files.get("trainyard.toml", b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
