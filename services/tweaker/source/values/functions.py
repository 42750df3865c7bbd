"""Functions of the author: what their parameters are given, and what they return."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ClassScope, Scope

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import At, Key, Script, Step, Var, argument, called, last_name
from services.tweaker.source.values import names

STARTS = frozenset({"typer.run", "fire.Fire"})
"""Calls that run a function from the command line."""
COMMANDS = frozenset({"command", "main"})
_NAMING = cst.ImportAlias | cst.FunctionDef | cst.ClassDef | cst.Annotation
DECLARATIONS = frozenset({"Option", "Argument", "field", "Field"})
"""Calls that declare an option or a field, with its default."""


@dataclass(frozen=True)
class Function:
    """A function of the author."""

    script: Script
    node: cst.FunctionDef

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name.value

    @property
    def owner(self) -> cst.ClassDef | None:
        """The class in whose body it stands."""
        in_class = isinstance(self.script.scope(self.node), ClassScope)
        return self.script.nearest(self.node, cst.ClassDef) if in_class else None

    @property
    def is_bound(self) -> bool:
        """Whether its first parameter is the object."""
        static = any(last_name(each.decorator) == "staticmethod" for each in self.node.decorators)
        return self.owner is not None and not static

    @property
    def params(self) -> Sequence[cst.Param]:
        """Its parameters that calls give, keyword-only ones last."""
        params = self.node.params
        return [*[*params.posonly_params, *params.params][1 if self.is_bound else 0 :], *params.kwonly_params]

    def param(self, arg: cst.Arg, call: cst.Call) -> cst.Param | None:
        """Return the parameter that an argument of a call is for."""
        if arg.star:
            return None
        if arg.keyword is not None:
            return next((each for each in self.params if each.name.value == arg.keyword.value), None)
        index = list(call.args).index(arg)
        return self.params[index] if index < len(self.params) else None

    def variable(self, param: cst.Param, *, whole: bool = False) -> Var:
        """Return a parameter as a variable."""
        return names.variable(self.script, param.name.value, self.script.scope(param.name), whole=whole)


def function_called(script: Script, call: cst.Call) -> Function | None:
    """Return the author's function that a call calls, or the constructor of the author's class."""
    found = _definition(script, call.func)
    if found is None:
        return None
    return Function(found.script, found.node) if isinstance(found.node, cst.FunctionDef) else method(found, "__init__")


def class_named(script: Script, node: cst.BaseExpression) -> At | None:
    """Return the author's class that an expression names."""
    found = _definition(script, node)
    return found if found is not None and isinstance(found.node, cst.ClassDef) else None


def method(owner: At, name: str) -> Function | None:
    """Return a method that a class defines itself."""
    body = owner.node.body.body if isinstance(owner.node, cst.ClassDef) else ()
    methods = (each for each in body if isinstance(each, cst.FunctionDef) and each.name.value == name)
    return next((Function(owner.script, each) for each in methods), None)


def follow_param(at: At, param: cst.Param) -> Step:
    """Return what a parameter is given: by its calls if they agree, else its default; for `self` its class."""
    function, name = _function_around(at, param), param.name.value
    owner = function.owner
    if owner is not None and function.node.params.params[:1] == (param,):
        return Step(at.to(owner))
    option = _option_default(function, name)
    if option is not None:
        return Step(at.to(option), (Key(at.script, name),))
    value = _given_by_calls(function, name)
    if value is not None:
        return Step(value)
    if param.default is None:
        raise NotUnderstoodError(f"no call gives {function.name} a value for {name}")
    return Step(at.to(plain_default(param.default)))


def _given_by_calls(function: Function, name: str) -> At | None:
    """Return what all calls of a function give a parameter; None where they leave it to its default."""
    calls = _calls_of(function)
    values = {_argument_of(function, call, name) for call in calls} if calls is not None else {None}
    if not values:
        raise NotUnderstoodError(f"{function.name} in line {function.script.line(function.node)} is never called")
    if len(values) > 1:
        raise NotUnderstoodError(f"{function.name} is called with several values of {name}")
    return values.pop()


