"""Which distribution brings a module, for well-known modules; what is not listed here is never guessed."""

from __future__ import annotations

import re

_SAME = """
    accelerate albumentations altair annoy arch arrow autokeras bokeh boto3 bottleneck branca catboost chardet click
    cloudpickle colorama colorlog cufflinks cvxpy cython dask datasets dateparser deap dill diffusers distributed
    dtreeviz einops eli5 emoji evaluate ephem fancyimpute fastai fastapi fastparquet fasttext featuretools filelock
    filterpy fire flask flax folium fsspec ftfy fuzzywuzzy gensim geopandas geopy gpytorch graphviz gym gymnasium
    h5py h2o hdbscan holidays holoviews hydra hyperopt ijson imageio imgaug implicit ipywidgets jax jaxlib jieba jinja2
    joblib jsonlines kaggle keras kmodes langdetect langid librosa lifelines lightgbm lightning lime llvmlite lxml
    matplotlib mediapipe medmnist missingno mlflow mlxtend mne mpmath msgpack multiprocess multitasking nevergrad
    networkx ngboost nibabel nltk nolds numba numexpr numpy obspy omegaconf onnx onnxruntime openpyxl optuna opacus
    orjson packaging palettable pandarallel pandas patsy peft pendulum pingouin plotly pmdarima polars prettytable
    progress prophet psutil pyarrow pycountry pydantic pydicom pydot pydub pyfaidx pygam pymongo pyod pyparsing
    pyreadr pyreadstat pytesseract pytz pyts rasterio redis regex requests retrying reverse_geocoder rich river
    sacrebleu safetensors schedule scienceplots scikeras scipy seaborn selenium sentencepiece seqeval shap shapely
    simplejson six sktime sortedcontainers soundfile spacy spectral sqlalchemy squarify stanza statsmodels
    streamlit stumpy sympy tables tabulate tenacity tensorboard tensorflow termcolor textblob textstat thop tifffile
    tiktoken timm tokenizers toml torch torchaudio torchinfo torchmetrics torchsummary torchvision tqdm transformers
    tsfresh tslearn typer ujson unidecode wandb wfdb wordcloud xarray xgboost xlrd xlsxwriter yellowbrick yfinance
    zarr
"""

_OTHER = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "Cython": "cython",
    "IPython": "ipython",
    "Levenshtein": "levenshtein",
    "PIL": "pillow",
    "PyPDF2": "pypdf2",
    "absl": "absl-py",
    "attr": "attrs",
    "bayes_opt": "bayesian-optimization",
    "bs4": "beautifulsoup4",
    "category_encoders": "category-encoders",
    "comet_ml": "comet-ml",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "distutils": "setuptools",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "feature_engine": "feature-engine",
    "fitz": "pymupdf",
    "git": "gitpython",
    "huggingface_hub": "huggingface-hub",
    "hydra": "hydra-core",
    "igraph": "igraph",
    "imblearn": "imbalanced-learn",
    "keras_applications": "keras-applications",
    "keras_core": "keras-core",
    "keras_cv": "keras-cv",
    "keras_hub": "keras-hub",
    "keras_nlp": "keras-nlp",
    "keras_preprocessing": "keras-preprocessing",
    "keras_tuner": "keras-tuner",
    "kerastuner": "keras-tuner",
    "linear_operator": "linear-operator",
    "matplotlib_inline": "matplotlib-inline",
    "matplotlib_venn": "matplotlib-venn",
    "mpl_finance": "mplfinance",
    "mysql": "mysql-connector-python",
    "pandas_datareader": "pandas-datareader",
    "pkg_resources": "setuptools<81",
    "plotly_express": "plotly-express",
    "progressbar": "progressbar2",
    "psycopg2": "psycopg2-binary",
    "pymysql": "pymysql",
    "pyprind": "pyprind",
    "pytorch_lightning": "pytorch-lightning",
    "pywt": "pywavelets",
    "rdkit": "rdkit",
    "ruamel": "ruamel-yaml",
    "scikitplot": "scikit-plot",
    "segmentation_models_pytorch": "segmentation-models-pytorch",
    "sentence_transformers": "sentence-transformers",
    "setuptools": "setuptools",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "sklearn_pandas": "sklearn-pandas",
    "skopt": "scikit-optimize",
    "snowballstemmer": "snowballstemmer",
    "speech_recognition": "speechrecognition",
    "stable_baselines3": "stable-baselines3",
    "tensorboardX": "tensorboardx",
    "tensorflow": "tensorflow-cpu",
    "tensorflow_addons": "tensorflow-addons",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_probability": "tensorflow-probability",
    "tensorflow_text": "tensorflow-text",
    "tf_keras": "tf-keras",
    "torch_geometric": "torch-geometric",
    "torchsummary": "torchsummary",
    "tree": "dm-tree",
    "umap": "umap-learn",
    "websocket": "websocket-client",
    "xgboost": "xgboost-cpu",
    "yaml": "pyyaml",
    "ydata_profiling": "ydata-profiling",
    "zmq": "pyzmq",
}

DISTRIBUTIONS: dict[str, str] = {
    **{name: name.replace("_", "-") for name in _SAME.split()},
    **_OTHER,
}
"""What pip installs for a top-level module."""

COMPANIONS: dict[str, tuple[str, ...]] = {
    "tensorflow_probability": ("tf-keras",),
    "tensorflow_datasets": ("setuptools<81",),
    "tensorflow_hub": ("tf-keras", "setuptools<81"),
}
"""What a module needs beside its distribution without saying so."""

ON_TORCH = frozenset(
    {
        "accelerate",
        "fastai",
        "gpytorch",
        "lightning",
        "opacus",
        "peft",
        "pytorch_lightning",
        "segmentation_models_pytorch",
    }
    | {"sentence_transformers", "stable_baselines3", "timm", "torch", "torch_geometric", "torchaudio", "torchinfo"}
    | {"torchmetrics", "torchsummary", "torchvision", "diffusers", "thop", "ultralytics", "easyocr"}
)
"""Modules that need torch."""

ON_TENSORFLOW = frozenset({"tensorflow", "keras", "tf_keras", "autokeras", "kerastuner", "scikeras", "tensorboard"})

_NAME = re.compile(r"[-_.]+")


def on_tensorflow(module: str) -> bool:
    """Tell whether a module needs TensorFlow."""
    return module in ON_TENSORFLOW or module.startswith(("tensorflow_", "keras_", "tf_"))


def distribution(module: str) -> str | None:
    """Return what pip installs for a module, or None for one that is not known."""
    return DISTRIBUTIONS.get(module)


def modules_of(name: str) -> frozenset[str]:
    """Return the modules that a distribution brings: those known, or the one of its own name."""
    wanted = canonical(name)
    known = frozenset(
        module for module, brought in DISTRIBUTIONS.items() if canonical(brought.partition("<")[0]) == wanted
    )
    return known or frozenset({wanted.replace("-", "_")})


def is_known(name: str) -> bool:
    """Tell whether the modules of a distribution are known."""
    return any(canonical(brought.partition("<")[0]) == canonical(name) for brought in DISTRIBUTIONS.values())


def canonical(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return _NAME.sub("-", name).lower()
