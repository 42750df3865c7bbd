"""What the probe recorded of data and model, read tolerantly: missing or invalid values count as unknown."""

import math
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, field_validator

from trainyard.trial import Model

NETWORKS = frozenset({"keras", "torch"})
OUTPUT_LAYERS = ("Dense", "Linear")
LAYERS_WITH_UNITS = (*OUTPUT_LAYERS, "Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "LSTM", "GRU", "SimpleRNN")
ACTIVATION_LAYERS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "ThresholdedReLU"})
WITHOUT_WEIGHTS = frozenset({"InputLayer", "Flatten", "Dropout", "Normalization", "Rescaling", "BatchNormalization"})

IMAGE_DIMENSIONS = 3
FEWEST_PIXELS = 64
BYTE_MAXIMUM = (200.0, 255.0)
"""Between these lies the largest value of images of bytes."""
FEWEST_COLUMNS, FULL_RANGE = 16, 0.75
"""At least half of so many columns or more reach this share of the largest value where all have one unit."""


class Tolerant(Model):
    """Values, each of which counts as unknown where it is missing or invalid."""

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_where_odd(cls, value: Any, validate: ValidatorFunctionWrapHandler, field: ValidationInfo) -> Any:
        try:
            return validate(value)
        except ValidationError:
            return cls.model_fields[field.field_name or ""].get_default(call_default_factory=True)


class Spread(Tolerant):
    """Statistics of one column, or of all values together."""

    min: float = 0.0
    max: float = 0.0
    mean: float = 0.0
    std: float = 0.0


class Inputs(Tolerant):
    """What `fit` was given as inputs.

    Attributes:
        conflicts: The share of rows that equal one with another label.
        repeated: The share of rows that repeat another one.
        label_column: The number of the column, from 0, that has one value for each class, another for each.
    """

    rows: int = 0
    shape: tuple[int, ...] = ()
    columns: tuple[Spread, ...] = ()
    overall: Spread | None = None
    unscaled: bool | None = None
    missing: int = 0
    infinite: int = 0
    conflicts: float = 0.0
    repeated: float = 0.0
    label_column: int | None = None
    sparse: bool = False


class Labels(Tolerant):
    """What `fit` was given as labels.

    Attributes:
        classes: How many there are; 0 where they are unknown, or the labels are no classes.
        counts: The rows of each class.
        encoding: "one-hot", "integer", "binary", "text", "continuous", "multi-label" or "probabilities".
        width: How many numbers each row has; 0 where it is unknown.
        distinct: How many different numbers continuous labels are.
        lowest: The smallest number, as `highest` is the largest; `mean` and `std` are those of all.
    """

    classes: int = 0
    counts: tuple[int, ...] = ()
    encoding: str = ""
    width: int = 0
    distinct: int = 0
    lowest: float | None = None
    highest: float | None = None
    mean: float | None = None
    std: float | None = None


class LayerFacts(Tolerant):
    """One layer of a network, or one step of a pipeline.

    Attributes:
        dead: The share of units that are 0 for every row.
        saturated: The share of activations in the flat part of the function.
        alike: All units have the same weights.
        frozen: None of the weights is trained.
    """

    kind: str = Field("", alias="class")
    units: int = 0
    filters: int = 0
    width: int = 0
    activation: str = ""
    rate: float = 0.0
    momentum: float = 0.0
    parameters: int = 0
    dead: float = 0.0
    saturated: float = 0.0
    alike: bool = False
    frozen: bool = False


class ModelFacts(Tolerant):
    """What was fitted; `output` is the last layer that has units, and its `width` how many numbers a row gets.

    The names of losses and activations are those that Keras has today; the loss may take logits.
    """

    library: str = ""
    kind: str = Field("", alias="class")
    parameters: int = 0
    layers: tuple[LayerFacts, ...] = ()
    output: LayerFacts = LayerFacts()
    optimizer: str = ""
    learning_rate: float | None = None
    weight_decay: float | None = None
    loss: str = ""
    from_logits: bool = False
    params: dict[str, Any] = Field(default_factory=dict)

    def param(self, name: str) -> Any:
        """Return a parameter of the estimator, also where it is a step of a pipeline; None when unknown."""
        return next((value for key, value in self.params.items() if key.rpartition("__")[2] == name), None)


