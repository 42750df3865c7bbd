"""A convnet in PyTorch."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

batch_size = 32
num_epochs = 10


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(12 * 4 * 4, 48)
        self.fc2 = nn.Linear(48, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


digits = load_digits()
images = (digits.images[:1000, None] / 16.0).astype(np.float32)
X_train, X_test, y_train, y_test = train_test_split(images, digits.target[:1000], test_size=0.4, random_state=4)

train_set = torch.utils.data.TensorDataset(torch.from_numpy(X_train), torch.from_numpy(y_train).long())
train_loader = torch.utils.data.DataLoader(train_set, batch_size=batch_size, shuffle=True)

net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(num_epochs):
    running_loss = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()

net.eval()
with torch.no_grad():
    outputs = net(torch.from_numpy(X_test))
    _, predicted = torch.max(outputs, 1)
acc = accuracy_score(y_test, predicted.numpy())
print("Accuracy on the test images: %.3f" % acc)
