"""What sort of model a script trains."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.trainer.inspection.plan import ImageKind, Kind
from trainyard_analysis.script import Script

NETWORKS = frozenset({"keras", "tensorflow", "tf_keras"})
TORCH = frozenset({"torch", "torchvision", "pytorch_lightning", "lightning", "fastai"})
BOOSTING = frozenset({"xgboost", "lightgbm", "catboost"})
PICTURES = frozenset({"PIL", "cv2", "skimage", "imageio"})

_PICTURE_LAYER = re.compile(r"(Separable|Depthwise)?Conv(olution)?[23]D(Transpose)?|\w*Pool(ing)?[23]D")
_CONVOLUTION = re.compile(r"(Separable|Depthwise)?Conv(olution)?[123]D(Transpose)?|\w*Pool(ing)?[123]D")
_RECURRENT = re.compile(r"(CuDNN)?(LSTM|GRU)|SimpleRNN|ConvLSTM[123]D")
_TRAINED = re.compile(
    r"VGG1[69]|(SE)?ResNe(X)?t\d+(V2)?|MobileNet(V\d\w*)?|Inception(ResNet)?V\d|Xception|DenseNet\d+|NASNet\w+"
    r"|EfficientNet(V2)?\w+|KerasLayer"
)
_IMAGERY = frozenset({"ImageDataGenerator", "image_dataset_from_directory", "load_img", "img_to_array"})
_NEIGHBOURS = re.compile(r"(KNeighbors|RadiusNeighbors)(Classifier|Regressor)|NearestCentroid")

AT_LEAST: dict[Kind, ImageKind] = {
    "ann": "ann",
    "cnn": "cnn",
    "rnn": "ann",
    "transfer": "cnn",
    "knn": "sklearn",
    "sklearn": "sklearn",
    "boosting": "sklearn",
    "torch": "torch",
}
"""The smallest image in which a kind can train."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What scripts import and use."""

    modules: set[str]
    names: set[str]

    def named(self, pattern: re.Pattern[str]) -> str | None:
        """Return the first name that is wholly of that form."""
        return next((name for name in sorted(self.names) if pattern.fullmatch(name)), None)


def find_kind(reached: list[Script]) -> tuple[Kind, str]:
    """Return the kind of model and why it is that one."""
    modules = {each.top for script in reached for each in script.imports if not each.level}
    seen = _Seen(modules, set().union(*(script.names for script in reached)))
    networks, torch = sorted(modules & NETWORKS), sorted(modules & TORCH)
    if torch and ("backward" in seen.names or not networks):
        return "torch", f"trains with torch, since it imports {torch[0]}"
    if networks:
        return _network(networks[0], seen)
    boosting = sorted(modules & BOOSTING)
    if boosting:
        return "boosting", f"trains boosted trees, since it imports {boosting[0]}"
    neighbours = seen.named(_NEIGHBOURS)
    if neighbours:
        return "knn", f"trains a KNN, since it uses {neighbours}"
    if "sklearn" in modules:
        return "sklearn", "trains with scikit-learn, since it imports sklearn and no network library"
    return "sklearn", "runs in the scikit-learn image, since it imports no training framework"


def _network(library: str, seen: _Seen) -> tuple[Kind, str]:
    """Tell networks apart by their layers."""
    trained, recurrent = seen.named(_TRAINED), seen.named(_RECURRENT)
    if trained:
        return "transfer", f"trains on top of a trained network, since it imports {library} and uses {trained}"
    if recurrent and not seen.named(_PICTURE_LAYER):
        return "rnn", f"trains an RNN, since it imports {library} and uses {recurrent}"
    layer = seen.named(_CONVOLUTION)
    if layer:
        return "cnn", f"trains a CNN, since it imports {library} and uses {layer}"
    pictures = sorted(seen.modules & PICTURES) + sorted(seen.names & _IMAGERY)
    if pictures:
        return "cnn", f"trains a CNN, since it imports {library} and reads images with {pictures[0]}"
    return "ann", f"trains an ANN, since it imports {library} and has no convolution in it"
