"""Functions of the author: what their parameters are given, and what they return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ClassScope

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, argument, called, last_name
from services.tweaker.source.values import modules, names
from services.tweaker.source.values.places import At, Key, Step, Var

STARTS = frozenset({"typer.run", "fire.Fire"})
"""Calls that run a function from the command line."""
COMMANDS = frozenset({"command", "main"})
OPTIONS = frozenset({"Option", "Argument"})


@dataclass(frozen=True)
class Function:
    """A function of the author.

    Attributes:
        script: Where it is.
        node: Its definition.
        bound: Whether its first parameter is the object.
    """

    script: Script
    node: cst.FunctionDef
    bound: bool = False

    @property
    def params(self) -> Sequence[cst.Param]:
        """Its parameters that calls give, keyword-only ones last."""
        plain = [*self.node.params.posonly_params, *self.node.params.params][1 if self.bound else 0 :]
        return [*plain, *self.node.params.kwonly_params]

    @property
    def body(self) -> At:
        """A place within it, where its own names are known."""
        return At(self.script, self.node.body)

    def param(self, arg: cst.Arg, call: cst.Call) -> cst.Param | None:
        """Return the parameter that an argument of a call is for."""
        if arg.star:
            return None
        if arg.keyword is not None:
            wanted = arg.keyword.value
            return next((each for each in self.params if each.name.value == wanted), None)
        index = list(call.args).index(arg)
        return self.params[index] if index < len(self.params) else None

    def variable(self, param: cst.Param, *, whole: bool = False) -> Var:
        """Return a parameter as a variable."""
        return names.variable(self.script, param.name.value, self.script.scope(param.name), whole=whole)


def function_called(at: At) -> Function | None:
    """Return the author's function that a call calls, or the constructor of the author's class."""
    call = at.node
    if not isinstance(call, cst.Call):
        return None
    found = _definition(at.script, call.func)
    if found is None:
        return None
    script, node = found
    if isinstance(node, cst.FunctionDef):
        return Function(script, node, _is_method(script, node))
    made = method(At(script, node), "__init__")
    return Function(made.script, made.node, bound=True) if made is not None else None


@dataclass(frozen=True)
class Method:
    """A method and its script."""

    script: Script
    node: cst.FunctionDef


def method(owner: At, name: str) -> Method | None:
    """Return a method that a class defines itself."""
    body = owner.node.body.body if isinstance(owner.node, cst.ClassDef) else []
    for each in body:
        if isinstance(each, cst.FunctionDef) and each.name.value == name:
            return Method(owner.script, each)
    return None


def follow_param(at: At) -> Step:
    """Return what a parameter is given: by its calls if they agree, else its default.

    Raises:
        NotUnderstoodError: The function's calls are not all seen, or give different values.
    """
    param = at.node
    function, name = _around(at)
    default = _option_default(at.script, function.node, name)
    if default is not None:
        return Step(at.to(default), (Key(at.script, name),))
    calls = calls_of(function)
    given = [_given(function, call, name) for call in calls] if calls is not None else [None]
    found = list(dict.fromkeys(given))
    if not found:
        raise NotUnderstoodError(f"{function.node.name.value} in line {at.script.line(function.node)} is never called")
    if len(found) > 1:
        raise NotUnderstoodError(f"{function.node.name.value} is called with several values of {name}")
    if found[0] is not None:
        return Step(found[0])
    if not isinstance(param, cst.Param) or param.default is None:
        raise NotUnderstoodError(f"{name} of {function.node.name.value} is given by nobody who is seen")
    return Step(at.to(_plain_default(param.default)))


def follow_return(at: At) -> Step | None:
    """Return what the author's function that is called here returns, if it returns one thing; None for others."""
    found = _definition(at.script, at.node.func) if isinstance(at.node, cst.Call) else None
    script, node = found if found is not None else (at.script, None)
    if not isinstance(node, cst.FunctionDef):
        return None
    returns = [each for each in m.findall(node.body, m.Return()) if isinstance(each, cst.Return)]
    returns = [each for each in returns if _nearest(script, each) is node]
    if len(returns) != 1 or returns[0].value is None:
        raise NotUnderstoodError(f"{node.name.value} returns in {len(returns) or 'no'} places")
    function = Function(script, node, _is_method(script, node))
    name = node.name.value
    known = Key(script, name) if function.bound else names.variable(script, name, script.scope(node))
    return Step(At(script, returns[0].value), (known,))


def calls_of(function: Function) -> list[At] | None:
    """Return every call of a function; None where the command line calls it.

    Raises:
        NotUnderstoodError: It is given away, so that its calls are not all seen.
    """
    calls: list[At] = []
    name = _known_as(function)
    if _is_command(function.node):
        return None
    for use in _uses(function, name):
        outer = use.script.parent(use.node)
        if isinstance(outer, cst.Call) and outer.func is use.node:
            calls.append(use.to(outer))
        elif _is_started(use, outer):
            return None
        elif not isinstance(outer, cst.ImportAlias | cst.FunctionDef | cst.ClassDef | cst.Annotation):
            raise NotUnderstoodError(f"{name} is given away in line {use.script.line(use.node)}")
    return calls


