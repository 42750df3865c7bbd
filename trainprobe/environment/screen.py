"""Does without a screen: saves the figures that a script shows or leaves open, and disables windows and browsers."""

from __future__ import annotations

import os
import sys
import weakref
from functools import partial
from pathlib import Path
from typing import Dict, Sequence

from trainprobe.environment.file_access import FileAccess
from trainprobe.foreign import Foreign
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import Function, around, replace, wrap
from trainprobe.watch import Watch

MOST_FIGURES = 10
MOST_BYTES = 5 * 1024**2
QUIT = ord("q")  # the key that OpenCV gets where it waits for one; it ends most loops over images
_WINDOWS = (
    *("imshow", "namedWindow", "moveWindow", "resizeWindow", "destroyWindow", "destroyAllWindows"),
    *("startWindowThread", "setWindowTitle", "setWindowProperty", "setMouseCallback", "createTrackbar"),
)
_DRAWERS = (
    "keras.src.utils.model_visualization",
    "keras.src.utils.vis_utils",
    "keras.utils.vis_utils",
    "tf_keras.src.utils.vis_utils",
    "tensorflow.python.keras.utils.vis_utils",
)
_WITHOUT_WINDOWS = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")


class Figures:
    """The figures that are saved from one run, in *folder*."""

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._folder = folder
        self._watch = watch
        self._number = 0
        self._saved: "weakref.WeakSet[Foreign]" = weakref.WeakSet()

    def note_saved(self, figure: Foreign) -> None:
        """Note that the script wrote *figure* to a file, so that it is not saved again."""
        self._saved.add(figure)

    def save(self, figure: Foreign) -> None:
        """Save *figure* of matplotlib, unless the script did or it is empty."""
        if figure not in self._saved and figure.get_axes():
            self.write("png", partial(figure.savefig, format="png"))

    def save_open(self) -> None:
        """Save the figures that are still open."""
        pyplot: Foreign = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None and not has_windows(str(pyplot.get_backend())):
            for number in pyplot.get_fignums():
                self.save(pyplot.figure(number))

    def write(self, kind: str, write: Function) -> None:
        """Call *write* with a path that ends with *kind*, unless there are enough figures."""
        if self._number < MOST_FIGURES and os.getpid() == self._watch.pid:
            with self._watch.guard("saving a figure"):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._number += 1
                path = self._folder / "figure-{}.{}".format(self._number, kind)
                write(str(path))
                if path.stat().st_size > MOST_BYTES:
                    path.unlink()


def screen_steps(figures: Figures, files: FileAccess) -> Dict[str, AfterImport]:
    """Return what to do after the import of each library that needs a screen."""
    return {
        "cv2": partial(_opencv, files),
        "matplotlib": lambda library: wrap(library, "use", around(_use_backend)),
        "matplotlib.figure": lambda library: wrap(library.Figure, "savefig", around(_savefig, figures)),
        "matplotlib.pyplot": partial(_pyplot, figures),
        "webbrowser": partial(_disable, ("open", "open_new", "open_new_tab"), False),
        "plotly.io": partial(_plotly, figures),
        **dict.fromkeys(_DRAWERS, lambda library: wrap(library, "plot_model", around(_plot_model))),
    }


def has_windows(backend: str) -> bool:
    """Return whether a *backend* of matplotlib opens windows, for which there is no screen."""
    return not backend.startswith("module://") and backend.lower() not in _WITHOUT_WINDOWS


def _pyplot(figures: Figures, pyplot: Foreign) -> None:
    wrap(pyplot, "switch_backend", around(_use_backend))
    wrap(pyplot, "show", around(_show, figures, pyplot))


def _use_backend(original: Function, backend: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
    kwargs.pop("warn", None)  # of older versions
    if not has_windows(str(backend)):
        original(backend, *args, **kwargs)


def _savefig(
    figures: Figures, original: Function, self: Foreign, fname: Foreign, *args: Foreign, **kwargs: Foreign
) -> None:
    original(self, fname, *args, **kwargs)
    if isinstance(fname, (str, os.PathLike)):
        figures.note_saved(self)


def _show(figures: Figures, pyplot: Foreign, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    """Do what a window does that is closed at once: close the figures."""
    if str(pyplot.get_backend()).startswith("module://"):  # a notebook's, which shows them in the notebook
        return original(*args, **kwargs)
    block = args[0] if args else kwargs.get("block")
    if not (pyplot.isinteractive() if block is None else not block):
        for number in pyplot.get_fignums():
            figures.save(pyplot.figure(number))
        pyplot.close("all")
    return None


def _opencv(files: FileAccess, library: Foreign) -> None:
    _disable(_WINDOWS, None, library)
    _disable(("waitKey", "waitKeyEx"), QUIT, library)
    replace(library, "imwrite", files.making_parent(0, "filename"))


def _disable(functions: Sequence[str], result: object, library: Foreign) -> None:
    for name in functions:
        setattr(library, name, lambda *_, **__: result)


def _plotly(figures: Figures, library: Foreign) -> None:
    original = library.show

    def show(figure: Foreign, *args: Foreign, **kwargs: Foreign) -> None:
        if "ipykernel" in sys.modules:
            original(figure, *args, **kwargs)
        else:
            figures.write("html", lambda path: library.write_html(figure, path, include_plotlyjs="cdn"))

    library.show = show


def _plot_model(original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    try:
        return original(*args, **kwargs)
    except (ImportError, OSError, AssertionError) as error:
        sys.stderr.write("plot_model: no image was drawn: {}\n".format(error))
        return None
