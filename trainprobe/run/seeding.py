"""Seeds the random numbers of a script, and notices whether it draws any."""

from __future__ import annotations

import os
import pickle
import random
import re
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Callable, Dict, Optional, Sequence, Tuple

from trainprobe.call_site import called_by_author, is_authors, source_of_file, statement
from trainprobe.data.fits import Fit
from trainprobe.foreign import Foreign, numpy, torch
from trainprobe.hooks.on_keras.randomness import generators
from trainprobe.patching.imports import Steps, merged
from trainprobe.patching.wrap import replace
from trainprobe.results.children import CHILDREN

#: Libraries with generators or processes of their own, which no state shows.
OWN_GENERATORS = (
    *("tensorflow", "keras", "tf_keras", "torch", "jax", "mxnet", "paddle", "chainer", "theano", "cupy"),
    *("numba", "gensim", "fasttext", "h2o", "pyspark", "rpy2"),
)
_SEEDED = re.compile(r"RandomState\(\s*(?:seed\s*=\s*)?\d")


class Seeding:
    """The seed of a trial, and what became of the random numbers since the script began."""

    def __init__(self, seed: int, run_dir: Path, code: Path) -> None:
        """Seed the libraries that are and will be imported with *seed*; the author's modules lie below *code*."""
        self._children = run_dir / CHILDREN
        self._code = code
        self._early = set(sys.modules)  # by a container that waited with libraries imported
        self._states: Dict[str, bytes] = {}  # of generators right after seeding
        self._seeded = False  # by the script itself
        self._drawn = False  # in a way that no state shows
        self._seeds: Steps = {
            "random": lambda python: python.seed(seed),  # from which Keras 3 draws its initial weights too
            "numpy": lambda library: library.random.seed(seed % 2**32),
            "tensorflow": lambda tensorflow: getattr(*_seed_of(tensorflow))(seed),
            "torch": lambda torch: torch.manual_seed(seed),
        }

    def steps(self) -> Steps:
        """Return what gives every library the trial's seed at its import, before the author's own seeding can run."""
        watching: Steps = {
            "random": self._watch_python,
            "numpy": self._watch_numpy,
            "torch": lambda torch: _before(torch, "manual_seed", self._note_seed),
            "tensorflow": lambda tensorflow: _before(*_seed_of(tensorflow), self._note_seed),
            "os": self._watch_system,
            "subprocess": lambda module: _before(module.Popen, "__init__", self._note_author),
            "multiprocessing.process": lambda module: _before(module.BaseProcess, "start", self._note_drawn),
        }
        return merged({name: partial(self._seed, name) for name in self._seeds}, watching)

    def begin(self) -> None:
        """Seed what is imported by now once more: others have drawn, and the script begins only here."""
        for name in self._seeds:
            if name in sys.modules:
                self._seeds[name](sys.modules[name])
        self._states, self._seeded, self._drawn = _states(), False, False

    def facts(self, fits: Sequence[Fit]) -> Dict[str, bool]:
        """Return whether the script itself has seeded, and whether it may have drawn what the trial's seed decides.

        It may have where that is not certain: where it has trained a network in one of its *fits*, or uses a library
        that has generators of its own.
        """
        old = "numpy" in sys.modules and not hasattr(numpy.random, "default_rng")  # whose entropy can't be seen
        unseen = self._drawn or old or self._children.exists() or self._uses_own_generators()
        drawn = unseen or any(fit.library in ("keras", "torch") for fit in fits) or _states() != self._states
        return {"seeded_by_script": self._seeded, "drawn": drawn}

    def _uses_own_generators(self) -> bool:
        imported = {name for name in OWN_GENERATORS if name in sys.modules}
        if not imported <= self._early:
            return True
        files = [str(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())]
        code = "".join(source_of_file(file) for file in files if file.startswith(str(self._code) + os.sep))
        return any(re.search(r"\b{}\b".format(name), code) for name in imported)

    def _seed(self, name: str, library: Foreign) -> None:
        self._seeds[name](library)
        self._states = {**_states(), **self._states}

    def _watch_python(self, python: Foreign) -> None:
        _before(python, "seed", self._note_seed)
        _before(python, "_urandom", self._note_entropy)  # of SystemRandom, and of NumPy's generators
        _before(python.Random, "seed", partial(self._note_unseeded, self._note_author))  # others name files by it

    def _watch_numpy(self, library: Foreign) -> None:
        _before(library.random, "seed", self._note_seed)
        if hasattr(library.random, "default_rng"):
            _before(library.random, "default_rng", partial(self._note_unseeded, self._note_used))

    def _watch_system(self, system: Foreign) -> None:
        for name in ("urandom", "system"):
            _before(system, name, self._note_author)
        system.register_at_fork(before=self._note_drawn)

    def _note_seed(self, *_: Foreign, **__: Foreign) -> None:
        self._seeded = True

    def _note_drawn(self, *_: Foreign, **__: Foreign) -> None:
        self._drawn = True

    def _note_used(self, *_: Foreign, **__: Foreign) -> None:
        self._drawn = self._drawn or not _is_importing()  # as a default in a library's code

    def _note_author(self, *_: Foreign, **__: Foreign) -> None:
        self._drawn = self._drawn or called_by_author()

    def _note_unseeded(self, note: Callable[[], None], *given: Foreign, **named: Foreign) -> None:
        if all(one is None or isinstance(one, random.Random) for one in (*given, *named.values())):
            note()

    def _note_entropy(self, *_: Foreign, **__: Foreign) -> None:
        """Note that the author's code takes entropy; ``RandomState`` does also where it is given a seed."""
        if called_by_author() and not _SEEDED.search(statement()):
            self._drawn = True


def _is_importing() -> bool:
    frame: Optional[FrameType] = sys._getframe(1)  # noqa: SLF001 - there is no other way to see who calls
    while frame is not None and not is_authors(frame.f_code):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _before(owner: Foreign, name: str, note: Callable[..., None]) -> None:
    """Have *note* called with what ``owner.name`` is called with, before it is."""

    def make(original: Foreign) -> Foreign:
        def noted(*args: Foreign, **kwargs: Foreign) -> Foreign:
            note(*args, **kwargs)
            return original(*args, **kwargs)

        return noted

    replace(owner, name, make)


def _seed_of(tensorflow: Foreign) -> Tuple[Foreign, str]:
    has_set_seed = hasattr(tensorflow.random, "set_seed")  # the other is that of TensorFlow 1
    return (tensorflow.random, "set_seed") if has_set_seed else (tensorflow, "set_random_seed")


def _states() -> Dict[str, bytes]:
    states = {name: pickle.dumps(read()) for name, read, _ in generators()}
    if hasattr(sys.modules.get("torch"), "random"):  # not while it is imported, and imports NumPy on the way
        states["torch"] = torch.random.get_rng_state().numpy().tobytes()
    return states
