"""Edits of scripts that train networks of PyTorch."""

from tests.unit.tweaker.editing import Case, line
from tests.unit.tweaker.torch_scripts import BAR, IMAGES, MODULE, SEQUENTIAL

STANDARDIZE = [
    "class Standardize(nn.Module):",
    '    """Scale inputs by the mean and standard deviation of the training data."""',
    "",
    "    def __init__(self, *shape):",
    "        super().__init__()",
    '        self.register_buffer("mean", torch.zeros(shape))',
    '        self.register_buffer("std", torch.ones(shape))',
    "",
    "    def adapt(self, inputs):",
    "        self.mean.copy_(inputs.mean(dim=0))",
    "        self.std.copy_(inputs.std(dim=0))",
    "        self.std[self.std == 0] = 1",
    "",
    "    def forward(self, inputs):",
    "        return (inputs - self.mean) / self.std",
    "",
    "",
]
ALL_BATCHES = "torch.cat([data for data, target in DataLoader(train_set, batch_size=64)])"
IMPORTED = next(line for line in IMAGES.decode().splitlines() if line.startswith("from torch.nn"))

CASES = {
    "torch epochs: a constant that is printed too": line("epochs", 200, SEQUENTIAL, "EPOCHS = 20", "EPOCHS = 200"),
    "torch epochs: an option, a range from 1, the step in a function": line(
        "epochs",
        30,
        MODULE,
        'parser.add_argument("--epochs", type=int, default=3)',
        'parser.add_argument("--epochs", type=int, default=30)',
    ),
    "torch epochs: a bar, and a loop over batches in it": line(
        "epochs", 60, BAR, "for i in tqdm(range(6)):", "for i in tqdm(range(60)):"
    ),
    "torch learning rate: a number": line(
        "learning_rate",
        0.1,
        SEQUENTIAL,
        "optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)",
        "optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)",
    ),
    "torch learning rate: an option": line(
        "learning_rate",
        0.003,
        MODULE,
        'parser.add_argument("--lr", type=float, default=1e-4)',
        'parser.add_argument("--lr", type=float, default=0.003)',
    ),
    "torch learning rate: none so far": line(
        "learning_rate", 0.001, IMAGES, "opt = RMSprop(net.parameters())", "opt = RMSprop(net.parameters(), lr=0.001)"
    ),
    "torch optimizer: beside another in its module": line(
        "optimizer",
        "adam",
        SEQUENTIAL,
        "optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)",
        "optimizer = optim.Adam(model.parameters())",
    ),
    "torch optimizer: imported by itself": Case(
        "optimizer",
        "adam",
        IMAGES,
        ["from torch.optim import RMSprop", "opt = RMSprop(net.parameters())"],
        ["from torch.optim import RMSprop, Adam", "opt = Adam(net.parameters())"],
    ),
    "torch units: in a Sequential": Case(
        "units",
        32,
        SEQUENTIAL,
        ["    nn.Linear(13, 8),  # the cultivars", "    nn.Linear(8, 4),", "    nn.Linear(4, 3),"],
        ["    nn.Linear(13, 32),  # the cultivars", "    nn.Linear(32, 32),", "    nn.Linear(32, 3),"],
    ),
    "torch units: a constant that says them, normalized in between": Case(
        "units",
        64,
        MODULE,
        ["hidden = 16", "        self.fc2 = nn.Linear(hidden, 12)", "        self.fc3 = nn.Linear(12, 10)"],
        ["hidden = 64", "        self.fc2 = nn.Linear(hidden, 64)", "        self.fc3 = nn.Linear(64, 10)"],
    ),
    "torch units: behind convolutions": Case(
        "units",
        128,
        IMAGES,
        ["        self.hidden = Linear(72, 24)", "        self.out = Linear(24, classes)"],
        ["        self.hidden = Linear(72, 128)", "        self.out = Linear(128, classes)"],
    ),
    "torch layer: in a Sequential": Case(
        "dense_layer",
        16,
        SEQUENTIAL,
        ["    nn.Linear(4, 3),"],
        ["    nn.Linear(4, 16),", "    nn.ReLU(),", "    nn.Linear(16, 3),"],
    ),
    "torch layer: in a class": Case(
        "dense_layer",
        None,
        MODULE,
        ["        self.fc3 = nn.Linear(12, 10)", "        return F.softmax(self.fc3(x), dim=1)"],
        [
            "        self.hidden_2 = nn.Linear(12, 64)",
            "        self.hidden_relu = nn.ReLU()",
            "        self.fc3 = nn.Linear(64, 10)",
            "        return F.softmax(self.fc3(self.hidden_relu(self.hidden_2(x))), dim=1)",
        ],
    ),
    "torch dropout: in a Sequential": Case("dropout", 0.3, SEQUENTIAL, [], ["    nn.Dropout(0.3),"]),
    "torch dropout: more of it": line(
        "dropout", 0.5, IMAGES, "        self.drop = Dropout(p=0.2)", "        self.drop = Dropout(p=0.5)"
    ),
    "torch scale: in a Sequential": Case(
        "scale_inputs",
        None,
        SEQUENTIAL,
        [],
        ["", "", *STANDARDIZE, "    Standardize(13),", "", "model[0].adapt(X_train)"],
    ),
    "torch scale: a picture's channels, by batches where other parts of the data are used elsewhere": Case(
        "scale_inputs",
        None,
        IMAGES,
        [IMPORTED, "        self.features = Sequential(Conv2d(1, 8, 3), ReLU(), MaxPool2d(2), Flatten())"],
        [
            IMPORTED + ", BatchNorm2d",
            "        self.features = Sequential(BatchNorm2d(1), Conv2d(1, 8, 3), ReLU(), MaxPool2d(2), Flatten())",
        ],
    ),
    "torch scale: in a class, behind what shapes the input": Case(
        "scale_inputs",
        None,
        MODULE,
        ["        x = F.relu(self.bn(self.fc1(x)))"],
        [
            *STANDARDIZE,
            "        self.standardize = Standardize(64)",
            "        x = F.relu(self.bn(self.fc1(self.standardize(x))))",
            f"    model.standardize.adapt({ALL_BATCHES}.flatten(1))",
        ],
    ),
    "torch scale: pictures divided": line(
        "scale_inputs",
        255,
        MODULE,
        "        x = F.relu(self.bn(self.fc1(x)))",
        "        x = F.relu(self.bn(self.fc1(x / 255)))",
    ),
    "torch output: a layer of a Sequential": Case("output", None, SEQUENTIAL, ["    nn.Softmax(dim=1),"], []),
    "torch output: a function": line(
        "output", None, MODULE, "        return F.softmax(self.fc3(x), dim=1)", "        return self.fc3(x)"
    ),
    "torch output: a layer of a class": Case(
        "output",
        None,
        IMAGES,
        ["        self.softmax = Softmax(dim=1)", "        x = self.softmax(x)"],
        [],
    ),
    "torch output: linear for amounts": Case(
        "output",
        "linear",
        SEQUENTIAL.replace(b"CrossEntropyLoss", b"MSELoss").replace(b"Softmax(dim=1)", b"Tanh()"),
        ["    nn.Tanh(),"],
        [],
    ),
    "torch output: linear for amounts, by functions": line(
        "output",
        "linear",
        MODULE.replace(b"F.cross_entropy", b"F.mse_loss").replace(
            b"F.softmax(self.fc3(x), dim=1)", b"F.relu(self.fc3(x))"
        ),
        "        return F.relu(self.fc3(x))",
        "        return self.fc3(x)",
    ),
    "torch gradients: the batch is everything": Case("zero_grad", None, SEQUENTIAL, [], ["    optimizer.zero_grad()"]),
    "torch gradients: in a loop over batches": Case("zero_grad", None, IMAGES, [], ["        opt.zero_grad()"]),
}
