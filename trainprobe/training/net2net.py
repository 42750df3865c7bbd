"""Maps the weights of a chain of layers into a wider or deeper one that computes the same function.

Net2Net (Chen, Goodfellow and Shlens 2016, arXiv 1511.05641): a wider layer repeats units, and what reads them divides
by how often each is there; a deeper network has layers that pass on what they are given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import Dict, List, Optional, Sequence, Tuple

from trainprobe.foreign import Foreign, numpy

NOISE = 0.01  # of the spread of a layer's weights, added to repeated units, which would stay equal for ever
DENSE, CONVOLUTIONS = "Dense", ("Conv1D", "Conv2D", "Conv3D")
ADAPTED = "Normalization"  # holds what the script has seen in its data, not what was learnt
BATCH = "BatchNormalization"
POSITIVE = ("relu", "sigmoid", "softplus", "exponential")  # their values are never below 0
KEEPS_SIGN = "Dropout|Flatten|Pooling|ZeroPadding|UpSampling"
ONE_BY_ONE = "Activation|ReLU|ELU|PReLU|Gaussian|InputLayer|Rescaling|Normalization"  # each feature by itself
EXACT, SAME_UNITS = 0.5, 0.25


@dataclass(frozen=True)
class Layer:
    """One layer: its class, its activation, whatever else must be equal for its weights to mean the same."""

    kind: str
    activation: str = "linear"
    settings: Tuple[Tuple[str, str], ...] = ()
    weights: Tuple[Foreign, ...] = ()

    @property
    def shapes(self) -> List[Tuple[int, ...]]:
        """The shapes of its weights."""
        return [tuple(array.shape) for array in self.weights]


@dataclass
class Features:
    """What flows between two layers: which old feature each new one repeats, and whether none is below 0."""

    of: Foreign
    old: int
    never_negative: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether each is there once, in its place."""
        return len(self.of) == self.old

    def spread(self, places: int, left: int) -> Optional[Features]:
        """Return the same where each is there once for each of the *places* of a map; None where some are *left*."""
        if places == 1 and not left:
            return self
        if left or not places:
            return None
        of = (numpy.arange(places)[:, None] * self.old + self.of[None, :]).ravel()
        return Features(of, places * self.old, self.never_negative)

    def shares(self) -> Foreign:
        """Return how often the old feature of each new one is repeated, by which its weights are divided."""
        return numpy.bincount(self.of, minlength=self.old)[self.of]


@dataclass(frozen=True)
class Mapped:
    """The new weights by the layer's number, and for how many layers what was done."""

    weights: Dict[int, List[Foreign]]
    done: Dict[str, int]

    def __str__(self) -> str:
        return ", ".join("{} {}".format(count, what) for what, count in self.done.items() if count)


def mapped(old: Sequence[Layer], new: Sequence[Layer], *, seed: int, is_chain: bool) -> Mapped:
    """Return weights for the *new* layers that compute what the *old* ones do, as far as there are any.

    Layers without a counterpart that keeps the function stay as they are, and after the first of them only weights of
    equal shapes are copied. So they are in networks that are no chain of layers.
    """
    return _Walk(seed, is_chain=is_chain).along(old, new)


