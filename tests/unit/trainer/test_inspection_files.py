"""What the paths of a script mean in its repository, and what it takes for granted of files and folders."""

import pytest

from services.trainer.inspection import Plan
from tests.unit.trainer.inspecting import inspected, notebook, refused
from trainyard.policy import Policy

FIT = "from sklearn.svm import SVC\nmodel = SVC().fit([[0], [1]], [0, 1])\n"
READ = "import pandas as pd\n"


def planned(script: str, *others: str, at: str = "train.py") -> Plan:
    """Inspect a script beside other, empty files."""
    return inspected({at: READ + FIT + script, **dict.fromkeys(others, "")})


class TestAbsolutePaths:
    @pytest.mark.parametrize(
        ("script", "files", "paths"),
        [
            ("pd.read_csv('/root/ws/wines.csv')", ["wines.csv"], {"/root/ws": "."}),
            ("pd.read_csv('/root/ws/data/wines.csv')", ["data/wines.csv"], {"/root/ws": "."}),
            ("pd.read_csv('/root/ws/wines.csv')", ["data/wines.csv"], {"/root/ws": "data"}),
            ("pd.read_csv(r'C:\\Users\\Ada\\wines.csv')", ["wines.csv"], {"C:\\Users\\Ada": "."}),
            ("pd.read_csv('D:/work/Wines.CSV')", ["wines.csv"], {"D:/work/Wines.CSV": "wines.csv", "D:/work": "."}),
            ("pd.read_csv('~/wines.csv')", ["wines.csv"], {"~/wines.csv": "wines.csv"}),
            ("pd.read_csv('/content/drive/My Drive/wines.csv')", ["wines.csv"], {"/content/drive/My Drive": "."}),
            ("B = '/home/ada/ws/'\npd.read_csv(B + 'wines.csv')", ["wines.csv"], {"/home/ada/ws": "."}),
            ("B = '/home/ada/ws'\npd.read_csv(f'{B}/wines.csv')", ["wines.csv"], {"/home/ada/ws": "."}),
            ("import os\npd.read_csv(os.path.join('/ws/d', 'a.csv'))", ["d/a.csv"], {"/ws": "."}),
            ("from pathlib import Path\npd.read_csv(Path('/ws/x') / 'a.csv')", ["a.csv"], {"/ws/x": "."}),
            ("import glob\nglob.glob('/ws/faces/*.png')", ["faces/a.png"], {"/ws": "."}),
            ("pd.read_csv('/home/ada/w/fold_%d.csv' % i)", ["fold_1.csv", "fold_2.csv"], {"/home/ada/w": "."}),
            ("pd.read_csv(f'/home/ada/w/fold{i}.csv')", ["d/fold1.csv"], {"/home/ada/w": "d"}),
            ("pd.read_csv('/wines.csv')", ["wines.csv"], {"/wines.csv": "wines.csv"}),
            ("pd.read_csv('/home/wines.csv')", ["wines.csv"], {"/home/wines.csv": "wines.csv"}),
            ("pd.read_csv('/ws/a.csv')\npd.read_csv('/ws/sub/b.csv')", ["a.csv", "sub/b.csv"], {"/ws": "."}),
        ],
    )
    def test_mean_what_the_repository_calls_so(self, script: str, files: list[str], paths: dict[str, str]) -> None:
        """By as much of their end as there is; what lies before it is the author's folder."""
        assert planned(script, *files).setup.paths == paths

    def test_below_a_folder_that_is_known_need_no_file(self) -> None:
        """What is written there goes to the same place here."""
        plan = planned("pd.read_csv('/root/ws/wines.csv')\nmodel.save('/root/ws/out/model.h5')", "wines.csv")

        assert plan.setup.paths == {"/root/ws": "."}
        assert plan.setup.folders == ("out",)

    @pytest.mark.parametrize(
        ("script", "paths"),
        [
            ("open('/task3/accuracy.txt', 'w').write('1')", {"/task3/accuracy.txt": "accuracy.txt"}),
            ("import joblib\njoblib.dump(model, '/home/ada/m.pkl')", {"/home/ada/m.pkl": "m.pkl"}),
            ("OUT = '/home/ada/out'\nmodel.savefig(OUT + '/a.png')", {"/home/ada/out": "out"}),
            ("import os\nos.makedirs('/home/ada/out')", {"/home/ada/out": "out"}),
            ("import os\nos.chdir('/home/ada/work/')", {"/home/ada/work": "."}),
        ],
    )
    def test_that_are_written_go_to_the_root(self, script: str, paths: dict[str, str]) -> None:
        """A training cannot write elsewhere."""
        assert planned(script).setup.paths == paths

    @pytest.mark.parametrize(
        "script",
        [
            "pd.read_csv('/tmp/wines.csv')",
            "open('/dev/null', 'w')",
            "open('/proc/cpuinfo')",
            "pd.read_csv('/usr/share/wines.csv')",
            "pd.read_csv('https://host.example/wines.csv')",
            "base = 'x'\npd.read_csv(base + '/wines.csv')",
            "name = '/wines.csv'\npd.read_csv(folder + name)",
            "pd.read_csv(f'{folder}/wines.csv')",
            "path.replace('/wines.csv', '')",
            "path.endswith('/wines.csv')",
            "if path == '/wines.csv':\n    pass",
            "'''/wines.csv'''",
            "print('/wines.csv')",
        ],
    )
    def test_of_the_system_and_ends_of_others_are_left_alone(self, script: str) -> None:
        """Replacing them would break what works."""
        assert planned(script, "wines.csv").setup.paths == {}

    def test_that_nothing_answers_are_reported(self) -> None:
        """The author learns which file is missing."""
        plan = planned("pd.read_csv('/home/ada/wines.csv')")

        assert plan.setup.paths == {}
        assert plan.lost_paths == ("/home/ada/wines.csv",)
        assert (
            "finds no /home/ada/wines.csv (train.py, line 4): nothing in the repository has that name" in plan.reasons
        )

    def test_are_not_guessed_among_files_of_one_name(self) -> None:
        """Two files of that name, none nearer than the other."""
        plan = planned("pd.read_csv('/home/ada/wines.csv')", "a/wines.csv", "b/wines.csv")

        assert (plan.setup.paths, plan.lost_paths) == ({}, ("/home/ada/wines.csv",))

    def test_are_known_from_a_dockerfile(self) -> None:
        """Where the image has the code, the repository is meant."""
        files = {
            "Dockerfile": "FROM python\nWORKDIR /usr/src/app\nCOPY . .\nCMD python train.py",
            "train.py": READ + FIT + "open('/usr/src/app/out/accuracy.txt', 'w')",
        }

        plan = inspected(files)

        assert (plan.setup.paths, plan.setup.folders) == ({"/usr/src/app": "."}, ("out",))

    def test_below_a_folder_of_an_image_keep_their_folder(self) -> None:
        """A working directory within the copy of the code is that folder of the code."""
        files = {
            "Dockerfile": "COPY . /app\nWORKDIR /app/src\nCMD python train.py",
            "src/train.py": FIT + "open('/app/src/out.txt', 'w')\nopen('/app/res/out.txt', 'w')",
        }

        plan = inspected(files)

        assert (plan.setup.paths, plan.setup.folders) == ({"/app": "."}, ("res",))

    def test_in_arguments_count_as_well(self) -> None:
        """A Dockerfile's arguments are paths in its image."""
        plan = inspected({"train.py": FIT, "wines.csv": ""}, Policy(args=("--data", "/root/ws/wines.csv")))

        assert plan.setup.paths == {"/root/ws": "."}

    def test_in_a_module_of_settings_count_as_well(self) -> None:
        """Where they are written down does not matter."""
        files = {
            "train.py": READ + "import config\n" + FIT + "pd.read_csv(config.BASE + 'wines.csv')\n"
            "from config import OUT\nmodel.savefig(OUT + '/a.png')\n",
            "config.py": "BASE = '/home/ada/work/'\nOUT = 'figures'\n",
            "wines.csv": "",
        }

        plan = inspected(files)

        assert (plan.setup.paths, plan.setup.folders) == ({"/home/ada/work": "."}, ("figures",))

    def test_as_defaults_of_functions_count_as_well(self) -> None:
        """What is surely data and not there is reported; what is more often written goes to the root."""
        plan = planned("def load(a='/ws/wines.csv', b='/x/other.csv', c='/x/y/model.h5'):\n    pass", "wines.csv")

        assert plan.setup.paths == {"/ws": ".", "/x/y/model.h5": "model.h5"}
        assert plan.lost_paths == ("/x/other.csv",)

    def test_of_a_notebook_count_as_well(self) -> None:
        """Colab's are the most frequent of all."""
        book = notebook("import pandas as pd\npd.read_csv('/content/wines.csv')", FIT)

        assert inspected({"a.ipynb": book, "wines.csv": ""}).setup.paths == {"/content": "."}


