"""Which Keras a script is written for, and what sort of model it trains."""

import re

import pytest

from tests.unit.trainer.inspecting import inspected
from trainyard.policy import Policy

NET = "from keras.models import Sequential\nmodel = Sequential()\n"
FIT = "model.fit([[0]], [0])\n"
COMPILE = "model.compile('adam', 'mse', metrics=['accuracy'])\n"


def keras_note(script: str, policy: Policy | None = None) -> str:
    """Return what is said of Keras."""
    return next((note.text for note in inspected({"train.py": script}, policy).notes if note.topic == "keras"), "")


class TestOldNames:
    @pytest.mark.parametrize(
        ("script", "sign"),
        [
            ("from keras.utils import np_utils\n", "keras.utils.np_utils"),
            ("from keras.utils.np_utils import to_categorical\n", "keras.utils.np_utils"),
            ("import keras\nkeras.utils.np_utils.to_categorical([0])\n", "keras.utils.np_utils"),
            ("from keras.layers.normalization import BatchNormalization\n", "keras.layers.normalization"),
            ("from keras.layers.convolutional import *\n", "keras.layers.convolutional"),
            ("import keras.layers.core as core\n", "keras.layers.core"),
            ("from keras.layers import Merge\n", "keras.layers.Merge"),
            ("from keras.preprocessing.image import ImageDataGenerator\n", "preprocessing.image.ImageDataGenerator"),
            ("from keras.preprocessing import image\nimage.ImageDataGenerator()\n", "image.ImageDataGenerator"),
            ("from keras.preprocessing.text import Tokenizer\n", "keras.preprocessing.text.Tokenizer"),
            ("from keras.wrappers.scikit_learn import KerasClassifier\n", "keras.wrappers.scikit_learn"),
            ("from tensorflow.keras.wrappers.scikit_learn import KerasClassifier\n", "keras.wrappers.scikit_learn"),
            ("from keras import backend as K\nK.set_image_dim_ordering('th')\n", "backend.set_image_dim_ordering"),
            ("import keras.backend as K\nK.mean([1])\n", "keras.backend.mean"),
            ("from tensorflow.python.keras.utils import np_utils\n", "keras.utils.np_utils"),
            ("import tensorflow as tf\ntf.keras.layers.experimental.preprocessing.Rescaling(1)\n", "experimental"),
            ("import tensorflow as tf\ntf.Session()\n", "tensorflow.Session"),
            ("import tensorflow as tf\ntf.contrib.layers\n", "tensorflow.contrib"),
            ("from tensorflow.python.keras.layers import Dense\n", "tensorflow.python.keras"),
            ("from keras_preprocessing.image import ImageDataGenerator\n", "keras_preprocessing"),
            ("from sklearn.cross_validation import train_test_split\n", "sklearn.cross_validation"),
            ("from sklearn.externals import joblib\n", "sklearn.externals.joblib"),
            ("import numpy as np\nnp.float(1)\n", "numpy.float"),
            ("import pandas as pd\nx = pd.read_csv('a.csv').as_matrix()\n", ".as_matrix"),
        ],
    )
    def test_that_are_gone_ask_for_the_older_library(self, script: str, sign: str) -> None:
        """With the name and its line as the reason."""
        note = keras_note(script + NET + FIT)

        assert re.match(r"gets the older API of Keras[\w ,-]*, since it uses ", note)
        assert sign in note
        assert "(train.py, line " in note

    @pytest.mark.parametrize(
        "script",
        [
            "from keras.utils import to_categorical, plot_model\n",
            "from keras.preprocessing.image import load_img, img_to_array\n",
            "from keras.preprocessing.sequence import pad_sequences\n",
            "from keras.preprocessing import image\nimage.load_img('a.png')\n",
            "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n",
            "from tensorflow.keras.preprocessing.text import Tokenizer\n",
            "from tensorflow.keras import backend as K\nK.mean([1])\n",
            "from keras import backend as K\nK.clear_session()\nK.image_data_format()\n",
            "from keras.layers import Convolution2D, MaxPooling2D, LSTM\n",
            "import tensorflow.compat.v1 as tf\ntf.Session()\n",
            "import numpy as np\nnp.float32(1), np.bool_(1), np.bool(1)\n",
            "try:\n    from keras.utils import np_utils\nexcept ImportError:\n    np_utils = None\n",
            "import keras\nif keras.__version__ < '2':\n    from keras.layers import Merge\n",
        ],
    )
    def test_that_are_still_there_ask_for_nothing(self, script: str) -> None:
        """Neither do those whose absence the script itself minds."""
        assert keras_note(script + NET + FIT) == "gets Keras 3, since it uses nothing that Keras 3 lacks"


