"""Which script or notebook the trainer runs, and why that one."""

import pytest

from tests.unit.trainer import scripts
from tests.unit.trainer.inspecting import inspected, notebook, refused
from trainyard.policy import Policy

FIT = "from sklearn.svm import SVC\nSVC().fit([[0], [1]], [0, 1])\n"


class TestNotebooks:
    def test_the_only_one_is_run(self) -> None:
        """A notebook is a script where there is no other."""
        plan = inspected({"wines.ipynb": notebook(FIT), "wines.csv": ""})

        assert plan.entrypoint == "wines.ipynb"
        assert plan.reasons[0] == "runs wines.ipynb: it is the only notebook"

    def test_that_trains_wins_over_a_script_that_does_not(self) -> None:
        """What helps the notebook is not what is run."""
        assert inspected({"wines.ipynb": notebook(FIT), "helpers.py": scripts.HELPERS}).entrypoint == "wines.ipynb"

    def test_yields_to_a_script_that_trains(self) -> None:
        """A script is what its author made to be run as a whole."""
        assert inspected({"wines.ipynb": notebook(FIT), "wines.py": FIT}).entrypoint == "wines.py"

    def test_is_chosen_by_name_among_notebooks(self) -> None:
        """The same names count as for scripts."""
        assert inspected({"Train.ipynb": notebook(FIT), "explore.ipynb": notebook(FIT)}).entrypoint == "Train.ipynb"

    def test_copies_of_the_editor_are_left_alone(self) -> None:
        """Jupyter keeps its last state beside each notebook."""
        copies = {"a.ipynb": notebook(FIT), ".ipynb_checkpoints/a-checkpoint.ipynb": notebook(FIT)}

        assert inspected(copies).entrypoint == "a.ipynb"

    def test_libraries_that_were_pushed_along_are_left_alone(self) -> None:
        """A virtual environment in the repository trains nothing."""
        files = {"wines.py": FIT, "env/lib/python3.8/site-packages/sklearn/main.py": FIT}

        assert inspected(files).entrypoint == "wines.py"

    def test_a_syntax_error_is_told_by_cell(self) -> None:
        """Nobody can find line 5 of a notebook."""
        error = refused({"a.ipynb": notebook("import os\n", "x = 1\ny = (\n")})

        assert str(error) == "a.ipynb, cell 2, line 2 is not valid Python 3: '(' was never closed"
        assert error.remedy == "Correct a.ipynb, cell 2, line 2, or name another script in trainyard.toml: entrypoint."
        assert (error.reason, error.file, error.line) == ("syntax", "a.ipynb", None)

    @pytest.mark.parametrize("content", ["", "nothing", "[]", '{"cells": 3}', '{"cells": [1]}'])
    def test_that_is_none_is_refused(self, content: str) -> None:
        """Whatever lies in it, it ends as an error about the file."""
        error = refused({"a.ipynb": content})

        assert (error.reason, error.file) == ("syntax", "a.ipynb")


class TestDockerfile:
    @pytest.mark.parametrize(
        "command",
        [
            'CMD ["python", "train_ann.py"]',
            "CMD python train_ann.py",
            "CMD python3 /root/train_ann.py > log.txt",
            'ENTRYPOINT ["python3"]\nCMD ["/root/ws/train_ann.py"]',
            'ENTRYPOINT ["sh", "-c", "cd /root && python train_ann.py"]',
            'CMD ["python", \\\n  \'-u\', "train_ann.py"]'.replace("'", '"'),
            "CMD python -m train_ann",
            "CMD ./start.sh",
        ],
    )
    def test_names_the_script_by_its_command(self, command: str) -> None:
        """Whatever form the command has, and wherever the image had the script."""
        files = {
            "Dockerfile": f"FROM python:3.7\nRUN pip install keras\n# CMD python other.py\n{command}\n",
            "train_ann.py": FIT,
            "train_cnn.py": FIT,
            "start.sh": "#!/bin/sh\npython3 /root/train_ann.py\n",
        }

        plan = inspected(files)

        assert plan.entrypoint == "train_ann.py"
        assert plan.reasons[0] == "runs train_ann.py: Dockerfile starts it"

    def test_that_starts_what_does_not_train_is_left_alone(self) -> None:
        """Many images serve a model that is trained elsewhere."""
        files = {"Dockerfile": "CMD python app.py", "app.py": scripts.APP, "wines.py": FIT}

        assert inspected(files).entrypoint == "wines.py"

    def test_several_that_start_different_scripts_decide_nothing(self) -> None:
        """Which of them is meant, only the author can say."""
        files = {
            "ann/Dockerfile": "CMD python ann.py",
            "ann/ann.py": FIT,
            "cnn/Dockerfile": "CMD python cnn.py",
            "cnn/cnn.py": FIT,
        }

        assert refused(files).reason == "entrypoint"

    def test_setting_wins_over_it(self) -> None:
        """trainyard.toml is written for us."""
        files = {"Dockerfile": "CMD python a.py", "a.py": FIT, "b.py": FIT}

        assert inspected(files, Policy(entrypoint="b.py")).entrypoint == "b.py"

    @pytest.mark.parametrize("text", ["", "CMD", "CMD [", "CMD 'a", "ENV", "COPY", "WORKDIR", "\0\xff", "CMD []"])
    def test_that_is_odd_is_no_obstacle(self, text: str) -> None:
        """A Dockerfile that is none says nothing."""
        assert inspected({"Dockerfile": text, "a.py": FIT}).entrypoint == "a.py"


