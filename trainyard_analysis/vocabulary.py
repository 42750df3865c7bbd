"""Names that every reader of an author's program understands in the same way: one table for each kind of call."""

SHOWING = frozenset(
    {"print", "plot", "title", "xlim", "xticks", "set_title", "set_xlim", "suptitle", "info", "debug", "pprint"}
)
"""Calls that only show their arguments to people."""

RECORDING = frozenset({"dump", "dumps", "log_params", "save", "safe_dump"})
"""Calls that write an object to a file or to an experiment's log."""

OBJECTS = frozenset({"dict", "SimpleNamespace", "Namespace", "EasyDict", "Munch", "AttrDict", "DotMap", "Box"})
"""Calls that make an object of their keywords."""

AS_DICT = frozenset({"vars", "asdict"})
"""Calls that turn an object into a dictionary."""

RANGES = frozenset({"range", "arange", "linspace"})

CONVERSIONS = frozenset({"int", "float", "str", "round"})

FORMATTING = CONVERSIONS | RANGES | AS_DICT | {"format", "join", "len", "list"}
"""Calls that may stand between a value and the call that shows it."""

GETTERS = frozenset({"get", "getint", "getfloat", "getattr"})
"""Calls that return a value under a key, with a default."""

READERS = frozenset({"read", "readline", "read_text"})
"""Methods that return the text of a file."""

TRAINING = frozenset({"fit", "fit_generator", "train_on_batch"})
"""Methods that train a network."""

OPTIMIZERS = frozenset(
    {"SGD", "Adam", "AdamW", "Adamax", "Adagrad", "Adadelta", "Nadam", "NAdam", "RAdam", "RMSprop", "Ftrl", "ASGD"}
)
