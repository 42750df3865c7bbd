"""The facts that the tweaker declares, to compare with what the probe writes."""

from collections.abc import Iterator
from typing import Any, get_args

from services.tweaker.diagnosis.facts import Facts
from trainyard.trial import Model

OUTSIDE_DIAGNOSIS = {"entrypoint", "fits", "warm", "holdout", "compat", "random"}  # read by others, and by people


def declared(model: type[Model] = Facts) -> Iterator[str]:
    """Yield the name of every fact below *model* as it is written, sections included."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for section in sections(field.annotation):
            yield from declared(section)


def undeclared(facts: Any, model: type[Model] = Facts, path: str = "") -> set[str]:
    """Return the facts below *path* that *model* does not declare."""
    if isinstance(facts, list):
        return {name for entry in facts for name in undeclared(entry, model, path)}
    if not isinstance(facts, dict):
        return set()
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    names = {path + name for name in facts.keys() - fields.keys()} - OUTSIDE_DIAGNOSIS
    for name, field in fields.items():
        for section in sections(field.annotation) if name in facts else ():
            names |= undeclared(facts[name], section, f"{path}{name}.")
    return names


def sections(annotation: Any) -> list[type[Model]]:
    """Return the models in the type of a field."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [section for part in get_args(annotation) for section in sections(part)]
