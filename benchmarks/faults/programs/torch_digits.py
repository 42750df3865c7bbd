import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 12
HIDDEN = 64
LR = 0.003

data = load_digits()
X, y = data.data[:1200].astype(np.float32) / 16.0, data.target[:1200]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=0)
train_loader = DataLoader(TensorDataset(torch.tensor(X_train), torch.tensor(y_train).long()), batch_size=32, shuffle=True)

model = nn.Sequential(
    nn.Linear(64, HIDDEN),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(HIDDEN, HIDDEN),
    nn.ReLU(),
    nn.Linear(HIDDEN, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=LR)

for epoch in range(EPOCHS):
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()

model.eval()
with torch.no_grad():
    predicted = model(torch.tensor(X_test)).argmax(dim=1).numpy()
accuracy = (predicted == y_test).mean()
print(f"Test accuracy: {accuracy:.4f}")
