"""How the author's script ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

from trainprobe.foreign import Foreign


@dataclass(frozen=True)
class Ending:
    """How the script ended: its variables, what it raised if anything, and its exit code."""

    variables: Dict[str, Foreign]
    error: Optional[BaseException]
    code: int
