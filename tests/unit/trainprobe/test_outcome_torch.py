"""Facts that a trained network of PyTorch tells, and that telling them changes nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.unit.trainprobe.declared import undeclared
from tests.unit.trainprobe.patterns import DATA, Python
from tests.unit.trainprobe.probing import LIMIT

TRAINING = """
import hashlib
import json
import random

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

random.seed(7)
np.random.seed(7)
torch.manual_seed(7)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(0.25)
        self.last = nn.Linear(8, 2)
        nn.init.constant_(self.first.bias, -60.0)
        nn.init.ones_(self.first.weight)
        self.first.requires_grad_(False)

    def forward(self, x):
        return torch.softmax(self.last(self.drop(self.relu(self.first(x)))), dim=1)


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, weight_decay=0.001)
loader = DataLoader(TensorDataset(torch.tensor(X_train) * 2, torch.tensor(y_train).long()), batch_size=10, shuffle=True)
for epoch in range(4):
    for inputs, labels in loader:
        optimizer.zero_grad()
        LOSS.backward()
        optimizer.step()
state = {
    'weights': hashlib.sha256(b''.join(one.detach().numpy().tobytes() for one in model.parameters())).hexdigest(),
    'drawn': [random.random(), float(np.random.rand()), float(torch.rand(()))],
}
torch.save(model, 'net.pt')
open('state.json', 'w').write(json.dumps(state))
print('accuracy:', 0.5)
"""
CLASS = TRAINING.replace("LOSS", "nn.CrossEntropyLoss()(model(inputs), labels)")
FUNCTION = TRAINING.replace("LOSS", "F.cross_entropy(model(inputs), labels)")


@pytest.fixture
def torch() -> Python:
    """An interpreter that has PyTorch."""
    return Python.with_library("torch")


class TestANetworkOfPyTorch:
    def test_tells_what_it_is_and_how_it_was_trained(self, torch: Python, tmp_path: Path) -> None:
        """Its layers, dead ones among them, its loss, and the softmax in front of it that does not belong there."""
        facts = torch.run(tmp_path / "trial", CLASS).result["facts"]

        model, training = facts["model"], facts["training"]
        assert [layer["class"] for layer in model["layers"]] == ["Linear", "ReLU", "Dropout", "Linear"]
        assert (model["layers"][0]["units"], model["layers"][1]["dead"], model["layers"][2]["rate"]) == (8, 1.0, 0.25)
        assert [(layer.get("alike"), layer.get("frozen")) for layer in model["layers"]] == [
            (True, True),
            *[(None, None)] * 3,
        ]
        assert model["loss"] == "cross_entropy_loss"
        assert model["output"] == {"units": 2, "activation": "softmax", "width": 2}
        assert (model["optimizer"], model["learning_rate"], model["weight_decay"]) == ("SGD", 0.01, 0.001)
        assert (training["epochs"], training["batch_size"], training["steps"]) == (4, 10, 7)
        assert sorted(training["predicted"]) == [0, 70]
        assert undeclared(facts) == set()

    def test_tells_of_the_data_that_it_was_given(self, torch: Python, tmp_path: Path) -> None:
        """As it reached the network, also where a function works out the loss."""
        facts = torch.run(tmp_path / "trial", FUNCTION).result["facts"]

        assert (facts["inputs"]["rows"], facts["inputs"]["shape"]) == (70, [4])
        assert sum(facts["labels"]["counts"]) == 70
        assert facts["model"]["loss"].startswith("nllloss")

    def test_is_asked_without_a_trace(self, torch: Python, tmp_path: Path) -> None:
        """Weights and random numbers are those of the same script without the probe."""
        (tmp_path / "train.py").write_text(DATA + CLASS)
        subprocess.run([torch.path, "train.py"], cwd=tmp_path, check=True, capture_output=True, timeout=LIMIT)

        torch.run(tmp_path / "trial", CLASS)

        told = (tmp_path / "trial" / "code" / "state.json").read_text()
        assert told == (tmp_path / "state.json").read_text()


def test_a_script_may_import_torch_before_numpy(tmp_path: Path) -> None:
    """PyTorch then imports NumPy itself, before it is all there; both are seeded, and neither twice."""
    done = Python.with_library("torch").run(tmp_path, "import torch\nprint('accuracy: 0.5')\n", data="")

    assert (done.code, done.stderr) == (0, "")
