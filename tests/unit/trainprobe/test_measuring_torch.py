"""PyTorch, as people write it: the value, the data and where it was found."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.patterns import Python, expected

LOADERS = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

first = TensorDataset(torch.from_numpy(X_train), torch.from_numpy(y_train).long())
second = TensorDataset(torch.from_numpy(X_test), torch.from_numpy(y_test).long())
a, b = DataLoader(first, batch_size=10, shuffle=True), DataLoader(second, batch_size=10)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()


def train(loader):
    model.train()
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()


def right(loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for inputs, labels in loader:
            correct += (model(inputs).argmax(1) == labels).sum().item()
    return correct

"""
TUTORIAL = """
for epoch in range(3):
    train(a)
correct = right(b)
print('Accuracy of the network on the 30 images: %d %%' % (100 * correct / 30))
for name, value in (('plane', 10), ('car', 20), ('bird', 30)):
    print('Accuracy of %5s : %2d %%' % (name, value))
expect((100 * correct // 30) / 100)
"""
PATTERNS = {
    "a percentage, and one of each class": (TUTORIAL, "test", "printed"),
    "a fraction of a test set": (
        (
            "for epoch in range(2):\n    train(a)\n    correct = right(b)\n"
            "    print('Test set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)'.format(0.5, correct, 30, 2))\n"
            "expect(correct / 30)"
        ),
        "test",
        "printed",
    ),
    "lines that name no data": (
        (
            "for epoch in range(2):\n    train(a)\n"
            "print('Checking accuracy')\nprint(f'Got accuracy {100 * right(a) / 70:.2f}')\n"
            "correct = right(b)\nprint(f'Got accuracy {100 * correct / 30:.2f}')\nexpect(round(correct / 30, 4))"
        ),
        "test",
        "printed",
    ),
    "parts of one dataset": (
        (
            "one, other = random_split(first, [50, 20])\none, other = DataLoader(one, 10), DataLoader(other, 10)\n"
            "train(one)\nacc = right(other) / 20\nexpect(acc)"
        ),
        "test",
        "variable acc",
    ),
    "the rows that were trained with": (
        "train(a)\nacc = right(DataLoader(first, batch_size=7)) / 70\nexpect(acc)",
        "train",
        "variable acc",
    ),
    "whole arrays": (
        (
            "X_train, X_test = torch.from_numpy(X_train), torch.from_numpy(X_test)\n"
            "for epoch in range(5):\n    optimizer.zero_grad()\n"
            "    loss = criterion(model(X_train), torch.from_numpy(y_train).long())\n"
            "    loss.backward()\n    optimizer.step()\n"
            "with torch.no_grad():\n    test_acc = (model(X_test).argmax(1).numpy() == y_test).mean()\nexpect(test_acc)"
        ),
        "test",
        "variable test_acc",
    ),
}


@pytest.fixture(scope="module")
def torch() -> Python:
    """A Python that has PyTorch."""
    return Python.with_library("torch")


class TestTheAccuracy:
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_is_found_and_rightly_named(self, torch: Python, tmp_path: Path, pattern: str) -> None:
        """The loaders that were gone through tell the data."""
        script, data, source = PATTERNS[pattern]

        run = torch.run(tmp_path / "trial", LOADERS + script)

        assert (run.measurement["data"], run.measurement["source"]) == (data, source)
        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)

    def test_counts_where_the_script_breaks_off_behind_it(self, torch: Python, tmp_path: Path) -> None:
        """It was printed after the last step; what failed is a warning."""
        run = torch.run(tmp_path / "trial", LOADERS + TUTORIAL + "raise RuntimeError('no mail')\n")

        assert run.measurement["source"] == "printed"
        assert run.result["warning"]["message"] == "no mail"

    def test_does_not_count_where_the_training_broke_off(self, torch: Python, tmp_path: Path) -> None:
        """An epoch's accuracy is not the training's."""
        script = "train(a)\nprint('Accuracy: 0.5')\ntrain(a)\nraise RuntimeError('no memory')\n"

        run = torch.run(tmp_path / "trial", LOADERS + script)

        assert run.error["message"] == "no memory"


class TestTheRest:
    def test_is_the_curve_the_facts_and_a_model(self, torch: Python, tmp_path: Path) -> None:
        """A point of the loss an epoch, the network, and its weights where the script saved none."""
        run = torch.run(tmp_path / "trial", LOADERS + TUTORIAL)

        assert [(curve["name"], curve["epochs"]) for curve in run.result["curves"]] == [("loss", 3)]
        assert run.result["facts"]["model"]["class"] == "Sequential"
        assert run.result["facts"]["model"]["parameters"] == 58
        assert next(artifact["path"] for artifact in run.result["artifacts"]) == "run:artifacts/model.pt"

    def test_is_repeatable(self, torch: Python, tmp_path: Path) -> None:
        """PyTorch draws by the trial's seed."""
        script = "import torch\nacc = torch.rand(1).item()\n"

        values = {torch.run(tmp_path / str(number), script, seed=3).measurement["value"] for number in range(2)}

        assert len(values) == 1

    def test_is_what_torchmetrics_computes(self, tmp_path: Path) -> None:
        """The metric object is read by the script."""
        python = Python.with_library("torchmetrics")
        script = (
            "import torchmetrics\nmetric = torchmetrics.Accuracy(task='multiclass', num_classes=2)\ntrain(a)\n"
            "model.eval()\nfor inputs, labels in b:\n    metric.update(model(inputs), labels)\n"
            "expect(metric.compute())"
        )

        run = python.run(tmp_path / "trial", LOADERS + script)

        assert (run.measurement["data"], run.measurement["source"]) == ("test", "torchmetrics.MulticlassAccuracy")
        assert run.measurement["value"] == pytest.approx(expected(run))
