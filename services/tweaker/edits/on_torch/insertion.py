"""Insert layers into a network of PyTorch before one that is there, in the style in which that is written."""

import libcst as cst

from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.on_torch.networks import Step
from services.tweaker.source import Changes, NotUnderstoodError, Script, free_name, imports, line
from services.tweaker.source.arguments import beside


def put_before(script: Script, changes: Changes, step: Step, layers: list[tuple[str, str]]) -> None:
    """Put layers of PyTorch before *step*, each given by its name as an attribute and the call of its class."""
    put_own_before(script, changes, step, [(name, _like(script, changes, step.made, call)) for name, call in layers])


def put_own_before(script: Script, changes: Changes, step: Step, layers: list[tuple[str, str]]) -> None:
    """Put layers before *step*, each given by its name as an attribute and the call that makes it."""
    if isinstance(step.place, cst.Arg | cst.Element):
        changes.put_before(step.place, [beside(script, step.place, text) for _, text in layers])
    elif step.applied is not None and isinstance(step.place, cst.SimpleStatementLine):
        given = step.applied.args[0].value
        inner = script.code(changes.replaced.get(given, given))
        for wanted, text in layers:
            name = free_name(script, changes, wanted)
            changes.put_before(step.place, [line(f"self.{name} = {text}")])
            inner = f"self.{name}({inner})"
        changes.replaced[given] = cst.parse_expression(inner)
    else:
        raise NotUnderstoodError(f"no layer can be put before the one in line {script.line(step.made)}")


def path_before(script: Script, step: Step, name: str) -> str:
    """Return how a layer put before *step* is reached from the network, if it is called *name* as an attribute."""
    place: cst.CSTNode | None = step.place
    path, sequential = "", step.made
    while isinstance(place, cst.Arg | cst.Element):
        holder = script.parent(place)
        sequential = holder if isinstance(holder, cst.Call) else script.nearest(place, cst.Call) or sequential
        layers = holder.elements if isinstance(holder, cst.List) else sequential.args
        path, place = f"[{list(layers).index(place)}]{path}", script.parent(sequential)
    if script.nearest(step.made, cst.ClassDef) is None:
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
