"""The author's source as a store of values that can be read and changed; what most edits need of it.

Whatever is not certain is left alone: every function of this package raises `NotUnderstoodError` where the source does
not show for sure what is asked for.
"""

from services.tweaker.source.errors import AbsentError, NotUnderstoodError
from services.tweaker.source.literals import as_code, given, literal_of, place_of, read, write
from services.tweaker.source.rewrite import Changes, free_name, line
from services.tweaker.source.script import Script, argument, called, dotted, receiver

__all__ = (
    "AbsentError", "Changes", "NotUnderstoodError", "Script", "argument", "as_code", "called", "dotted", "free_name",
    "given", "line", "literal_of", "place_of", "read", "receiver", "write",
)  # fmt: skip