class TestRelativePaths:
    @pytest.mark.parametrize(
        ("script", "files", "paths"),
        [
            ("pd.read_csv('Data/Wines.CSV')", ["data/wines.csv"], {"Data/Wines.CSV": "data/wines.csv"}),
            ("pd.read_csv('data\\\\wines.csv')", ["data/wines.csv"], {"data\\wines.csv": "data/wines.csv"}),
            ("pd.read_csv('../input/wines.csv')", ["wines.csv"], {"../input/wines.csv": "wines.csv"}),
            ("pd.read_csv('datasets/wines.csv')", ["data/wines.csv"], {"datasets/wines.csv": "data/wines.csv"}),
            ("import os\nos.listdir('Faces')", ["faces/a.png"], {"Faces": "faces"}),
        ],
    )
    def test_that_name_nothing_mean_what_is_nearest(self, script: str, files: list[str], paths: dict[str, str]) -> None:
        """In another case, with other separators, in another folder."""
        assert planned(script, *files).setup.paths == paths

    @pytest.mark.parametrize(
        "script",
        [
            "pd.read_csv('data/wines.csv')",
            "x = df['Data']",
            "import os\nos.listdir('Data')\nx = df['Data']",
            "x = 'Wines'",
            "pd.read_csv('out/wines.csv')\nmodel.to_csv('out/wines.csv')",
            "import os\nif os.path.exists('old/wines.csv'):\n    pd.read_csv('old/wines.csv')",
            "model.to_csv('elsewhere/wines.csv')",
        ],
    )
    def test_that_may_mean_something_else_are_left_alone(self, script: str) -> None:
        """Columns, files that the script writes itself, and those that it asks for first."""
        assert planned(script, "data/wines.csv").setup.paths == {}

    def test_of_another_topic_are_not_taken(self) -> None:
        """`train.csv` of one data set is not that of another."""
        assert planned("pd.read_csv('iris/train.csv')", "wines/train.csv").setup.paths == {}


