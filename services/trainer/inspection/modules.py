"""Which modules the training images hold; kept with images/training/*.txt, which a test compares."""

from __future__ import annotations

import sys

from services.trainer.inspection.plan import ImageKind

_SKLEARN = frozenset(
    {"numpy", "scipy", "pandas", "sklearn", "joblib", "threadpoolctl", "dateutil", "packaging", "pip"}
    | {"matplotlib", "mpl_toolkits", "pylab", "cycler", "kiwisolver", "contourpy", "fontTools", "pyparsing", "PIL"}
)
_ANN = _SKLEARN | frozenset(
    {"tensorflow", "keras", "h5py", "absl", "google", "grpc", "ml_dtypes", "namex", "optree", "opt_einsum", "rich"}
    | {"requests", "urllib3", "certifi", "idna", "pygments", "gast", "astunparse", "termcolor", "wrapt", "six"}
    | {"flatbuffers", "typing_extensions"}
)
_CNN = _ANN | {"cv2"}

MODULES: dict[ImageKind, frozenset[str]] = {"sklearn": _SKLEARN, "ann": _ANN, "cnn": _CNN}
"""Top-level modules by image, the smallest image first."""

HELD = (
    "The images hold numpy, scipy, pandas, scikit-learn and matplotlib; for neural networks tensorflow, keras and h5py "
    "as well; for images Pillow and OpenCV (cv2)"
)


def in_an_image(module: str) -> bool:
    """Tell whether any image has the module."""
    return module in _CNN


def in_standard_library(module: str) -> bool:
    """Tell whether Python brings the module itself."""
    return module in sys.stdlib_module_names


def smallest_image(modules: set[str], at_least: ImageKind) -> ImageKind:
    """Return the smallest image, from *at_least* on, that holds as many of *modules* as any does."""
    kinds = list(MODULES)
    wanted = {module for module in modules if in_an_image(module)}
    return next(kind for kind in kinds[kinds.index(at_least) :] if wanted <= MODULES[kind])