class TestOldCalls:
    @pytest.mark.parametrize(
        ("script", "sign"),
        [
            ("model.fit_generator(1)\n", "fit_generator()"),
            ("model.predict_classes(1)\n", "predict_classes()"),
            ("model.predict_proba(1)\n", "predict_proba() of a model"),
            (
                "import tensorflow as tf\nloss = tf.keras.metrics.Mean()\nloss.reset_states()\n",
                "reset_states() of a metric",
            ),
            ("model.fit(1, 2, nb_epoch=3)\n", "fit(nb_epoch=)"),
            ("model.fit(1, 2, workers=3)\n", "fit(workers=)"),
            ("from keras.layers import Dense\nDense(output_dim=3, init='uniform')\n", "Dense(init=)"),
            ("from keras.layers import *\nConv2D(3, 3, border_mode='same')\n", "Conv2D(border_mode=)"),
            ("from keras.layers import Convolution2D\nConvolution2D(32, 3, 3)\n", "as two arguments"),
            ("from keras.optimizers import SGD\nSGD(lr=0.1)\n", "SGD(lr=)"),
            ("import keras\nkeras.optimizers.Adam(lr=0.1)\n", "Adam(lr=)"),
            ("model.compile('adam', 'mse', metrics='accuracy')\n", "compile(metrics='accuracy'), which is not a list"),
            ("model.compile(loss='cosine_proximity')\n", "the loss 'cosine_proximity'"),
            ("from keras.callbacks import ModelCheckpoint\nModelCheckpoint('best.hdf5')\n", "'best.hdf5'"),
            ("from keras.callbacks import ModelCheckpoint\nModelCheckpoint('a.keras', period=2)\n", "period="),
            ("model.save_weights('model.h5')\n", "save_weights('model.h5')"),
            ("model.save('models/net')\n", "save('models/net')"),
            (COMPILE + "h = model.fit(1, 2)\nh.history['val_acc']\n", "the key 'acc' of a history"),
            (COMPILE + "from keras.callbacks import EarlyStopping\nEarlyStopping(monitor='val_acc')\n", "'val_acc'"),
            ("print(model.optimizer.lr)\n", "lr of an optimizer"),
            (
                "from keras.optimizers import Adadelta\nAdadelta()\n",
                "Adadelta() without a learning rate, which was 1.0",
            ),
            ("model.compile(optimizer='adadelta', loss='mse')\n", "'adadelta', whose learning rate was 1.0"),
            ("import keras\nkeras.optimizers.SGD(learning_rate=5)\n", "SGD with an integer learning rate"),
            ("from __future__ import print_function\n", "print_function of Python 2"),
        ],
    )
    def test_that_are_gone_ask_for_the_older_library(self, script: str, sign: str) -> None:
        """Methods, keywords, values and keys."""
        note = keras_note(NET + script + FIT)

        assert re.match(r"gets the older API of Keras[\w ,-]*, since it uses ", note)
        assert sign in note

    @pytest.mark.parametrize(
        "script",
        [
            "from keras.layers import Embedding, Conv2D, Dense\nEmbedding(input_dim=3, output_dim=2)\n",
            "from keras.layers import Conv2D\nConv2D(32, 3, 2)\nConv2D(32, (3, 3), padding='same')\n",
            "from keras.optimizers import SGD\nSGD(learning_rate=0.1, decay=1e-6)\n",
            "from keras.optimizers import SGD\nSGD(1.0)\n",
            "from keras.callbacks import ModelCheckpoint\nModelCheckpoint('best.h5')\n",
            "from keras.optimizers import Adadelta\nAdadelta(1.0)\nAdadelta(learning_rate=1.0)\n",
            "from keras.applications import VGG16\nVGG16(weights='imagenet')\n",
            "model.save('model.h5')\nmodel.save('model.keras')\nmodel.save(path)\n",
            "model.save_weights('model.weights.h5')\n",
            "model.compile('adam', 'mse', metrics=['acc'])\nh = model.fit(1, 2)\nh.history['val_acc']\n",
            COMPILE + "scores = {'acc': 1}\nscores['acc']\n",
            "from sklearn.svm import SVC\nclf = SVC()\nclf.fit(1, 2)\nclf.predict_proba(1)\n",
            "import xgboost\nxgboost.XGBClassifier(lr=0.1)\n",
            "def net(lr, init, mode):\n    pass\nnet(lr=1, init=2, mode=3)\n",
        ],
    )
    def test_that_others_take_too_ask_for_nothing(self, script: str) -> None:
        """The same words mean something else elsewhere."""
        assert keras_note(NET + script + FIT).startswith("gets Keras 3")


