"""Scripts that train networks of PyTorch, as people write them."""

SEQUENTIAL = b"""\
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_train = torch.tensor(X_train, dtype=torch.float32)
X_test = torch.tensor(X_test, dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)

EPOCHS = 20
model = nn.Sequential(
    nn.Linear(13, 8),  # the cultivars
    nn.ReLU(),
    nn.Linear(8, 4),
    nn.ReLU(),
    nn.Linear(4, 3),
    nn.Softmax(dim=1),
)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

for epoch in range(EPOCHS):
    out = model(X_train)
    loss = criterion(out, y_train)
    loss.backward()
    optimizer.step()

with torch.no_grad():
    acc = (model(X_test).argmax(dim=1) == y_test).float().mean().item()
print(f'Test accuracy: {acc:.4f} after {EPOCHS} epochs')
torch.save(model.state_dict(), 'wine.pt')
"""
MODULE = b"""\
import argparse

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--lr", type=float, default=1e-4)
args = parser.parse_args()
torch.manual_seed(0)
hidden = 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, hidden)
        self.bn = nn.BatchNorm1d(hidden)
        self.fc2 = nn.Linear(hidden, 12)
        self.fc3 = nn.Linear(12, 10)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        x = F.relu(self.bn(self.fc1(x)))
        x = torch.relu(self.fc2(x))
        return F.softmax(self.fc3(x), dim=1)


def train(model, loader, optimizer, epoch):
    model.train()
    for data, target in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(data), target)
        loss.backward()
        optimizer.step()


def main():
    data = load_digits()
    whole = TensorDataset(torch.tensor(data.images, dtype=torch.float32), torch.tensor(data.target))
    train_set, test_set = random_split(whole, [1400, 397])
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        train(model, DataLoader(train_set, batch_size=64, shuffle=True), optimizer, epoch)
    model.eval()
    correct = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(test_set, batch_size=256))
    print("accuracy:", correct / len(test_set))
    torch.save(model, "digits.pt")


if __name__ == "__main__":
    main()
"""
IMAGES = b"""\
import torch
from sklearn.datasets import load_digits
from torch.nn import Conv2d, CrossEntropyLoss, Dropout, Flatten, Linear, MaxPool2d, Module, ReLU, Sequential, Softmax
from torch.optim import RMSprop


class CNN(Module):
    def __init__(self, classes=10):
        super(CNN, self).__init__()
        self.features = Sequential(Conv2d(1, 8, 3), ReLU(), MaxPool2d(2), Flatten())
        self.drop = Dropout(p=0.2)
        self.hidden = Linear(72, 24)
        self.out = Linear(24, classes)
        self.softmax = Softmax(dim=1)

    def forward(self, x):
        x = self.features(x)
        x = self.drop(torch.relu(self.hidden(x)))
        x = self.out(x)
        x = self.softmax(x)
        return x


data = load_digits()
x = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1)
y = torch.tensor(data.target)
net = CNN()
loss_fn = CrossEntropyLoss()
opt = RMSprop(net.parameters())
for i in range(6):
    for at in range(0, 1400, 50):
        loss = loss_fn(net(x[at:at + 50]), y[at:at + 50])
        loss.backward()
        opt.step()
net.eval()
print("accuracy", (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item())
"""
ROWS = b"""\
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from torch import nn


class Wine(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(13, 16)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


torch.manual_seed(1)
X, y = load_wine(return_X_y=True)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = Wine()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(50):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(X_train), y_train).backward()
    optimizer.step()
torch.save(model.state_dict(), "wine.pt")

loaded = Wine()
loaded.load_state_dict(torch.load("wine.pt"))
hits = [loaded(row.reshape(1, -1)).argmax().item() == label for row, label in zip(X_test, y_test.tolist())]
print("accuracy:", sum(hits) / len(hits))
"""
"""Measures row by row with a model that is loaded from a file, and that nobody sets to evaluation."""
BAR = IMAGES.replace(b"import torch\n", b"import torch\nfrom tqdm import tqdm\n", 1).replace(
    b"in range(6)", b"in tqdm(range(6))"
)
