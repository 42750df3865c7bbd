"""Disables what needs a screen: windows, browsers, pictures of models that need a program to draw them."""

from __future__ import annotations

import sys
from functools import partial
from typing import Dict

from trainprobe.environment.figures import Figures
from trainprobe.environment.file_access import FileAccess
from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import AfterImport
from trainprobe.patching.wrap import Function, around, replace, wrap

QUIT = ord("q")  # the key that OpenCV gets where it waits for one; it ends most loops over images
_WINDOWS = (
    "imshow",
    "namedWindow",
    "moveWindow",
    "resizeWindow",
    "destroyWindow",
    "destroyAllWindows",
    "startWindowThread",
    "setWindowTitle",
    "setWindowProperty",
    "setMouseCallback",
    "createTrackbar",
)
_DRAWERS = (
    "keras.src.utils.model_visualization",
    "keras.src.utils.vis_utils",
    "keras.utils.vis_utils",
    "tf_keras.src.utils.vis_utils",
    "tensorflow.python.keras.utils.vis_utils",
)


def screen_steps(figures: Figures, files: FileAccess) -> Dict[str, AfterImport]:
    """Return what to do after the import of each library that needs a screen."""
    return {
        "cv2": partial(_opencv, files),
        "webbrowser": _browser,
        "plotly.io": partial(_plotly, figures),
        **{name: lambda library: wrap(library, "plot_model", around(_plot_model)) for name in _DRAWERS},
    }


def _opencv(files: FileAccess, library: Foreign) -> None:
    for name in _WINDOWS:
        setattr(library, name, lambda *_, **__: None)
    library.waitKey = library.waitKeyEx = lambda *_, **__: QUIT
    replace(library, "imwrite", files.making_parent(0, "filename"))


def _browser(library: Foreign) -> None:
    for name in ("open", "open_new", "open_new_tab"):
        setattr(library, name, lambda *_, **__: False)


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
        sys.stderr.write("plot_model: no image is drawn: {}\n".format(error))
        return None