class _Walk:
    """One walk along the new layers, from the inputs on."""

    def __init__(self, seed: int, *, is_chain: bool) -> None:
        self._chance = numpy.random.RandomState(seed)  # the script's own random numbers stay as they are
        self._features: Optional[Features] = None  # those of the network before, all of them, in their order
        self._is_known = is_chain
        self._weights: Dict[int, List[Foreign]] = {}
        self._done = {"copied": 0, "wider": 0, "added as identity": 0, "new": 0}

    def along(self, old: Sequence[Layer], new: Sequence[Layer]) -> Mapped:
        """Walk along *new*."""
        counterpart = _counterparts(old, new)
        for number, layer in enumerate(new):
            at = counterpart.get(number)
            if not layer.weights or layer.kind == ADAPTED:
                self._pass(layer)
                continue
            found = self._map(layer, old[at] if at is not None else None)
            if found is not None:
                self._weights[number] = found
            else:
                self._done["new"] += 1
                self._is_known = False
        return Mapped(self._weights, self._done)

    def _map(self, layer: Layer, before: Optional[Layer]) -> Optional[List[Foreign]]:
        if not self._is_known:
            return self._copy(layer, before)
        if layer.kind == DENSE or layer.kind in CONVOLUTIONS:
            return self._widen(layer, before) if before is not None else self._pass_on(layer)
        if layer.kind == BATCH and before is not None:
            return self._repeat(layer, before)
        self._is_known, self._features = self._is_plain, None
        return self._copy(layer, before)

    @property
    def _is_plain(self) -> bool:
        return self._features is None or self._features.is_plain

    def _pass(self, layer: Layer) -> None:
        if self._features is None or re.search(KEEPS_SIGN, layer.kind):
            return
        if re.search(ONE_BY_ONE, layer.kind) and layer.activation != "softmax":
            positive = layer.activation in POSITIVE or layer.kind == "ReLU"
            self._features = Features(self._features.of, self._features.old, never_negative=positive)
        else:  # it may compute something of all features together
            self._is_known, self._features = self._is_known and self._is_plain, None

    def _copy(self, layer: Layer, before: Optional[Layer]) -> Optional[List[Foreign]]:
        if before is None or layer.shapes != before.shapes:
            return None
        self._done["copied"] += 1
        return list(before.weights)

    def _inputs(self, size: int, *, are_new: bool = False) -> Optional[Features]:
        """Return what the inputs of a layer repeat, *size* of them as counted before or where they *are_new*."""
        if self._features is None:  # the network's own inputs
            return Features(numpy.arange(size), size)
        return self._features.spread(*divmod(size, len(self._features.of) if are_new else self._features.old))

    def _widen(self, layer: Layer, before: Layer) -> Optional[List[Foreign]]:
        kernel, bias = before.weights[0], before.weights[1:]
        inputs, wanted = self._inputs(kernel.shape[-2]), layer.shapes[0]
        if inputs is None or len(inputs.of) != wanted[-2] or wanted[:-2] != kernel.shape[:-2]:
            return None
        units = self._repeated(kernel.shape[-1], wanted[-1], may_grow=layer.activation != "softmax")
        if units is None:
            return None
        grown = (kernel[..., inputs.of, :] / inputs.shares()[:, None])[..., units].astype(kernel.dtype)
        self._done["wider" if grown.shape != kernel.shape else "copied"] += 1
        self._features = Features(units, kernel.shape[-1], layer.activation in POSITIVE)
        return [self._noisy(grown, kernel.shape[-1]), *(array[units] for array in bias)]

    def _pass_on(self, layer: Layer) -> Optional[List[Foreign]]:
        """Return the weights of an added layer that returns its inputs."""
        kernel = layer.weights[0]
        *window, size, units = kernel.shape
        inputs = self._inputs(size, are_new=True)
        of = self._repeated(size, units)
        if inputs is None or of is None or not _leaves_alone(layer, inputs):
            return None
        passing = numpy.zeros_like(kernel)
        centre = tuple((length - 1) // 2 for length in window)
        passing[centre] = numpy.eye(size)[:, of]
        self._done["added as identity"] += 1
        self._features = Features(inputs.of[of], inputs.old, inputs.never_negative)
        return [self._noisy(passing, size), *(numpy.zeros_like(array) for array in layer.weights[1:])]

    def _repeat(self, layer: Layer, before: Layer) -> Optional[List[Foreign]]:
        """Return the weights of a layer that treats each feature by itself."""
        inputs = self._inputs(before.shapes[0][0])
        if inputs is None or len(inputs.of) != layer.shapes[0][0]:
            return None
        self._done["copied"] += 1
        if self._features is not None:
            self._features = Features(self._features.of, self._features.old, never_negative=False)
        return [array[inputs.of] for array in before.weights]

    def _repeated(self, before: int, after: int, *, may_grow: bool = True) -> Foreign:
        """Return which of *before* units each of *after* is; None where there are fewer, or more than there may be."""
        if after < before or (after > before and not may_grow):
            return None
        more = self._chance.randint(before, size=after - before)
        return numpy.concatenate([numpy.arange(before), more])

    def _noisy(self, kernel: Foreign, units: int) -> Foreign:
        """Add a little noise to the units beyond the first *units*, which repeat others."""
        if kernel.shape[-1] > units and NOISE:
            more = kernel[..., units:]
            kernel[..., units:] = more + self._chance.normal(size=more.shape) * NOISE * kernel.std()
        return kernel


def _leaves_alone(layer: Layer, inputs: Features) -> bool:
    """Return whether a layer whose kernel is an identity returns its inputs."""
    settings = dict(layer.settings)
    whole = settings.get("padding", "same") == "same" and settings.get("strides", "1") in ("1", "(1,)", "(1, 1)")
    return whole and (layer.activation == "linear" or (layer.activation == "relu" and inputs.never_negative))


def _counterparts(old: Sequence[Layer], new: Sequence[Layer]) -> Dict[int, int]:
    """Return the old layer of each new one that has one: the alignment in which most is alike."""
    nothing: Tuple[float, Foreign] = (0.0, None)  # how much is alike, and a chain of pairs: row, column, further pairs
    best = [[nothing] * (len(old) + 1) for _ in range(len(new) + 1)]
    for row in reversed(range(len(new))):
        for column in reversed(range(len(old))):
            alike, (further, pairs) = _likeness(old[column], new[row]), best[row + 1][column + 1]
            paired = (alike + further, (row, column, pairs)) if alike else nothing
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1], key=itemgetter(0))
    counterparts: Dict[int, int] = {}
    _, pairs = best[0][0]
    while pairs:
        row, column, pairs = pairs
        counterparts[row] = column
    return counterparts


def _likeness(old: Layer, new: Layer) -> float:
    if (old.kind, old.activation, old.settings) != (new.kind, new.activation, new.settings):
        return 0.0
    if len(old.weights) != len(new.weights):
        return 0.0
    same_units = bool(old.shapes) and old.shapes[0][-1:] == new.shapes[0][-1:]
    return 1.0 + (EXACT if old.shapes == new.shapes else 0.0) + (SAME_UNITS if same_units else 0.0)
