"""What sort of model a script trains."""

from __future__ import annotations

import re

from services.trainer.inspection.plan import ImageKind, Kind
from services.trainer.inspection.script import Script

NETWORKS = frozenset({"keras", "tensorflow", "tf_keras"})
PICTURES = frozenset({"PIL", "cv2", "skimage", "imageio"})

_CONVOLUTION = re.compile(r"(Separable|Depthwise)?Conv(olution)?[123]D(Transpose)?|\w*Pool(ing)?[123]D")
_IMAGERY = frozenset({"ImageDataGenerator", "image_dataset_from_directory", "load_img", "img_to_array"})
_NEIGHBOURS = re.compile(r"(KNeighbors|RadiusNeighbors)(Classifier|Regressor)|NearestCentroid")

AT_LEAST: dict[Kind, ImageKind] = {"ann": "ann", "cnn": "cnn", "knn": "sklearn", "sklearn": "sklearn"}
"""The smallest image in which a kind can train."""


def find_kind(reached: list[Script]) -> tuple[Kind, str]:
    """Return the kind of model and why it is that one."""
    modules = {each.top for script in reached for each in script.imports if not each.level}
    names = set().union(*(script.names for script in reached))
    networks = sorted(modules & NETWORKS)
    if networks:
        return _network(networks[0], modules, names)
    neighbours = next((name for name in sorted(names) if _NEIGHBOURS.fullmatch(name)), None)
    if neighbours:
        return "knn", f"trains a KNN, since it uses {neighbours}"
    if "sklearn" in modules:
        return "sklearn", "trains with scikit-learn, since it imports sklearn and no network library"
    return "sklearn", "runs in the scikit-learn image, since it imports no training framework"


def _network(library: str, modules: set[str], names: set[str]) -> tuple[Kind, str]:
    """Tell a CNN from other networks."""
    layer = next((name for name in sorted(names) if _CONVOLUTION.fullmatch(name)), None)
    if layer:
        return "cnn", f"trains a CNN, since it imports {library} and uses {layer}"
    pictures = sorted(modules & PICTURES) + sorted(names & _IMAGERY)
    if pictures:
        return "cnn", f"trains a CNN, since it imports {library} and reads images with {pictures[0]}"
    return "ann", f"trains an ANN, since it imports {library} and has no convolution in it"
