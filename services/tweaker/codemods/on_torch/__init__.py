"""Edits of scripts that train PyTorch modules in a loop of their own."""

from __future__ import annotations

from services.tweaker.codemods.edit import Edit

EDITS: tuple[Edit, ...] = ()
