"""Insert layers into a network of PyTorch before one that is there, in the style in which that is written."""

from itertools import chain

import libcst as cst

from services.tweaker.edits import lists
from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.on_torch.networks import Step, is_sequential
from services.tweaker.source import Changes, NotUnderstoodError, Script, dotted, free_name, imports, line
from services.tweaker.source.arguments import beside


def put_before(script: Script, changes: Changes, step: Step, layers: list[tuple[str, str]]) -> None:
    """Put layers of PyTorch before *step*, each given by its name as an attribute and the call of its class."""
    put_own_before(script, changes, step, [(name, _like(script, changes, step.made, call)) for name, call in layers])


def put_own_before(script: Script, changes: Changes, step: Step, layers: list[tuple[str, str]]) -> None:
    """Put layers before *step*, each given by its name as an attribute and the call that makes it."""
    if step.listed is not None and (step.repeated or step.optional or step.applied is None):
        lists.put_in_front(script, changes, step.listed, *(text for _, text in layers))
    elif isinstance(step.place, cst.Arg | cst.Element):
        changes.put_before(step.place, [beside(script, step.place, text) for _, text in layers])
    elif step.applied is not None and isinstance(step.place, cst.SimpleStatementLine):
        given = step.applied.args[0].value
        inner = script.code(changes.replaced.get(given, given))
        for wanted, text in layers:
            name = free_name(script, changes, wanted)
            changes.put_before(step.place, [line(f"self.{name} = {text}")])
            inner = f"self.{name}({inner})"
        if step.rounds is None:
            changes.replaced[given] = cst.parse_expression(inner)
        else:
            changes.put_before(step.rounds, [line(f"{_name_of(script, step)} = {inner}")])
    else:
        raise NotUnderstoodError(f"no layer can be put before the one in line {script.line(step.made)}")


def _name_of(script: Script, step: Step) -> str:
    """Return the name of what a step in a loop is applied to."""
    name = dotted(step.applied.args[0].value) if step.applied is not None else ""
    if not name:
        raise NotUnderstoodError(f"no layer can be put before the one in line {script.line(step.made)}")
    return name


def path_before(script: Script, step: Step, name: str) -> str:
    """Return how a layer put before *step* is reached from the network, if it is called *name* as an attribute."""
    place: cst.CSTNode | None = step.place
    path, sequential = "", step.made
    if step.listed is not None and step.inside is not None:
        parts = (lists.listed(script, arg.value) if arg.star else [arg] for arg in step.inside.args)
        path, sequential = f"[{list(chain.from_iterable(parts)).index(step.listed)}]", step.inside
        place = script.parent(sequential)
    while isinstance(place, cst.Arg | cst.Element):
        holder = script.parent(place)
        around = holder if isinstance(holder, cst.Call) else script.nearest(place, cst.Call)
        if not isinstance(around, cst.Call) or not is_sequential(script, around):
            raise NotUnderstoodError(f"how the layer in line {script.line(step.made)} is reached was not found")
        layers = holder.elements if isinstance(holder, cst.List) else around.args
        path, sequential, place = f"[{list(layers).index(place)}]{path}", around, script.parent(around)
    if script.nearest(step.inside or step.made, cst.ClassDef) is None:
        return path
    return f".{assigned_name(script, sequential).removeprefix('self.')}{path}" if path else f".{name}"


def put_class_before(script: Script, changes: Changes, node: cst.CSTNode, text: str) -> None:
    """Put a class before the statement of the module that holds *node*, two lines apart from what is around it."""
    around = {node, *script.above(node)}
    top = next(each for each in script.module.body if each in around)
    new, blank = cst.ensure_type(cst.parse_statement(text), cst.ClassDef), cst.EmptyLine(indent=False)
    below = max(0, 2 - len([each for each in top.leading_lines if each.comment is None]))
    body = cst.ensure_type(new.body, cst.IndentedBlock).with_changes(footer=[blank] * below)
    changes.put_before(top, [new.with_changes(leading_lines=[blank, blank], body=body)])


def written_like(script: Script, changes: Changes, known: cst.Call, name: str) -> str:
    """Return how to write a class of PyTorch beside that of a call."""
    return imports.sibling(script, changes, known.func, name, known)


def _like(script: Script, changes: Changes, known: cst.Call, call: str) -> str:
    """Return the call of a class, written as the class of *known* is."""
    name, _, rest = call.partition("(")
    return f"{written_like(script, changes, known, name)}({rest}"