class Training(Tolerant):
    """How it was fitted.

    Attributes:
        steps: Batches an epoch.
        ended_early: The author's own callback stopped it.
        stopped_by_probe: Trainyard stopped it, since it promised nothing.
        predicted: How often each class is the answer on a sample of the training rows.
        converged: False where a solver stopped at its largest number of iterations.
        iterations: How many iterations a solver took.
    """

    epochs: int = 0
    batch_size: int = 0
    steps: int = 0
    ended_early: bool = False
    stopped_by_probe: bool = False
    class_weight: bool = False
    predicted: tuple[int, ...] = ()
    converged: bool | None = None
    iterations: float | None = None


class Measured(Tolerant):
    """What the value was taken on, and of which model.

    Attributes:
        rows: How many rows; 0 where it is unknown.
        classes: How many classes among them; 0 where it is unknown.
        majority: The commonest class's share; 0 where it is unknown.
        std: The standard deviation of labels that are numbers; 0 where it is unknown.
        deviation: Their mean absolute deviation from the median; 0 where it is unknown.
        stderr: The standard error of another metric than accuracy, over the rows or folds; 0 where it is unknown.
        model: The class of the model; "" where that is not known.
        lines: The lines of the script that ran by which the model was fitted, or else measured, the innermost first.
    """

    rows: int = 0
    classes: int = 0
    majority: float = 0.0
    std: float = 0.0
    deviation: float = 0.0
    stderr: float = 0.0
    model: str = ""
    lines: tuple[int, ...] = ()


class ScreenedModel(Tolerant):
    """What a simple model of a family reached in the mean over folds of the training rows, and the deviation."""

    family: str = ""
    standardized: bool = False
    mean: float = 0.0
    std: float = 0.0


class Screening(Tolerant):
    """What other families of models reach, by which metric, and how many rows they were tried on."""

    metric: str = ""
    rows: int = 0
    models: tuple[ScreenedModel, ...] = ()


class Facts(Tolerant):
    """All facts of one trial, keys as in docs/trainprobe.md."""

    inputs: Inputs = Inputs()
    labels: Labels = Labels()
    model: ModelFacts = ModelFacts()
    training: Training = Training()
    measured: Measured = Measured()
    screening: Screening = Screening()
    training_value: float | None = None
    nan: bool = False

    @property
    def is_network(self) -> bool:
        """Whether the model is known to be a network."""
        return self.model.library in NETWORKS

    @property
    def estimator(self) -> str:
        """The class that decides: the last step of a pipeline."""
        steps = self.model.layers if self.model.kind == "Pipeline" else ()
        return steps[-1].kind if steps else self.model.kind

    def is_one_of(self, prefixes: tuple[str, ...]) -> bool:
        """Return whether the estimator's class begins with one of the prefixes."""
        return not self.is_network and self.estimator.startswith(prefixes)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The classes of a network's layers, or of a pipeline's steps."""
        return tuple(layer.kind for layer in self.model.layers)

    @property
    def body(self) -> tuple[LayerFacts, ...]:
        """The layers of a network before its output layer; none where that is not known."""
        ends = [index for index, kind in enumerate(self.kinds) if kind in OUTPUT_LAYERS]
        return self.model.layers[: ends[-1]] if ends else ()

    @property
    def hidden_layers(self) -> tuple[LayerFacts, ...]:
        """The layers with weights before the output layer."""
        return tuple(layer for layer in self.body if layer.kind in LAYERS_WITH_UNITS)

    @property
    def is_image(self) -> bool:
        """Whether a row is an image, or the pixels of one in a line, with values from 0 to 255."""
        overall, shape = self.inputs.overall, self.inputs.shape
        if overall is None or overall.min < 0:
            return False
        in_bytes = BYTE_MAXIMUM[0] < overall.max <= BYTE_MAXIMUM[1]
        return len(shape) == IMAGE_DIMENSIONS or (in_bytes and math.prod(shape) >= FEWEST_PIXELS)

    @property
    def has_one_unit(self) -> bool:
        """Whether all columns have the same unit, as the pixels of an image do, so that distances make sense."""
        columns, overall = self.inputs.columns, self.inputs.overall
        if self.is_image:
            return True
        if overall is None or overall.min < 0 or len(columns) < FEWEST_COLUMNS:
            return False
        return sum(column.max >= FULL_RANGE * overall.max for column in columns) >= len(columns) / 2

    @property
    def has_vectorizer(self) -> bool:
        """Whether a step of the pipeline turns texts into columns."""
        return any("Vectorizer" in kind for kind in self.kinds)
