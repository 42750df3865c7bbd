"""What sort of model a script trains."""

import re
from collections.abc import Iterable

from services.trainer.inspection.plan import Kind
from trainyard_analysis.script import Script

NETWORKS = frozenset({"keras", "tensorflow", "tf_keras"})
TORCH = frozenset({"torch", "torchvision", "pytorch_lightning", "lightning", "fastai"})
BOOSTING = frozenset({"xgboost", "lightgbm", "catboost"})
IMAGE_LIBRARIES = frozenset({"PIL", "cv2", "skimage", "imageio"})

_IMAGE_LAYER = re.compile(r"(Separable|Depthwise)?Conv(olution)?[23]D(Transpose)?|\w*Pool(ing)?[23]D")
_CONVOLUTION = re.compile(r"(Separable|Depthwise)?Conv(olution)?[123]D(Transpose)?|\w*Pool(ing)?[123]D")
_RECURRENT = re.compile(r"(CuDNN)?(LSTM|GRU)|SimpleRNN|ConvLSTM[123]D")
_PRETRAINED = re.compile(
    r"VGG1[69]|(SE)?ResNe(X)?t\d+(V2)?|MobileNet(V\d\w*)?|Inception(ResNet)?V\d|Xception|DenseNet\d+|NASNet\w+"
    r"|EfficientNet(V2)?\w+|KerasLayer"
)
_IMAGE_READERS = frozenset({"ImageDataGenerator", "image_dataset_from_directory", "load_img", "img_to_array"})
_NEIGHBOURS = re.compile(r"(KNeighbors|RadiusNeighbors)(Classifier|Regressor)|NearestCentroid")


def find_kind(reached: list[Script]) -> tuple[Kind, str]:
    """Return the kind of model and why it is that one."""
    modules = frozenset().union(*(script.modules for script in reached))
    names = frozenset().union(*(script.names for script in reached))
    network, torch = _first(NETWORKS & modules), _first(TORCH & modules)
    if torch and ("backward" in names or not network):
        return "torch", f"trains with torch, since it imports {torch}"
    return _network(network, modules, names) if network else _estimator(modules, names)


def _estimator(modules: frozenset[str], names: frozenset[str]) -> tuple[Kind, str]:
    if boosting := _first(BOOSTING & modules):
        return "boosting", f"trains boosted trees, since it imports {boosting}"
    if neighbours := _first(filter(_NEIGHBOURS.fullmatch, names)):
        return "knn", f"trains a KNN, since it uses {neighbours}"
    if "sklearn" in modules:
        return "sklearn", "trains with scikit-learn, since it imports sklearn and no network library"
    return "sklearn", "runs in the scikit-learn image, since it imports no training framework"


def _network(library: str, modules: frozenset[str], names: frozenset[str]) -> tuple[Kind, str]:
    if pretrained := _first(filter(_PRETRAINED.fullmatch, names)):
        return "transfer", f"trains on top of a pretrained network, since it imports {library} and uses {pretrained}"
    recurrent = _first(filter(_RECURRENT.fullmatch, names))
    if recurrent and not any(map(_IMAGE_LAYER.fullmatch, names)):
        return "rnn", f"trains an RNN, since it imports {library} and uses {recurrent}"
    if layer := _first(filter(_CONVOLUTION.fullmatch, names)):
        return "cnn", f"trains a CNN, since it imports {library} and uses {layer}"
    if reader := _first(IMAGE_LIBRARIES & modules) or _first(_IMAGE_READERS & names):
        return "cnn", f"trains a CNN, since it imports {library} and reads images with {reader}"
    return "ann", f"trains an ANN, since it imports {library} and has no convolutions"


def _first(names: Iterable[str]) -> str:
    return min(names, default="")