class TestTraining:
    def test_is_looked_for_where_code_is_run(self) -> None:
        """A script that only imports a function of the one that trains does not train itself."""
        files = {
            "network.py": "from sklearn.svm import SVC\n\ndef build():\n    return SVC()\n\n"
            "if __name__ == '__main__':\n    build().fit([[0], [1]], [0, 1])\n",
            "predict.py": "from network import build\nprint(build())\n",
        }

        assert inspected(files).entrypoint == "network.py"

    def test_is_found_in_the_functions_that_are_called(self) -> None:
        """However deep the call goes."""
        files = {
            "start.py": "from lib import Trainer\n\nTrainer().run()\n",
            "lib.py": "class Trainer:\n    def run(self):\n        self._go()\n\n    def _go(self):\n"
            "        self.model.fit(1, 2)\n",
            "serve.py": "import sklearn\nfrom lib import Trainer\n",
        }

        assert inspected(files).entrypoint == "start.py"

    def test_counts_more_than_the_name_of_a_folder(self) -> None:
        """A script in `test/` may be the one that trains."""
        assert inspected({"helpers.py": scripts.HELPERS, "test/wines.py": FIT}).entrypoint == "test/wines.py"

    def test_is_not_the_fitting_of_a_scaler(self) -> None:
        """What prepares data is fitted too."""
        files = {
            "prepare.py": "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\n"
            "scaler.fit([[1]])\nStandardScaler().fit([[1]])\n",
            "wines.py": FIT,
        }

        assert inspected(files).entrypoint == "wines.py"

    @pytest.mark.parametrize(
        "training",
        [
            "import keras\nautoencoder = keras.Sequential()\nautoencoder.fit([[1]], [[1]])\n",
            "import keras\ntransformer = keras.Sequential()\ntransformer.fit(batches, epochs=3)\n",
            "import torch\nloss = torch.ones(1, requires_grad=True).sum()\nloss.backward()\n",
            "import xgboost as xgb\nxgb.train({}, xgb.DMatrix([[1]]))\n",
            "from lightgbm import train\ntrain({}, 1)\n",
            "import tensorflow as tf\nwith tf.GradientTape() as tape:\n    pass\n",
            "from sklearn.model_selection import cross_val_score as score\nscore(1, 2)\n",
        ],
    )
    def test_goes_by_many_names(self, training: str) -> None:
        """Not every library says fit."""
        assert inspected({"wines.py": training, "show.py": "import sklearn, torch, xgboost\n"}).entrypoint == "wines.py"

    @pytest.mark.parametrize(
        ("name", "script"),
        [
            ("tweak.py", "code = open('lenet.py').read()\nopen('lenet.py', 'w').write(code.replace('5', '9'))\n" + FIT),
            ("change.py", "import os\nos.system('python3 /root/lenet.py')\n" + FIT),
            ("Rebuild.py", "from subprocess import run\nrun(['python', 'lenet.py'])\n" + FIT),
            ("again.py", "from keras.models import load_model\nload_model('lenet.h5').fit([[0]], [0])\n"),
            ("predict.py", FIT),
            ("test.py", FIT),
        ],
    )
    def test_is_that_of_the_model_and_not_of_what_lies_beside_it(self, name: str, script: str) -> None:
        """Beside it may be what edits or starts it, trains a model further, or looks at it."""
        assert inspected({"lenet.py": FIT, name: script}).entrypoint == "lenet.py"

    def test_may_go_on_from_a_saved_model(self) -> None:
        """A name that everybody uses says more."""
        resumed = "from keras.models import load_model\nload_model('last.h5').fit([[0]], [0])\n"

        assert inspected({"main.py": resumed, "compare.py": FIT}).entrypoint == "main.py"

    @pytest.mark.parametrize("name", ["train_model.py", "mnist-train.py", "model_training.py", "Train2.py"])
    def test_is_told_by_the_name_where_several_train(self, name: str) -> None:
        """After the names that everybody uses come those that say it."""
        assert inspected({name: FIT, "compare.py": FIT}).entrypoint == name
