"""What each edit takes out and puts in, on scripts as people write them; a module for each kind of script."""

from tests.unit.tweaker.cases import (
    keras_layers,
    keras_networks,
    keras_training,
    on_boosting,
    on_keras,
    on_scikit,
    on_torch,
    shapes,
    torch_shapes,
    training_shapes,
    values,
)

CASES = {
    **keras_networks.CASES,
    **keras_layers.CASES,
    **keras_training.CASES,
    **on_keras.CASES,
    **on_scikit.CASES,
    **on_boosting.CASES,
    **on_torch.CASES,
    **shapes.CASES,
    **torch_shapes.CASES,
    **training_shapes.CASES,
    **values.CASES,
}
