"""What each edit takes out and puts in, on scripts as people write them; a module for each kind of script."""

from __future__ import annotations

from tests.unit.tweaker.cases import on_boosting, on_keras, on_scikit

CASES = {**on_keras.CASES, **on_scikit.CASES, **on_boosting.CASES}
