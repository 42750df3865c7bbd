"""Edits find their place in networks of PyTorch whose layers are arguments, lists and loops."""

from tests.unit.tweaker.cases.on_torch import STANDARDIZE
from tests.unit.tweaker.editing import Case, line

HEAD = """\
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from wines import X_train, X_test, y_train, y_test


"""
TAIL = """\
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=16, shuffle=True)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(xb), yb).backward()
        optimizer.step()
print("accuracy:", (model(X_test).argmax(1) == y_test).float().mean().item())
"""
ADAPTED = "adapt(torch.cat([xb for xb, yb in loader]))"


def trained(network: str) -> bytes:
    """Return the script that trains a network."""
    return f"{HEAD}{network}{TAIL}".encode()


PASSED = trained("""\
ACTIVATIONS = {"relu": nn.ReLU(), "tanh": nn.Tanh()}


class Net(nn.Module):
    def __init__(self, hidden=8, act=nn.Tanh, after=F.relu, last="relu"):
        super(Net, self).__init__()
        self.first = nn.Sequential(nn.Linear(13, hidden), act())
        self.middle = nn.Linear(hidden, 6)
        self.after = after
        self.third = nn.Linear(6, 4)
        self.last = ACTIVATIONS[last]
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        x = self.after(self.middle(self.first(x)))
        return self.out(self.last(self.third(x)))


model = Net(8, act=nn.ReLU)
""")
LOOPED = trained("""\
class Net(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        layers = []
        last = n_in
        for h in hidden:
            layers += [nn.Linear(last, h), nn.ReLU()]
            last = h
        layers.append(nn.Linear(last, n_out))
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


model = Net(13, [8, 8], 3)
""")
PAIRS = trained("""\
class Net(nn.Module):
    def __init__(self, sizes=(13, 8, 8, 3)):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = self.drop(torch.relu(x))
        return x


model = Net()
""")
KEPT = trained("""\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.ModuleList()
        self.hidden.append(nn.Linear(13, 8))
        self.hidden.append(nn.Linear(8, 6))
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        for i in range(len(self.hidden)):
            x = torch.relu(self.hidden[i](x))
        return torch.softmax(self.out(x), dim=1)


model = Net()
""")
BLOCKS = trained("""\
def block(a, b):
    return nn.Sequential(nn.Linear(a, b), nn.ReLU())


sizes = [13, 8, 8]
model = nn.Sequential(*[block(sizes[i], sizes[i + 1]) for i in range(2)], nn.Linear(8, 3))
""")

ROWS = trained("""\
def activation(name):
    if name == "tanh":
        return nn.Tanh()
    return nn.ReLU()


layers = [
    nn.Linear(13, 8),
    activation("tanh"),
    nn.Linear(8, 3),
]
model = nn.Sequential(*layers)
""")

CASES = {
    "torch shapes: scale in the lines of a list": Case(
        "scale_inputs", None, ROWS, [], [*STANDARDIZE, "    Standardize(13),", f"model[0].{ADAPTED}"]
    ),
    "torch shapes: widen around an activation that is passed": Case(
        "units",
        16,
        PASSED,
        [
            "        self.middle = nn.Linear(hidden, 6)",
            "        self.third = nn.Linear(6, 4)",
            "        self.out = nn.Linear(4, 3)",
            "model = Net(8, act=nn.ReLU)",
        ],
        [
            "        self.middle = nn.Linear(hidden, 16)",
            "        self.third = nn.Linear(16, 16)",
            "        self.out = nn.Linear(16, 3)",
            "model = Net(16, act=nn.ReLU)",
        ],
    ),
    "torch shapes: scale before a loop that extends a list": Case(
        "scale_inputs",
        None,
        LOOPED,
        [],
        [*STANDARDIZE, "        layers.append(Standardize(n_in))", f"model.layers[0].{ADAPTED}"],
    ),
    "torch shapes: a layer after a loop": Case(
        "dense_layer",
        16,
        LOOPED,
        ["        layers.append(nn.Linear(last, n_out))"],
        [
            "        layers.append(nn.Linear(last, 16))",
            "        layers.append(nn.ReLU())",
            "        layers.append(nn.Linear(16, n_out))",
        ],
    ),
    "torch shapes: scale before a loop of forward": Case(
        "scale_inputs",
        None,
        PAIRS,
        [],
        [
            *STANDARDIZE,
            "        self.standardize = Standardize(sizes[0])",
            "        x = self.standardize(x)",
            f"model.standardize.{ADAPTED}",
        ],
    ),
    "torch shapes: less dropout in a loop of forward": line(
        "dropout", 0.1, PAIRS, "        self.drop = nn.Dropout(0.5)", "        self.drop = nn.Dropout(0.1)"
    ),
    "torch shapes: widen layers that are kept in a list": Case(
        "units",
        16,
        KEPT,
        [
            "        self.hidden.append(nn.Linear(13, 8))",
            "        self.hidden.append(nn.Linear(8, 6))",
            "        self.out = nn.Linear(6, 3)",
        ],
        [
            "        self.hidden.append(nn.Linear(13, 16))",
            "        self.hidden.append(nn.Linear(16, 16))",
            "        self.out = nn.Linear(16, 3)",
        ],
    ),
    "torch shapes: output after a loop of forward": line(
        "output", None, KEPT, "        return torch.softmax(self.out(x), dim=1)", "        return self.out(x)"
    ),
    "torch shapes: scale before blocks of a function": Case(
        "scale_inputs",
        None,
        BLOCKS,
        ["model = nn.Sequential(*[block(sizes[i], sizes[i + 1]) for i in range(2)], nn.Linear(8, 3))"],
        [
            *STANDARDIZE,
            (
                "model = nn.Sequential(*[Standardize(sizes[0]), *[block(sizes[i], sizes[i + 1]) for i in range(2)]], "
                "nn.Linear(8, 3))"
            ),
            f"model[0].{ADAPTED}",
        ],
    ),
}
