"""Inputs of a network of PyTorch are scaled by what it is trained on, where that is certain."""

import pytest

from services.tweaker.guard import changed_measure
from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.editing import MAIN, edited

HEAD = """\
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from data import X, y
from sklearn.model_selection import train_test_split

X_train, X_test, y_train, y_test = train_test_split(X, y)
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=16, shuffle=True)
net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3)).to(device)
optimizer = optim.Adam(net.parameters())
loss_of = nn.CrossEntropyLoss()
"""
STEP = "loss_of(out, y).backward(); optimizer.step()"
LOOP = "    for x, y in loader:\n"
NUMBERED = """\
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        out = net(x)
        loss_of(out, y).backward(); optimizer.step()
    with torch.no_grad():
        print(loss_of(net(X_test), y_test))
"""
SLICES = """\
    order = torch.randperm(len(X_train))
    for at in range(0, len(X_train), 16):
        rows = order[at:at + 16]
        x, y = X_train[rows], y_train[rows]
        out = net(x)
        loss_of(out, y).backward(); optimizer.step()
"""
FORMS = {
    "the whole": (f"    out = net(X_train)\n    {STEP}", "net[0].adapt(X_train)"),
    "tensors made on the way": (
        f"    out = net(torch.from_numpy(X_train).float())\n    {STEP}",
        "net[0].adapt(torch.from_numpy(X_train).float())",
    ),
    "a loader": (f"{LOOP}        out = net(x)\n        {STEP}", "net[0].adapt(torch.cat([x for x, y in loader]))"),
    "numbered batches, moved to a device": (NUMBERED, "net[0].adapt(torch.cat([x.to(device) for x, y in loader]))"),
    "batches taken apart": (
        f"    for batch in loader:\n        x, y = batch\n        out = net(x)\n        {STEP}",
        "net[0].adapt(torch.cat([batch[0] for batch in loader]))",
    ),
    "shuffled slices": (SLICES, "net[0].adapt(X_train)"),
}
WHOLE = FORMS["the whole"][0]
IN_A_FUNCTION = f"""\
def fit(model, batches):
    for epoch in range(5):
        for x, y in batches:
            out = model(x)
            {STEP}

fit(net, loader)
"""
AN_EPOCH = f"""\
def learn(model, x, y):
    out = model(x)
    {STEP}

for epoch in range(5):
    for x, y in loader:
        learn(net, x, y)
"""


def script(training: str, end: str = "") -> str:
    """Return a script with this body of its loop over epochs."""
    return f"{HEAD}for epoch in range(5):\n{training}\n{end}"


def adapting(code: str) -> list[str]:
    """Return the statements by which a scaled script adapts its scaling."""
    return [line.strip() for line in code.splitlines() if ".adapt(" in line]


@pytest.mark.parametrize(("training", "adapts"), FORMS.values(), ids=FORMS.keys())
def test_takes_all_that_is_trained_on(training: str, adapts: str) -> None:
    """Whatever the batches are made of, mean and standard deviation are those of all of it; the guard lets it pass."""
    before = script(training).encode()

    after = edited("scale_inputs", None, before)

    assert adapting(after.decode()) == [adapts]
    assert changed_measure({MAIN: before}, {MAIN: after}) is None


@pytest.mark.parametrize(
    ("training", "adapts"),
    [
        (IN_A_FUNCTION, "model[0].adapt(torch.cat([x for x, y in batches]))"),
        (AN_EPOCH, "net[0].adapt(torch.cat([x for x, y in loader]))"),
    ],
    ids=["the loop in a function", "an epoch in a function"],
)
def test_follows_functions(training: str, adapts: str) -> None:
    """Network and data are named as they are where the loop over epochs begins."""
    before = f"{HEAD}{training}".encode()

    after = edited("scale_inputs", None, before)

    assert adapting(after.decode()) == [adapts]
    assert changed_measure({MAIN: before}, {MAIN: after}) is None


PART = f"    for at in range(0, 100, 20):\n        out = net(X[at:at + 20])\n        {STEP}"
LATER = "{0}print((net(X[100:]).argmax(1) == y[100:]).float().mean())\n"


def test_normalizes_batches_only_where_the_script_evaluates() -> None:
    """Batch normalization needs `eval()`: without that, test batches would be scaled by themselves, one row by none."""
    assert b"nn.BatchNorm1d(13)" in edited("scale_inputs", None, script(PART, LATER.format("net.eval()\n")))
    with pytest.raises(NotUnderstoodError, match="not all of X is trained on"):
        edited("scale_inputs", None, script(PART, LATER.format("")))


def test_the_guard_refuses_to_adapt_to_other_data() -> None:
    """Neither held-out data nor any other that the loop does not train on may be what inputs are scaled by."""
    before = script(WHOLE)
    after = edited("scale_inputs", None, before).decode()

    for other in ("X_test", "loader"):
        changed = after.replace("adapt(X_train)", f"adapt({other})")
        assert changed_measure({MAIN: before.encode()}, {MAIN: changed.encode()}) is not None


def test_the_guard_refuses_a_new_class_that_measures() -> None:
    """A class that an edit adds is methods, and none of them loads or evaluates anything."""
    before = script(WHOLE)
    after = edited("scale_inputs", None, before).decode()

    for harm in ("torch.manual_seed(3)", "print(1)"):
        changed = after.replace("        self.std[", f"        {harm}\n        self.std[")
        assert changed_measure({MAIN: before.encode()}, {MAIN: changed.encode()}) is not None
    statement = after.replace('    """Scale', '    torch.set_num_threads(9)\n    """Scale')
    assert changed_measure({MAIN: before.encode()}, {MAIN: statement.encode()}) is not None


def test_edits_what_has_a_layer_of_its_own() -> None:
    """A module that another network holds as a layer is no second network, so later edits still find the one."""
    scaled = edited("scale_inputs", None, script(WHOLE))

    assert b"nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 3)" in edited("units", 64, scaled)
