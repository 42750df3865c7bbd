"""Scripts and notebooks that were written for Google Colab."""

from tests.unit.trainprobe.conftest import Train


class TestColab:
    def test_is_there_for_what_was_written_for_it(self, train: Train) -> None:
        """Its drive is the repository, and what it uploads lies beside the script."""
        script = (
            "from google.colab import drive, files\n"
            "import google.colab.output\n"
            "from google.colab.patches import cv2_imshow\n"
            "drive.mount('/content/drive', force_remount=True)\n"
            "cv2_imshow([1])\n"
            "google.colab.output.clear()\n"
            "uploaded = files.upload()\n"
            "print(list(uploaded))\n"
            "accuracy = float(uploaded['v.txt']) * float(open('/content/drive/MyDrive/v.txt').read())\n"
            "files.download('v.txt')\n"
        )

        run = train(script, {"v.txt": "0.5", "README.md": ""}, paths={"/content/drive/MyDrive": "."})

        assert (run.measurement["value"], run.result["warning"]) == (0.25, None)
        assert run.stdout == "['v.txt']\n"

    def test_is_nothing_else_of_google(self, train: Train) -> None:
        """Another library of theirs is missing where it is."""
        run = train("import google.nothing\n")

        assert run.error["type"] == "ModuleNotFoundError"

    def test_gives_way_to_the_authors_own(self, train: Train) -> None:
        """Who has a module of that name means it."""
        run = train("from google.colab import VALUE\naccuracy = VALUE * 1\n", {"google/colab.py": "VALUE = 0.5\n"})

        assert run.measurement["value"] == 0.5
