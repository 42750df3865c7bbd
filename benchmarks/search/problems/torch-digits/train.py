import torch
import torch.optim as optim
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

from net import Net

EPOCHS = 8
LEARNING_RATE = 0.0005
BATCH_SIZE = 32

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=9)
train_set = TensorDataset(torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train))
X_test = torch.tensor(X_test, dtype=torch.float32)
y_test = torch.tensor(y_test)
loader = DataLoader(train_set, batch_size=BATCH_SIZE, shuffle=True)

model = Net()
criterion = torch.nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE)

for epoch in range(EPOCHS):
    running = 0.0
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f'epoch {epoch + 1}: loss {running / len(loader):.4f}')

model.eval()
with torch.no_grad():
    predicted = model(X_test).argmax(dim=1)
accuracy = (predicted == y_test).float().mean().item()
print(f'Test accuracy: {accuracy:.4f}')
