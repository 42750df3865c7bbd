"""Facts about a model that was fitted."""

from __future__ import annotations

import re
from functools import reduce
from operator import mul
from typing import Dict, List, Optional

from trainprobe.foreign import Foreign, as_number, numpy

MOST_LAYERS = 64
MOST_PARAMS = 64
MOST_WEIGHTS = 1_000_000  # of a layer, that are compared
MATRIX = 2  # dimensions
BOOSTING = ("xgboost", "lightgbm", "catboost")  # libraries with classes that work like scikit-learn's
_KERAS_SETTINGS = {"units": "units", "filters": "filters", "rate": "rate", "momentum": "momentum"}
_TORCH_SETTINGS = {"units": "out_features", "filters": "out_channels", "rate": "p"}
_PLAIN = (bool, int, float, str, type(None))
_PASSED = ("squeeze", "view", "reshape", "alias", "unsqueeze", "clone", "slice")
_ENDS = {"softmax": "softmax", "logsoftmax": "log_softmax", "sigmoid": "sigmoid", "relu": "relu", "tanh": "tanh"}
_ACTIVATIONS = {"Softmax": "softmax", "ReLU": "relu"}  # of layers of their own
_WRAPPERS = ("LossFunctionWrapper", "partial")  # which have no name of their own
_VERSION = re.compile("_v[0-9]+$")  # as in softmax_v2, which tf.nn.softmax is
_OLD = {
    "binary_crossentropy": "bce bceloss binarycrossentropy",
    "mean_squared_error": "mse mseloss",
    "mean_absolute_error": "mae l1loss",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle",
    "huber": "huber_loss huberloss smooth_l1loss smoothl1loss",
    "log_cosh": "logcosh",
    "kl_divergence": "kld kullback_leibler_divergence",
    "relu": "re_lu",
    "leaky_relu": "leaky_re_lu",
}
_TODAY = {name: today for today, names in _OLD.items() for name in names.split()}
_NO_OUTPUT = ("Activation", "Dropout", "Softmax", "ReLU", "Flatten", "Reshape")


def describe_network(model: Foreign) -> Dict[str, object]:
    """Return class, size, layers, output, optimizer and loss of a Keras model."""
    layers = [{**_keras_layer(layer), **_weights_of_keras(layer)} for layer in model.layers[:MOST_LAYERS]]
    return {
        "library": "keras",
        "class": type(model).__name__,
        "parameters": int(model.count_params()) if getattr(model, "built", False) else None,
        "layers": layers,
        "output": _output([_keras_layer(layer) for layer in model.layers[-MOST_LAYERS:]], model),
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": _learning_rate(model.optimizer),
        "weight_decay": _rounded(as_number(getattr(model.optimizer, "weight_decay", None))),
        "loss": _name(getattr(model, "loss", None)),
        "from_logits": _takes_logits(getattr(model, "loss", None)),
    }


def describe_module(model: Foreign, optimizer: Foreign) -> Dict[str, object]:
    """Return class, size, layers and optimizer of a module of PyTorch; the layers are those that hold no others."""
    parameters = list(model.parameters()) if hasattr(model, "parameters") else []
    layers = torch_layers(model) if hasattr(model, "modules") else []
    return {
        "library": "torch",
        "class": type(model).__name__,
        "parameters": sum(int(one.numel()) for one in parameters),
        "layers": [_torch_layer(layer) for layer in layers],
        "optimizer": type(optimizer).__name__,
        "learning_rate": _rounded(as_number(optimizer.param_groups[0].get("lr"))),
        "weight_decay": _rounded(as_number(optimizer.param_groups[0].get("weight_decay"))),
    }


def describe_output(output: Foreign) -> Dict[str, object]:
    """Return how many values a network of PyTorch returns for a row, and the activation function that made them."""
    step = output.grad_fn
    while step is not None and _name_of_step(step).startswith(_PASSED):
        step = step.next_functions[0][0] if step.next_functions else None
    units = int(output.shape[-1]) if output.ndim > 1 else 1
    width = int(output[:1].numel())
    return {"units": units, "activation": _ENDS.get(_name_of_step(step), "linear"), "width": width}


def loss_made_by(step: Foreign) -> Optional[str]:
    """Return the name of the loss whose last *step* this is, where the script calls a function for it."""
    name = _name_of_step(step)
    return name if "loss" in name or "entropy" in name else None


def torch_layers(model: Foreign) -> List[Foreign]:
    """Return the modules of *model* that hold no others, in their order."""
    return [module for module in model.modules() if not list(module.children())][:MOST_LAYERS]


def describe_estimator(model: Foreign) -> Dict[str, object]:
    """Return class and plain settings of an estimator, of scikit-learn or alike; of a pipeline, of its steps too.

    Of a search, what it found the best is described, or else what it searches with.
    """
    model = searched(model)
    params = model.get_params(deep=True) if hasattr(model, "get_params") else {}
    facts: Dict[str, object] = {"library": library_of(model), "class": type(model).__name__, "params": plain(params)}
    if hasattr(model, "steps"):
        facts["layers"] = [{"class": type(step).__name__} for _, step in model.steps]
    return facts


def searched(model: Foreign) -> Foreign:
    """Return the estimator that a search is about; any other one itself."""
    if not type(model).__name__.endswith("SearchCV"):
        return model
    return getattr(model, "best_estimator_", getattr(model, "estimator", model))