def plain_default(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return a default, out of the `typer.Option(…)` or `field(…)` around it."""
    if not isinstance(node, cst.Call) or called(node) not in DECLARATIONS:
        return node
    given = argument(node, "default", position=0)
    if given is None:
        raise NotUnderstoodError(f"{called(node)} gives no default")
    return given


def follow_return(at: At, call: cst.Call) -> Step | None:
    """Return what the author's function returns that is called, if it returns one thing; None for other calls."""
    found = _definition(at.script, call.func)
    if found is None or not isinstance(found.node, cst.FunctionDef):
        return None
    script, function = found.script, Function(found.script, found.node)
    scope = script.scope(found.node)
    known = Key(script, function.name) if function.is_bound else names.variable(script, function.name, scope)
    return Step(At(script, _only_returned(function)), (known,))


def _only_returned(function: Function) -> cst.BaseExpression:
    script, node = function.script, function.node
    returned = [each.value for each in script.nodes(cst.Return) if script.nearest(each, cst.FunctionDef) is node]
    if len(returned) != 1 or returned[0] is None:
        raise NotUnderstoodError(f"{function.name} returns in {len(returned) or 'no'} places")
    return returned[0]


def _calls_of(function: Function) -> list[At] | None:
    """Return every call of a function; None where the command line calls it."""
    if any({called(each.decorator), last_name(each.decorator)} & COMMANDS for each in function.node.decorators):
        return None
    calls: list[At] = []
    for use in _uses(function):
        outer = use.script.parent(use.node)
        if isinstance(outer, cst.Call) and outer.func is use.node:
            calls.append(use.to(outer))
        elif _is_started(use):
            return None
        elif called(use.script.as_argument(use.node)[1]) != "super" and not isinstance(outer, _NAMING):
            raise NotUnderstoodError(f"{function.name} is passed on as a value in line {use.script.line(use.node)}")
    return calls


def _uses(function: Function) -> Iterator[At]:
    """Yield where a function is named: for a constructor its class, for another method each attribute of its name."""
    script, owner, name = function.script, function.owner, function.name
    if owner is not None and name != "__init__":
        for other in script.mentioning(name):
            yield from (At(other, each) for each in other.nodes(cst.Attribute) if each.attr.value == name)
        return
    definition = function.node if owner is None else owner
    scope = script.scope(script.parent(definition) or definition)
    yield from names.reads(names.variable(script, definition.name.value, scope))


def _definition(script: Script, func: cst.CSTNode) -> At | None:
    """Return the author's function or class that an expression names, imported ones too."""
    if isinstance(func, cst.Name):
        return _only_definition(script, script.scope(func), func.value)
    if not isinstance(func, cst.Attribute) or not isinstance(func.value, cst.Name):
        return None
    owner, name = func.value, func.attr.value
    for assigned in script.scope(owner)[owner.value]:
        what = names.imported(script, getattr(assigned, "node", owner), owner.value)
        if what is not None and not what[1]:
            return _only_definition(what[0], what[0].scope(what[0].module), name)
    return _only_method(script, name)


def _only_method(script: Script, name: str) -> At | None:
    """Return the one method of that name, whichever class has it."""
    defined = [each for each in script.nodes(cst.FunctionDef) if each.name.value == name]
    methods = [each for each in defined if Function(script, each).is_bound]
    return At(script, methods[0]) if len(methods) == 1 else None


def _only_definition(script: Script, scope: Scope, name: str) -> At | None:
    assigned = list(scope[name])
    node = getattr(assigned[0], "node", None) if len(assigned) == 1 else None
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return At(script, node)
    what = names.imported(script, node, name) if isinstance(node, cst.ImportFrom) else None
    if what is None or not what[1]:
        return None
    return _only_definition(what[0], what[0].scope(what[0].module), what[1])


def _function_around(at: At, param: cst.Param) -> Function:
    around = next((each for each in at.script.above(param) if isinstance(each, cst.FunctionDef | cst.Lambda)), None)
    if not isinstance(around, cst.FunctionDef) or param.star not in {"", None}:
        raise NotUnderstoodError(f"no known call gives a value for {at}")
    return Function(at.script, around)


def _argument_of(function: Function, call: At, name: str) -> At | None:
    """Return what a call gives a parameter; None where it leaves it to its default."""
    node = cst.ensure_type(call.node, cst.Call)
    if any(arg.star for arg in node.args):
        raise NotUnderstoodError(f"the arguments of {call} are spread with *")
    for arg in node.args:
        param = function.param(arg, node)
        if param is not None and param.name.value == name:
            return call.to(arg.value)
    return None


def _is_started(use: At) -> bool:
    """Return whether a function is passed to what runs it from the command line."""
    _, call = use.script.as_argument(use.node)
    return call is not None and bool(use.script.names(call.func) & STARTS) and len(call.args) == 1


def _option_default(function: Function, name: str) -> cst.BaseExpression | None:
    for call in (each.decorator for each in function.node.decorators):
        if isinstance(call, cst.Call) and called(call) in {"option", "argument"}:
            default = argument(call, "default")
            if default is not None and name in map(str.lower, function.script.option(call).names):
                return default
    return None
