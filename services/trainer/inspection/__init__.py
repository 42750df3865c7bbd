"""What a bundle is, read from its syntax trees; none of its code is run."""

from services.trainer.inspection.inspect import inspect
from services.trainer.inspection.plan import ImageKind, Kind, Plan

__all__ = ["ImageKind", "Kind", "Plan", "inspect"]
