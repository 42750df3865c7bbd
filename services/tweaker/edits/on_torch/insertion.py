"""Insert layers into a network of PyTorch before one that is there, in the style in which that is written."""

import libcst as cst

from services.tweaker.edits.on_torch.networks import Step
from services.tweaker.source import Changes, NotUnderstoodError, Script, free_name, imports, line
from services.tweaker.source.arguments import beside


def put_before(script: Script, changes: Changes, step: Step, layers: list[tuple[str, str]]) -> None:
    """Put layers before *step*, each given by its name as an attribute and the call of its class."""
    if step.call is None:
        raise NotUnderstoodError(f"no layer can be put before the function {step.name}")
    texts = [_like(script, changes, step.call, call) for _, call in layers]
    if isinstance(step.place, cst.Arg | cst.Element):
        changes.put_before(step.place, [beside(script, step.place, text) for text in texts])
    elif step.applied is not None and isinstance(step.place, cst.SimpleStatementLine):
        given = step.applied.args[0].value
        inner = script.code(changes.replaced.get(given, given))
        for (wanted, _), text in zip(layers, texts, strict=True):
            name = free_name(script, changes, wanted)
            changes.put_before(step.place, [line(f"self.{name} = {text}")])
            inner = f"self.{name}({inner})"
        changes.replaced[given] = cst.parse_expression(inner)
    else:
        raise NotUnderstoodError(f"no layer can be put before the one in line {script.line(step.call)}")


def _like(script: Script, changes: Changes, known: cst.Call, call: str) -> str:
    """Return the call of a class, written as the class of *known* is."""
    name, _, rest = call.partition("(")
    return f"{imports.sibling(script, changes, known.func, name, known)}({rest}"