class TestFolders:
    @pytest.mark.parametrize(
        ("script", "folders"),
        [
            ("model.savefig('figures/a.png')", ("figures",)),
            ("open('out/models/a.txt', 'w')", ("out/models",)),
            ("open('out/a.txt', mode='ab')", ("out",)),
            ("model.to_csv('out/a.csv')\nmodel.save('models/m.h5')", ("models", "out")),
            ("import torch\ntorch.save(model, './checkpoints/m.pt')", ("checkpoints",)),
            ("import pickle\npickle.dump(model, open('pickles/m.pkl', 'wb'))", ("pickles",)),
            ("from keras.callbacks import ModelCheckpoint\nModelCheckpoint('w/{epoch}.keras')", ("w",)),
            ("for i in range(3):\n    model.savefig(f'figures/{i}.png')", ("figures",)),
            ("import os\nOUT = 'out'\nmodel.save(os.path.join(OUT, 'sub', 'm.h5'))", ("out/sub",)),
            ("from pathlib import Path\n(Path('out') / 'a.txt').write_text('1')", ("out",)),
            ("import numpy as np\nnp.save('arrays/a', 1)", ("arrays",)),
        ],
    )
    def test_that_are_written_to_are_made(self, script: str, folders: tuple[str, ...]) -> None:
        """A clone has no empty folders, so that the author's own are missing."""
        assert planned(script).setup.folders == folders

    @pytest.mark.parametrize(
        "script",
        [
            "open('a.txt', 'w')",
            "open('there/a.txt', 'w')",
            "open('out/a.txt')",
            "import os\nos.makedirs('out')\nopen('out/a.txt', 'w')",
            "import os\nif not os.path.exists('out'):\n    os.mkdir('out')\nopen('out/a.txt', 'w')",
            "from pathlib import Path\nout = Path('out')\nout.mkdir()\n(out / 'a.txt').write_text('')",
            "import os\nif os.path.isdir('out'):\n    open('out/sub/a.txt', 'w')",
            "open('../a.txt', 'w')",
            "model.to_csv('s3://bucket/a.csv')",
            "open(path, 'w')",
        ],
    )
    def test_that_are_there_or_asked_for_are_not(self, script: str) -> None:
        """A script that looks whether a folder is there must find what it expects."""
        assert planned(script, "there/b.txt").setup.folders == ()

    def test_are_seen_from_where_the_script_is_started(self) -> None:
        """Relative to the folder that it works in."""
        plan = planned(
            "pd.read_csv('wines.csv')\nmodel.savefig('../figures/a.png')", "src/wines.csv", at="src/train.py"
        )

        assert (plan.workdir, plan.setup.folders) == ("src", ("figures",))


class TestModels:
    def test_that_are_loaded_if_they_are_there_are_told(self) -> None:
        """A model of last time makes another training of it."""
        script = (
            "import os\nfrom keras.models import load_model\nif os.path.exists('mymodel.h5'):\n"
            "    model = load_model('mymodel.h5')\nmodel.save('mymodel.h5')\n"
        )

        plan = planned(script, "mymodel.h5")

        assert plan.models_loaded == ("mymodel.h5",)
        assert "starts from mymodel.h5, a model in the repository that the script loads" in plan.reasons

    @pytest.mark.parametrize(
        "script",
        [
            "import pickle\npickle.dump(model, open('m.pkl', 'wb'))\npickle.load(open('m.pkl', 'rb'))",
            "model.save('m.pkl')",
            "import numpy as np\nnp.load('wines.npy')",
        ],
    )
    def test_that_are_written_first_are_not(self, script: str) -> None:
        """What is loaded is what was just trained."""
        assert planned(script, "m.pkl", "wines.npy").models_loaded == ()


