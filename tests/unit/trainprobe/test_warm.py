"""What waits for a run imports what there is; how it runs its task is tested in real containers."""

import random
import subprocess
import sys
from pathlib import Path

from tests.unit.trainprobe.probing import Trial
from trainprobe.run.preload import LIBRARIES

BROKEN = "import sys\nsys.path.insert(0, sys.argv[1])\nfrom trainprobe.run.preload import warm_up\n"


class TestWarmUp:
    def test_does_without_what_is_not_there_or_does_not_work(self, tmp_path: Path) -> None:
        """An image for scikit-learn has no Keras; a library that breaks must not keep the others from being there."""
        (tmp_path / "breaks.py").write_text("raise RuntimeError('no such processor')\n")
        (tmp_path / "works.py").write_text("")
        script = BROKEN + "warm_up(['no_such_library', 'breaks', 'works'])\nprint('works' in sys.modules)\n"

        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
        )

        assert done.stdout == "True\n"

    def test_imports_nothing_that_asks_for_a_screen(self) -> None:
        """Whatever is imported before the script must not decide anything for it."""
        assert not {"tkinter", "cv2", "IPython"} & set(LIBRARIES)


class TestEarly:
    def test_what_is_imported_early_draws_nothing_from_the_script(self, tmp_path: Path) -> None:
        """A run gets the same numbers whether its libraries were imported before it began or by its script."""
        files = {
            "train.py": "import draws, random\naccuracy = random.random()\n",
            "../probe/draws.py": "import random\nrandom.random()\n",  # beside the probe, as if it were installed
        }

        late = Trial(tmp_path / "late", files, task={"seed": 1}).run()
        early = Trial(tmp_path / "early", files, task={"seed": 1, "early": ["draws"]}).run()

        numbers = random.Random(1)  # noqa: S311  the script's own
        assert [early.measurement["value"], late.measurement["value"]] == [numbers.random(), numbers.random()]
