"""The name for what belongs to the author's libraries and therefore has no type here."""

from typing import Any

Foreign = Any  #: an array, a model, a module: whatever Keras, NumPy or scikit-learn hand over