class TestData:
    def test_files_are_named(self) -> None:
        """Each file of the code that the script wants."""
        plan = planned("pd.read_csv('wines.csv')\nopen('/ws/a.txt')", "wines.csv", "a.txt", "other.csv")

        assert plan.data_files == ("a.txt", "wines.csv")

    @pytest.mark.parametrize(
        ("script", "sets"),
        [
            ("from keras.datasets import mnist\nmnist.load_data('odd.db')", ("keras.mnist",)),
            ("import tensorflow as tf\ntf.keras.datasets.cifar10.load_data()", ("keras.cifar10",)),
            ("from sklearn.datasets import fetch_openml, load_iris", ("sklearn.openml",)),
            ("import torchvision\ntorchvision.datasets.MNIST('.')", ("torchvision.MNIST",)),
            ("import seaborn as sns\nsns.load_dataset('iris')", ("seaborn.iris",)),
            ("import tensorflow_datasets as tfds\ntfds.load('mnist')", ("tensorflow_datasets.mnist",)),
            ("from torchvision.datasets import ImageFolder\nImageFolder('faces')", ()),
        ],
    )
    def test_sets_of_libraries_are_named(self, script: str, sets: tuple[str, ...]) -> None:
        """Those that have to be fetched; scikit-learn brings the small ones along."""
        assert planned(script).data_sets == sets

    def test_addresses_are_named(self) -> None:
        """They need a network, which a training may not have."""
        plan = planned("pd.read_csv('https://host.example/wines.csv')")

        assert "uses https://host.example/wines.csv, which has to be fetched from the network" in plan.reasons


class TestWhere:
    def test_setting_decides_where_the_script_is_started(self) -> None:
        """It wins over what the script names."""
        files = {"src/train.py": READ + FIT + "pd.read_csv('wines.csv')", "src/wines.csv": "", "wines.csv": ""}

        plan = inspected(files, Policy(workdir="./src/"))

        assert plan.workdir == "src"
        assert "starts in src, as trainyard.toml says" in plan.reasons

    @pytest.mark.parametrize("workdir", ["scr", "train.py", ".."])
    def test_setting_that_names_no_folder_is_refused(self, workdir: str) -> None:
        """With the remedy."""
        error = refused({"train.py": FIT}, Policy(workdir=workdir))

        assert (error.reason, error.file) == ("config", "trainyard.toml")
        assert str(error) == f"trainyard.toml names the workdir {workdir!r}, which does not exist"
        assert error.remedy.startswith("Set workdir to a folder of the code")

    def test_dockerfile_decides_where_files_do_not(self) -> None:
        """The folder that the image's author changed to."""
        files = {"Dockerfile": "COPY . /app\nWORKDIR /app/src\nCMD python train.py", "src/train.py": FIT, "a.txt": ""}

        plan = inspected(files)

        assert (plan.entrypoint, plan.workdir) == ("src/train.py", "src")
        assert "starts in src, since Dockerfile starts it in /app/src" in plan.reasons

    def test_notebooks_are_started_beside_themselves(self) -> None:
        """As Jupyter does it."""
        assert inspected({"books/a.ipynb": notebook(FIT), "b/c.csv": ""}).workdir == "books"

    @pytest.mark.parametrize(
        ("files", "folders"),
        [
            ({"train.py": "import shop.net\n" + FIT, "src/shop/__init__.py": "", "src/shop/net.py": ""}, ("src",)),
            ({"bin/train.py": "from shop import net\n" + FIT, "shop/__init__.py": "", "shop/net.py": ""}, (".",)),
            ({"a/train.py": "import tools\n" + FIT, "lib/tools.py": ""}, ("lib",)),
            ({"train.py": "import tools\n" + FIT, "tools.py": ""}, ()),
            ({"a/train.py": "import tools\n" + FIT, "a/tools.py": "", "tools.py": ""}, ()),
            ({"train.py": "import keras, sklearn\n" + FIT, "keras/x.txt": "", "sklearn/plot.py": ""}, ()),
        ],
    )
    def test_modules_are_found_where_they_lie(self, files: dict[str, str], folders: tuple[str, ...]) -> None:
        """`src/` layouts and scripts beside packages; a folder called like a library hides nothing."""
        assert inspected(files).setup.pythonpath == folders
