"""Nothing waits for a window, and what would have been in it is kept."""

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Finished

MEASURE = "accuracy = sum([0.25, 0.5])\n"
START = "import matplotlib.pyplot as plt\n" + MEASURE
PNG = b"\x89PNG\r\n"


def figures(run: Finished) -> list[str]:
    return [one["path"] for one in run.result["artifacts"] if one["kind"] == "figure"]


def lines_in(run: Finished) -> list[str]:
    return run.stdout.split()


class TestAFigure:
    def test_that_is_shown_is_kept(self, train: Train) -> None:
        """Each in its turn, as a loop shows them: one that was shown is gone like a window that was closed."""
        script = START + (
            "for run in range(3):\n"
            "    plt.plot([run, 2])\n"
            "    print(len(plt.gca().lines))\n"
            "    plt.show()\n"
            "print(plt.get_fignums())\n"
        )

        run = train(script)

        assert figures(run) == [f"run:artifacts/figure-{number}.png" for number in (1, 2, 3)]
        assert (run.folder / "artifacts" / "figure-1.png").read_bytes().startswith(PNG)
        assert run.stdout == "1\n1\n1\n[]\n"
        assert run.stderr == ""

    def test_that_is_left_open_is_kept(self, train: Train) -> None:
        """Also one that was shown without waiting; an empty one is not."""
        script = (
            START + "plt.plot([1, 2])\nplt.show(block=False)\nplt.pause(0.001)\nplt.figure()\nplt.ion()\nplt.show()\n"
        )

        run = train(script)

        assert figures(run) == ["run:artifacts/figure-1.png"]

    def test_that_the_script_saved_is_kept_once(self, train: Train) -> None:
        """In the script's own file."""
        run = train(
            START + "plt.plot([1, 2])\nplt.savefig('curve.png')\nplt.show()\nplt.plot([1])\nplt.savefig('2.svg')\n"
        )

        assert figures(run) == ["2.svg", "curve.png"]

    def test_beyond_ten_is_not_kept(self, train: Train) -> None:
        """A script that draws each of its pictures must not fill the disk."""
        run = train(START + "for _ in range(12):\n    plt.plot([1])\n    plt.show()\n")

        assert len(figures(run)) == 10

    def test_needs_no_screen_though_the_script_names_its_windows(self, train: Train) -> None:
        """The library for windows may be missing, or find no display."""
        script = (
            "import matplotlib\nmatplotlib.use('TkAgg', warn=False)\n" + START + "plt.switch_backend('Qt5Agg')\n"
            "from pylab import *\nplot([1, 2])\nshow()\n"
        )

        run = train(script)

        assert (figures(run), run.result["warning"]) == (["run:artifacts/figure-1.png"], None)

    def test_is_written_to_a_folder_that_is_not_there(self, train: Train) -> None:
        """As authors do, who have it."""
        run = train(START + "plt.plot([1, 2])\nplt.savefig('out/plots/curve.png')\n")

        assert figures(run) == ["out/plots/curve.png"]


class TestWhatWantsAScreen:
    def test_shows_nothing_and_goes_on(self, train: Train) -> None:
        """OpenCV without windows raises where one is opened; a loop over its pictures ends by a key."""
        library = (
            "def _fails(*args):\n    raise RuntimeError('The function is not implemented. Rebuild the library')\n"
            "imshow = namedWindow = moveWindow = resizeWindow = destroyWindow = destroyAllWindows = waitKey = _fails\n"
            "def imwrite(filename, image):\n    open(filename, 'w').write(image)\n    return True\n"
        )
        script = MEASURE + (
            "import cv2, webbrowser\n"
            "while True:\n    cv2.imshow('a', [1])\n    if cv2.waitKey(1) & 0xFF == ord('q'):\n        break\n"
            "cv2.destroyAllWindows()\n"
            "cv2.imwrite('seen/a.png', 'picture')\n"
            "webbrowser.open('https://host/')\n"
        )

        run = train(script, {"cv2.py": library})

        assert (figures(run), run.result["warning"]) == (["seen/a.png"], None)

    def test_of_plotly_is_kept_as_a_page(self, train: Train) -> None:
        """Which a browser shows later."""
        library = {
            "plotly/__init__.py": "",
            "plotly/io.py": (
                "def show(figure):\n    raise ValueError('no browser')\n"
                "def write_html(figure, file, include_plotlyjs=True):\n    open(file, 'w').write(figure)\n"
            ),
        }

        run = train(MEASURE + "import plotly.io\nplotly.io.show('<html>')\n", library)

        assert (run.folder / "artifacts" / "figure-1.html").read_text() == "<html>"


class TestAPictureOfAModel:
    def test_that_cannot_be_drawn_is_none(self, train: Train) -> None:
        """The programs that draw it may be missing; the training does not depend on them."""
        library = {
            "keras/__init__.py": "class Model: pass\n",
            "keras/utils/__init__.py": "from .vis_utils import plot_model\n",
            "keras/utils/vis_utils.py": "def plot_model(model):\n    raise ImportError('install pydot')\n",
        }

        run = train(MEASURE + "from keras.utils import plot_model\nplot_model(None)\n", library)

        assert (run.measurement["value"], run.result["warning"]) == (0.75, None)
        assert run.stderr == "plot_model: no image was drawn: install pydot\n"
