"""What sort of model a script trains."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _Code:
    """What scripts import and which names they use."""

    modules: frozenset[str]
    names: frozenset[str]

    def imported(self, modules: frozenset[str]) -> str:
        """Return the first of *modules* that is imported, "" where none is."""
        return min(self.modules & modules, default="")

    def used(self, pattern: re.Pattern[str]) -> str:
        """Return the first name that is wholly of that form, "" where none is."""
        return min((name for name in self.names if pattern.fullmatch(name)), default="")


def find_kind(reached: list[Script]) -> tuple[Kind, str]:
    """Return the kind of model and why it is that one."""
    modules = frozenset(each.top for script in reached for each in script.imports if not each.level)
    code = _Code(modules, frozenset().union(*(script.names for script in reached)))
    network, torch = code.imported(NETWORKS), code.imported(TORCH)
    if torch and ("backward" in code.names or not network):
        return "torch", f"trains with torch, since it imports {torch}"
    return _network(network, code) if network else _estimator(code)


def _estimator(code: _Code) -> tuple[Kind, str]:
    """Return the kind of what is no network, by its library."""
    if boosting := code.imported(BOOSTING):
        return "boosting", f"trains boosted trees, since it imports {boosting}"
    if neighbours := code.used(_NEIGHBOURS):
        return "knn", f"trains a KNN, since it uses {neighbours}"
    if "sklearn" in code.modules:
        return "sklearn", "trains with scikit-learn, since it imports sklearn and no network library"
    return "sklearn", "runs in the scikit-learn image, since it imports no training framework"


def _network(library: str, code: _Code) -> tuple[Kind, str]:
    """Return the kind of network, by its layers."""
    if pretrained := code.used(_PRETRAINED):
        return "transfer", f"trains on top of a pretrained network, since it imports {library} and uses {pretrained}"
    recurrent = code.used(_RECURRENT)
    if recurrent and not code.used(_IMAGE_LAYER):
        return "rnn", f"trains an RNN, since it imports {library} and uses {recurrent}"
    if layer := code.used(_CONVOLUTION):
        return "cnn", f"trains a CNN, since it imports {library} and uses {layer}"
    if reader := code.imported(IMAGE_LIBRARIES) or min(code.names & _IMAGE_READERS, default=""):
        return "cnn", f"trains a CNN, since it imports {library} and reads images with {reader}"
    return "ann", f"trains an ANN, since it imports {library} and has no convolutions"