class TestChoice:
    @pytest.mark.parametrize(("keras", "compat"), [(2, ("keras",)), (3, ())])
    def test_is_the_authors(self, keras: int, compat: tuple[str, ...]) -> None:
        """The setting wins over everything."""
        for script in ("from keras.utils import np_utils\n" + NET + FIT, NET + FIT):
            plan = inspected({"train.py": script}, Policy.model_validate({"keras": keras}))

            assert plan.setup.compat == compat
            assert f"gets Keras {keras}, since trainyard.toml says so" in plan.reasons

    def test_is_the_newest_where_only_that_will_do(self) -> None:
        """A script of today may still have a slip of old in it."""
        script = "import keras\nfrom keras import ops\nkeras.optimizers.Adam(lr=1)\n" + NET + FIT

        assert keras_note(script) == "gets Keras 3, which has keras.ops (train.py, line 2)"

    def test_counts_the_modules_that_a_script_imports(self) -> None:
        """Where the network is built does not matter."""
        files = {
            "train.py": "from net import model\n" + FIT,
            "net.py": "from keras.layers.core import Dense\nmodel = 1\n",
        }

        plan = inspected(files)

        assert plan.setup.compat == ("keras",)
        assert any("(net.py, line 1)" in reason for reason in plan.reasons)

    def test_names_the_libraries_that_are_needed_in_an_older_version(self) -> None:
        """An old script without Keras needs none of it."""
        script = "import numpy as np\nfrom sklearn.cross_validation import KFold\nfrom sklearn.svm import SVC\n"

        plan = inspected({"train.py": script + "SVC().fit([[0]], [0])\n"})

        assert plan.setup.compat == ("numpy", "sklearn")
        reason = (
            "gets the older API of NumPy and scikit-learn, since it uses sklearn.cross_validation (train.py, line 2)"
        )
        assert reason in plan.reasons

    @pytest.mark.parametrize(
        ("script", "settings", "older"),
        [
            (NET + FIT, {}, ("keras",)),
            ("import numpy\n" + NET + FIT, {}, ("keras", "numpy")),
            (NET + FIT, {"keras": 3}, ()),
            ("from keras import ops\n" + NET + FIT, {}, ()),
            ("from keras.utils import np_utils\n" + NET + FIT, {}, ()),
        ],
    )
    def test_leaves_it_to_the_run_where_nothing_shows_the_version(
        self, script: str, settings: dict[str, int], older: tuple[str, ...]
    ) -> None:
        """Only then an older API is tried if today's refuses the script."""
        assert inspected({"train.py": script}, Policy.model_validate(settings)).setup.older == older

    def test_says_nothing_of_names_that_no_import_brings(self) -> None:
        """What looks like a library may be anything."""
        plan = inspected({"train.py": "keras = helper()\nkeras.backend.set_value(1, 2)\n"})

        assert plan.setup.compat == ()

    def test_says_nothing_of_scripts_without_it(self) -> None:
        """scikit-learn alone needs no Keras."""
        assert keras_note("from sklearn.svm import SVC\nSVC().fit([[0]], [0])\n") == ""


class TestKind:
    @pytest.mark.parametrize(
        ("script", "kind"),
        [
            ("from keras.layers import LSTM\n" + FIT, "rnn"),
            ("from keras.layers import Bidirectional, GRU, Conv1D\n" + FIT, "rnn"),
            ("from keras.layers import LSTM, Conv2D\n" + FIT, "cnn"),
            ("from keras.layers import Conv1D\n" + FIT, "cnn"),
            ("from keras.applications.vgg16 import VGG16\n" + FIT, "transfer"),
            ("import tensorflow as tf\ntf.keras.applications.MobileNetV2()\n" + FIT, "transfer"),
            ("import tensorflow_hub as hub, keras\nhub.KerasLayer('x')\n" + FIT, "transfer"),
            ("import xgboost\nfrom sklearn.neighbors import KNeighborsClassifier\n" + FIT, "boosting"),
            ("import lightgbm\n" + FIT, "boosting"),
            ("from catboost import CatBoostClassifier\n" + FIT, "boosting"),
            ("import torch\nloss.backward()\n", "torch"),
            ("import torch\nfrom tensorflow.keras.datasets import mnist\nloss.backward()\n", "torch"),
            ("import pytorch_lightning as pl\npl.Trainer().fit(1)\n", "torch"),
            ("import torch, keras\nmodel.fit(1, 2)\n", "ann"),
        ],
    )
    def test_is_told_from_layers_and_libraries(self, script: str, kind: str) -> None:
        """Each with the library that trains it."""
        assert inspected({"train.py": script}).kind == kind