def _definition(script: Script, func: cst.BaseExpression) -> tuple[Script, cst.FunctionDef | cst.ClassDef] | None:
    """Return the author's function or class that an expression names."""
    if isinstance(func, cst.Name):
        return _named(script, func)
    if not isinstance(func, cst.Attribute) or not isinstance(func.value, cst.Name):
        return None
    owner = func.value
    for assigned in script.scope(owner)[owner.value]:
        what = modules.imported(script, getattr(assigned, "node", owner), owner.value)
        if what is not None and not what[1]:
            return _in(what[0], func.attr.value)
    found = [each for each in script.nodes(cst.FunctionDef) if each.name.value == func.attr.value]
    methods = [each for each in found if _is_method(script, each)]
    return (script, methods[0]) if len(methods) == 1 else None


def _named(script: Script, name: cst.Name) -> tuple[Script, cst.FunctionDef | cst.ClassDef] | None:
    """Return the function or class of a name, imported ones too."""
    assigned = list(script.scope(name)[name.value])
    node = getattr(assigned[0], "node", None) if len(assigned) == 1 else None
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return script, node
    if isinstance(node, cst.ImportFrom):
        what = modules.imported(script, node, name.value)
        return _in(*what) if what is not None and what[1] else None
    return None


def _in(script: Script, name: str) -> tuple[Script, cst.FunctionDef | cst.ClassDef] | None:
    """Return the function or class of that name in a module."""
    assigned = list(script.scope(script.module)[name])
    node = getattr(assigned[0], "node", None) if len(assigned) == 1 else None
    return (script, node) if isinstance(node, cst.FunctionDef | cst.ClassDef) else None


def class_named(at: At) -> At | None:
    """Return the author's class that an expression names."""
    found = _definition(at.script, at.node) if isinstance(at.node, cst.BaseExpression) else None
    return At(*found) if found is not None and isinstance(found[1], cst.ClassDef) else None


def _around(at: At) -> tuple[Function, str]:
    """Return the function that a parameter belongs to, and its name."""
    node = next((each for each in at.script.above(at.node) if isinstance(each, cst.FunctionDef)), None)
    if node is None or not isinstance(at.node, cst.Param) or at.node.star not in {"", None}:
        raise NotUnderstoodError(f"{at} is not given by a call that is seen")
    if any(isinstance(each, cst.Lambda) for each in at.script.above(at.node) if node in at.script.above(each)):
        raise NotUnderstoodError(f"{at} is not given by a call that is seen")
    return Function(at.script, node, _is_method(at.script, node)), at.node.name.value


def _given(function: Function, call: At, name: str) -> At | None:
    """Return what a call gives a parameter; None where it leaves it to its default."""
    if not isinstance(call.node, cst.Call) or any(arg.star for arg in call.node.args):
        raise NotUnderstoodError(f"what {call} gives is not seen")
    for arg in call.node.args:
        param = function.param(arg, call.node)
        if param is not None and param.name.value == name:
            return call.to(arg.value)
    return None


def _uses(function: Function, name: str) -> list[At]:
    """Return every place where a function is named: for a method, every attribute of its name."""
    outer = function.script.parent(function.node)
    scope = function.script.scope(outer if outer is not None else function.node)
    if isinstance(scope, ClassScope) and name == function.node.name.value:
        found: list[At] = []
        for script in function.script.mentioning(name):
            found += [At(script, each) for each in script.nodes(cst.Attribute) if each.attr.value == name]
        return found
    owner = next((each for each in function.script.above(function.node) if isinstance(each, cst.ClassDef)), None)
    holder = function.script.parent(owner) if owner is not None and name != function.node.name.value else outer
    place = function.script.scope(holder) if holder is not None else scope
    return list(names.reads(names.variable(function.script, name, place)))


def _known_as(function: Function) -> str:
    """Return the name that calls use: the class's for a constructor."""
    if function.node.name.value == "__init__":
        owner = next(each for each in function.script.above(function.node) if isinstance(each, cst.ClassDef))
        return owner.name.value
    return function.node.name.value


def _is_method(script: Script, node: cst.FunctionDef) -> bool:
    block = script.parent(node)
    owner = script.parent(block) if block is not None else None
    static = any(m.matches(each.decorator, m.Name("staticmethod")) for each in node.decorators)
    return isinstance(owner, cst.ClassDef) and not static


def _nearest(script: Script, node: cst.CSTNode) -> cst.CSTNode | None:
    return next((each for each in script.above(node) if isinstance(each, cst.FunctionDef | cst.Lambda)), None)


def _is_command(node: cst.FunctionDef) -> bool:
    """Tell whether decorators make the function a command."""
    return any(called(each.decorator) in COMMANDS or last_name(each.decorator) in COMMANDS for each in node.decorators)


def _is_started(use: At, outer: cst.CSTNode | None) -> bool:
    """Tell whether a function is handed to what runs it from the command line."""
    call = use.script.parent(outer) if isinstance(outer, cst.Arg) else None
    return isinstance(call, cst.Call) and bool(use.script.names(call.func) & STARTS) and len(call.args) == 1


def _option_default(script: Script, node: cst.FunctionDef, name: str) -> cst.BaseExpression | None:
    """Return the default that a click option gives the parameter."""
    for call in (each.decorator for each in node.decorators):
        if isinstance(call, cst.Call) and called(call) in {"option", "argument"}:
            default = argument(call, "default")
            if default is not None and name in map(str.lower, script.option(call).names):
                return default.value
    return None


def _plain_default(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return a default, out of the `typer.Option(…)` around it."""
    if isinstance(node, cst.Call) and called(node) in OPTIONS:
        given = argument(node, "default", position=0)
        if given is None:
            raise NotUnderstoodError("an option of the command line has no default")
        return given.value
    return node
