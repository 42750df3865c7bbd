"""What the training images hold; kept with images/training/*.txt, which a test compares."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass

_SKLEARN = {
    "ipykernel": "7.4.0",
    "lightgbm": "4.7.0",
    "matplotlib": "3.11.2",
    "nbclient": "0.11.0",
    "numpy": "2.4.6",
    "openpyxl": "3.1.5",
    "pandas": "3.1.1",
    "pyyaml": "6.0.3",
    "requests": "2.34.2",
    "scikit-learn": "1.9.1",
    "scipy": "1.17.1",
    "seaborn": "0.13.2",
    "tqdm": "4.70.1",
    "xgboost-cpu": "3.2.0",
}
_ANN = {
    "h5py": "3.14.0",
    "keras": "3.15.1",
    "pydot": "4.0.1",
    "tensorboard": "2.21.0",
    "tensorflow-cpu": "2.21.0",
    "tf-keras": "2.21.0",
}
_CNN = {"opencv-python-headless": "4.14.0.94", "pillow": "13.0.0"}
_TORCH = {
    "opencv-python-headless": "4.14.0.94",
    "pillow": "13.0.0",
    "tensorboard": "2.21.0",
    "torch": "2.13.0",
}
_KERAS2 = {
    "h5py": "3.11.0",
    "ipykernel": "7.4.0",
    "keras": "2.15.0",
    "lightgbm": "4.7.0",
    "matplotlib": "3.9.4",
    "nbclient": "0.11.0",
    "numpy": "1.26.4",
    "opencv-python-headless": "4.10.0.84",
    "openpyxl": "3.1.5",
    "pandas": "2.2.3",
    "pillow": "11.3.0",
    "pydot": "4.0.1",
    "pyyaml": "6.0.3",
    "requests": "2.34.2",
    "scikit-learn": "1.5.2",
    "scipy": "1.14.1",
    "seaborn": "0.13.2",
    "setuptools": "80.9.0",
    "tensorflow-cpu": "2.15.1",
    "tqdm": "4.70.1",
    "xgboost-cpu": "3.2.0",
}

_PYTHON37 = {
    "gast": "0.2.2",
    "h5py": "2.10.0",
    "ipykernel": "6.16.2",
    "keras": "2.3.1",
    "matplotlib": "3.5.3",
    "nbclient": "0.7.4",
    "numpy": "1.18.5",
    "opencv-python-headless": "4.5.5.64",
    "openpyxl": "3.1.3",
    "pandas": "1.1.5",
    "pillow": "9.5.0",
    "protobuf": "3.20.3",
    "pydot": "2.0.0",
    "pyyaml": "6.0.1",
    "requests": "2.31.0",
    "scikit-learn": "0.24.2",
    "scipy": "1.4.1",
    "seaborn": "0.12.2",
    "tensorflow-cpu": "2.1.4",
    "tqdm": "4.67.1",
}

_WITH_SKLEARN = frozenset(
    {"numpy", "scipy", "pandas", "sklearn", "joblib", "threadpoolctl", "dateutil", "packaging", "pip", "yaml", "tqdm"}
    | {"matplotlib", "mpl_toolkits", "pylab", "cycler", "kiwisolver", "contourpy", "fontTools", "pyparsing", "PIL"}
    | {"seaborn", "xgboost", "lightgbm", "openpyxl", "requests", "urllib3", "certifi", "idna", "charset_normalizer"}
    | {"IPython", "ipykernel", "nbclient", "nbformat", "traitlets", "jupyter_client", "jupyter_core", "zmq", "tornado"}
    | {"psutil", "pygments", "jsonschema", "attr", "attrs", "cloudpickle", "typing_extensions", "matplotlib_inline"}
)
_WITH_ANN = _WITH_SKLEARN | frozenset(
    {"tensorflow", "keras", "tf_keras", "h5py", "absl", "google", "grpc", "ml_dtypes", "namex", "optree", "opt_einsum"}
    | {"rich", "gast", "astunparse", "termcolor", "wrapt", "six", "flatbuffers", "setuptools", "distutils", "pydot"}
    | {"tensorboard"}
)
_WITH_TORCH = _WITH_SKLEARN | frozenset(
    {"torch", "tensorboard", "cv2", "sympy", "mpmath", "networkx", "jinja2", "fsspec", "filelock"}
)
_WITH_KERAS2 = (_WITH_ANN - {"tf_keras", "namex", "optree", "rich"}) | frozenset(
    {"cv2", "tensorflow_estimator", "pkg_resources", "distutils"}
)
_WITH_PYTHON37 = (
    _WITH_KERAS2 - {"xgboost", "lightgbm", "ml_dtypes", "flatbuffers", "cloudpickle", "astunparse", "contourpy"}
) | frozenset({"keras_applications", "keras_preprocessing", "typing"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One training image.

    Attributes:
        python: Its Python.
        modules: The top-level modules that it has.
        pins: The versions that are chosen in it; others follow from them.
    """

    python: str
    modules: frozenset[str]
    pins: dict[str, str]


STAGES: dict[str, Stage] = {
    "sklearn": Stage("3.13", _WITH_SKLEARN, _SKLEARN),
    "ann": Stage("3.13", _WITH_ANN, _SKLEARN | _ANN),
    "cnn": Stage("3.13", _WITH_ANN | {"cv2"}, _SKLEARN | _ANN | _CNN),
    "python311": Stage("3.11", _WITH_SKLEARN, _SKLEARN),
    "torch": Stage("3.11", _WITH_TORCH, _SKLEARN | _TORCH),
    "keras2": Stage("3.11", _WITH_KERAS2, _KERAS2),
    "python37": Stage("3.7", _WITH_PYTHON37, _PYTHON37),
}
"""The images by the stage that makes them; of the first three, each holds all of the one before it."""

MODULES: dict[str, frozenset[str]] = {name: stage.modules for name, stage in STAGES.items()}
"""Top-level modules by image."""

GROWING = ("sklearn", "ann", "cnn")

LARGE = frozenset({"tensorflow", "keras", "tf_keras", "h5py", "cv2"})
"""Modules for which a larger image is taken; others are installed on top of a smaller one."""

PROVIDED = {"tensorflow": "tensorflow-cpu", "opencv-python": "opencv-python-headless", "xgboost": "xgboost-cpu"}
"""Distributions that others stand for in the images."""

HELD = (
    "The images hold numpy, scipy, pandas, scikit-learn, matplotlib, seaborn, xgboost and lightgbm; tensorflow, keras "
    "and h5py, or torch; Pillow and OpenCV (cv2); other well-known modules are installed on top of them"
)


def in_an_image(module: str) -> bool:
    """Tell whether any image has the module."""
    return any(module in stage.modules for stage in STAGES.values())


def in_standard_library(module: str) -> bool:
    """Tell whether every image's Python brings the module itself."""
    return module in sys.stdlib_module_names and module != "distutils"


def smallest_image(modules: Collection[str], at_least: str) -> str:
    """Return the smallest of the growing images, from *at_least* on, that holds what is large of *modules*."""
    wanted = LARGE & set(modules)
    return next(stage for stage in GROWING[GROWING.index(at_least) :] if wanted <= STAGES[stage].modules)
