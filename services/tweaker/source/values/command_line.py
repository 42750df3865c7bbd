"""What a script gets where its command line is empty: defaults of options and of environment variables."""

import tomllib
from collections.abc import Mapping

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, Conversion, Key, Script, Step, argument, called, dotted
from trainyard_analysis.options import Option

CONVERSIONS: Mapping[str, Conversion] = {"int": int, "float": float, "str": str}
_ARGV = m.Name("argv")


def is_parsed(node: cst.CSTNode) -> bool:
    """Return whether a call gives the options of a command line."""
    is_method = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
    return is_method and called(node) in {"parse_args", "parse_known_args"}


def option(at: At, parsing: cst.Call, name: str) -> Step:
    """Return the default of the option that is read as *name* from what a call parsed."""
    if parsing.args:
        raise NotUnderstoodError(f"{at} parses arguments that the code gives")
    call, declared = _declaration(at.script, name)
    if _is_given(at.script, declared):
        raise NotUnderstoodError(f"trainyard.toml gives {declared.flags[0]} on the command line")
    default, kind = argument(call, "default"), argument(call, "type")
    if default is None or (declared.is_positional and "nargs" not in declared.keywords):
        raise NotUnderstoodError(f"the option {name} has no default")
    return Step(at.to(default), (Key(at.script, name),), CONVERSIONS.get(dotted(kind)) if kind else None)


def _declaration(script: Script, name: str) -> tuple[cst.Call, Option]:
    added = [(call, script.option(call)) for call in script.calls if called(call) == "add_argument"]
    meant = [each for each in added if each[1].dest == name]
    if len(meant) != 1 or any(called(call) == "set_defaults" for call in script.calls):
        raise NotUnderstoodError(f"the option {name} is added {len(meant)} times, or its default is set elsewhere")
    return meant[0]


def from_environment(at: At, call: cst.Call) -> Step | None:
    """Return the default of an environment variable that is read with one; None for other calls."""
    if not _reads_environment(call):
        return None
    named, default = argument(call, "key", position=0), argument(call, "default", position=1)
    if named is None or default is None or not isinstance(named, cst.SimpleString):
        raise NotUnderstoodError(f"{at} has no default")
    name = str(named.evaluated_value)
    if name in str(_settings(at.script).get("env", "")) or any(file.endswith(".env") for file in at.script.files):
        raise NotUnderstoodError(f"{name} is set from outside")
    return Step(at.to(default))


def without_arguments(at: At, node: cst.IfExp) -> Step | None:
    """Return the branch of an either-or that is taken when the command line is empty; None for other expressions."""
    plain = [each for each in (node.body, node.orelse) if not m.findall(each, _ARGV)]
    if not m.findall(node.test, _ARGV) or len(plain) != 1:
        return None
    if _settings(at.script).get("args"):
        raise NotUnderstoodError("trainyard.toml gives the script a command line")
    return Step(at.to(plain[0]))


def without_environment(at: At, node: cst.BooleanOperation) -> Step | None:
    """Return what follows `os.environ.get(…) or`; None for other expressions."""
    is_default = isinstance(node.operator, cst.Or) and _reads_environment(node.left)
    return Step(at.to(node.right)) if is_default else None


def _reads_environment(node: cst.CSTNode) -> bool:
    name = dotted(node.func) if isinstance(node, cst.Call) else ""
    return name.rpartition(".")[2] == "getenv" or f".{name}".endswith(".environ.get")


def _is_given(script: Script, declared: Option) -> bool:
    args = _settings(script).get("args")
    words = list(map(str, args)) if isinstance(args, list) else []
    return (bool(words) and declared.is_positional) or any(word.partition("=")[0] in declared.flags for word in words)


def _settings(script: Script) -> Mapping[str, object]:
    try:
        return tomllib.loads(script.files.get("trainyard.toml", b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
