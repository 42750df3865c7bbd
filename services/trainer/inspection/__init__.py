"""What a bundle is, told from its syntax trees; nothing of it is run."""

from __future__ import annotations

from services.trainer.inspection.inspect import inspect
from services.trainer.inspection.plan import ImageKind, Kind, Plan

__all__ = ["ImageKind", "Kind", "Plan", "inspect"]