def describe_search(model: Foreign) -> Dict[str, object]:
    """Return whether an estimator of scikit-learn was done when it stopped, and after how many iterations."""
    model = searched(model)
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    done, most = _most(getattr(last, "n_iter_", None)), as_number(getattr(last, "max_iter", None))
    facts: Dict[str, object] = {"class_weight": getattr(last, "class_weight", None) is not None}
    if done is not None:
        facts["iterations"] = done
    if done is not None and most is not None and most > 0:
        facts["converged"] = done < most
    if getattr(last, "fit_status_", 0) == 1:  # support vectors that stopped at max_iter
        facts["converged"] = False
    return facts


def library_of(model: Foreign) -> str:
    """Return the library of an estimator: scikit-learn where it is none of those that are alike."""
    named = type(model).__module__.partition(".")[0]
    return named if named in BOOSTING else "sklearn"


def plain(params: Dict[str, Foreign]) -> Dict[str, object]:
    """Return the settings that are numbers, words or nothing."""
    kept = {str(name): value for name, value in params.items() if isinstance(value, _PLAIN)}
    return dict(sorted(kept.items())[:MOST_PARAMS])


def _settings(layer: Foreign, attributes: Dict[str, str]) -> Dict[str, Foreign]:
    settings = {name: getattr(layer, attribute, None) for name, attribute in attributes.items()}
    numbers = {name: value for name, value in settings.items() if isinstance(value, (int, float))}
    return {"class": type(layer).__name__, **numbers}


def _keras_layer(layer: Foreign) -> Dict[str, Foreign]:
    facts = _settings(layer, _KERAS_SETTINGS)
    if getattr(layer, "built", False) and hasattr(layer, "count_params"):
        facts["parameters"] = int(layer.count_params())
    activation = _name(getattr(layer, "activation", None))
    return {**facts, "activation": activation} if activation else facts


def _weights_of_keras(layer: Foreign) -> Dict[str, bool]:
    facts = _weights(getattr(layer, "kernel", None), axis=-1)
    is_frozen = getattr(layer, "built", False) and layer.weights and not layer.trainable
    return {**facts, "frozen": True} if is_frozen else facts


def _torch_layer(layer: Foreign) -> Dict[str, object]:
    parameters = list(layer.parameters())
    facts = {**_settings(layer, _TORCH_SETTINGS), "parameters": sum(int(one.numel()) for one in parameters)}
    facts.update(_weights(getattr(layer, "weight", None), axis=0))
    if parameters and not any(one.requires_grad for one in parameters):
        facts["frozen"] = True
    return facts


def _weights(kernel: Foreign, axis: int) -> Dict[str, bool]:
    """Return whether all units of a layer, which lie along *axis* of its *kernel*, have the same weights."""
    shape = tuple(getattr(kernel, "shape", ()))
    if len(shape) < MATRIX or shape[axis] == 1 or reduce(mul, shape) > MOST_WEIGHTS:
        return {}
    kernel = kernel.detach().cpu() if hasattr(kernel, "detach") else kernel
    weights = numpy.moveaxis(numpy.asarray(kernel), axis, 0)
    return {"alike": True} if (weights == weights[:1]).all() else {}


def _output(layers: List[Dict[str, Foreign]], model: Foreign) -> Dict[str, object]:
    """Return how many units the last layer with units has, what becomes of their values, and how many a row gets."""
    activation: Foreign = "linear"
    for layer in reversed(layers):
        if activation == "linear":
            activation = layer.get("activation") or _ACTIVATIONS.get(layer["class"], "linear")
        units = layer.get("units") or layer.get("filters")
        if units:
            return {"units": units, "activation": activation, **_width(model)}
        if layer["class"] not in _NO_OUTPUT:
            break
    return {}


def _width(model: Foreign) -> Dict[str, int]:
    """Return how many numbers a model of Keras returns for each row, if it is built and has a single output."""
    shape: Foreign = getattr(model, "output_shape", None) if getattr(model, "built", False) else None
    sizes = shape[1:] if isinstance(shape, tuple) else (None,)
    return {"width": reduce(mul, sizes, 1)} if all(isinstance(size, int) for size in sizes) else {}


def _learning_rate(optimizer: Foreign) -> Optional[float]:
    rate: Foreign = getattr(optimizer, "learning_rate", None)
    return _rounded(as_number(rate.numpy()) if hasattr(rate, "numpy") else as_number(rate))


def _rounded(number: Optional[float]) -> Optional[float]:
    return None if number is None else float("{:.6g}".format(number))  # as it was before float32


def _name(value: Foreign) -> Optional[str]:
    """Return a loss or an activation as Keras writes it today, however it was given: by name, as a function or object.

    Of several, as of a model with several outputs, that which all have; None where they differ.
    """
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        names = {_name(one) for one in value}
        return names.pop() if len(names) == 1 else None
    if type(value).__name__ in _WRAPPERS:
        value = getattr(value, "fn", None) or getattr(value, "func", None)
    name = value if isinstance(value, str) else getattr(value, "__name__", None) or type(value).__name__
    return None if value is None else canonical(name)


def canonical(name: str) -> str:
    """Return the name that Keras has today for a loss or an activation of Keras, TensorFlow or PyTorch."""
    words = re.sub("(?<=[a-z])(?=[A-Z])", "_", _VERSION.sub("", name)).lower()
    return _TODAY.get(words, words)


def _takes_logits(loss: Foreign) -> bool:
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    return bool(config.get("from_logits"))


def _most(counts: Foreign) -> Optional[int]:
    if counts is None:
        return None
    listed = numpy.asarray(counts).ravel()  # one that tries several settings has a table of them
    return int(listed.max()) if listed.size else None


def _name_of_step(step: Foreign) -> str:
    """Return ``logsoftmax`` for LogSoftmaxBackward0."""
    return str(step.name()).partition("Backward")[0].lower() if hasattr(step, "name") else ""
