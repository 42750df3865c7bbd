"""Which training image a script's layer stands on: the newest in which the versions that its author asks for exist."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from packaging.requirements import Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from services.trainer.inspection.image.contents import PROVIDED, STAGES, smallest_image
from services.trainer.inspection.image.distributions import ON_TORCH, on_tensorflow
from services.trainer.inspection.image.requirements import Wanted
from services.trainer.inspection.image.tensorflow_pins import RANGE, newest, with_keras
from services.trainer.inspection.plan import Kind
from trainyard.errors import SubmissionError

OLDEST: dict[str, tuple[str, str, str]] = {
    "h5py": ("3.12.1", "3.8.0", "2.8.0"),
    "matplotlib": ("3.9.2", "3.6.0", "2.2.2"),
    "numpy": ("2.1.0", "1.23.2", "1.14.5"),
    "pandas": ("2.2.3", "1.5.0", "0.23.2"),
    "pillow": ("10.4.0", "9.2.0", "5.2.0"),
    "scikit-learn": ("1.5.2", "1.1.3", "0.19.2"),
    "scipy": ("1.14.1", "1.9.2", "1.1.0"),
    "torch": ("2.5.0", "1.13.0", "1.0.0"),
}
"""The oldest version with a wheel for Python 3.13, for 3.11 and for 3.7; what is not here is left to pip."""

_FIRST_FOR_NUMPY_2: dict[str, str] = {
    "h5py": "3.11.0",
    "matplotlib": "3.8.4",
    "opencv-python-headless": "4.10.0",
    "pandas": "2.2.2",
    "pyarrow": "16.0",
    "scikit-image": "0.23",
    "scikit-learn": "1.4.2",
    "scipy": "1.13.0",
    "statsmodels": "0.14.2",
    "torch": "2.3.0",
}
"""The first version that was built for NumPy 2. Older ones break with it, and most do not say so to pip."""

_FIRST_ON_311, _FIRST_KERAS3, _FIRST_ON_313 = Version("2.12"), Version("2.16"), Version("2.20")
_NUMPY_OF_NEWEST = "1.26.4"
_AT_LEAST: dict[str, str] = {"ann": "ann", "rnn": "ann", "cnn": "cnn", "transfer": "cnn"}
WAY_OUT = (
    "Drop or loosen that pin; or have the images' own versions used instead: requirements = false in trainyard.toml."
)

Choice = tuple[str, tuple[str, ...], str]
"""An image, what has to be installed in it so that the framework is there, and why it is that one."""


def choose(kind: Kind, modules: Collection[str], wanted: Mapping[str, Wanted]) -> Choice:
    """Choose the image.

    Args:
        kind: What sort of model is trained.
        modules: What the scripts import.
        wanted: The requirements that have to be met, by their distributions.

    Raises:
        SubmissionError: A pin is older than anything that can be had. Names it, what there is, and the remedy.
    """
    for each in wanted.values():
        _refuse_too_old(each)
    torch = kind == "torch" or bool(ON_TORCH & set(modules))
    old = next((each for each in wanted.values() if not _has(each, 0)), None)
    oldest = next((each for each in wanted.values() if not _has(each, 1)), None)
    if kind in _AT_LEAST or any(map(on_tensorflow, modules)):
        return _for_networks(kind, modules, wanted, oldest or old, on_torch=torch)
    if oldest:
        return "python37", (), _why_oldest(str(oldest.requirement))
    if torch:
        return "torch", (), "needs the image torch"
    if old:
        return "python311", (), _why_older(str(old.requirement))
    stage = smallest_image(modules, "sklearn")
    return stage, (), f"needs the image {stage}"


def _for_networks(
    kind: Kind, modules: Collection[str], wanted: Mapping[str, Wanted], old: Wanted | None, *, on_torch: bool
) -> Choice:
    """Choose the image for what needs TensorFlow."""
    if "tensorflow_addons" in modules:
        return "keras2", (), "needs the image keras2, since tensorflow_addons has no newer TensorFlow"
    oldest = old if old and not _has(old, 1) else None
    pinned = _pinned(wanted, before="2.12" if oldest else "")
    if oldest or (pinned and Version(pinned) < _FIRST_ON_311):
        what = str(oldest.requirement) if oldest else f"TensorFlow {pinned}"
        own = not pinned or pinned == STAGES["python37"].pins["tensorflow-cpu"]
        return "python37", () if own else with_keras(pinned), _why_oldest(what)
    if pinned and Version(pinned) < _FIRST_KERAS3:
        return _keras2(pinned)
    version = pinned or _newest(wanted)
    if on_torch:
        return "torch", _network(version), "needs the image torch, with TensorFlow on top"
    if old or Version(version) < _FIRST_ON_313:
        return "python311", _network(version), _why_older(str(old.requirement) if old else f"TensorFlow {version}")
    stage = smallest_image(modules, _AT_LEAST.get(kind, "ann"))
    return stage, (), f"needs the image {stage}"


def is_met(requirement: Requirement, stage: str) -> bool:
    """Tell whether an image's own versions meet a requirement."""
    pins = STAGES[stage].pins
    name = PROVIDED.get(requirement.name, requirement.name)
    return name in pins and not requirement.extras and requirement.specifier.contains(pins[name], prereleases=True)


def bound_on_numpy(wanted: Mapping[str, Wanted], stage: str) -> tuple[str, ...]:
    """Return what keeps an image's NumPy 2 from what was built before it, if the author pins such a thing."""
    first = {name: Version(version) for name, version in _FIRST_FOR_NUMPY_2.items() if name in wanted}
    before = any(not _allows(wanted[name].requirement.specifier, version) for name, version in first.items())
    bound = Requirement("numpy<2")
    return (str(bound),) if before and "numpy" not in wanted and not is_met(bound, stage) else ()


def too_old(wanted: Wanted) -> bool:
    """Tell whether no image can have a version that meets this."""
    return not _has(wanted, 2)


def _why_older(what: str) -> str:
    return f"needs the image python311, since {what} is not there for Python 3.13"


def _why_oldest(what: str) -> str:
    return f"needs the image python37, since {what} is not there for any newer Python"


def _pinned(wanted: Mapping[str, Wanted], before: str) -> str:
    """Return the TensorFlow that the author's requirements mean, or "" where they name none.

    Raises:
        SubmissionError: There is none.
    """
    named = [wanted[name] for name in ("tensorflow-cpu", "keras") if name in wanted]
    if not named:
        return ""
    tensorflow, keras = (
        wanted[name].requirement.specifier if name in wanted else SpecifierSet() for name in ("tensorflow-cpu", "keras")
    )
    found = newest(tensorflow, keras, before=before)
    if found:
        return found
    raise _refusal(named, f"{RANGE} can be had, and older Keras programs run on the newest as well")


def _keras2(pinned: str) -> Choice:
    """Return the image for Keras 2 as TensorFlow once had it, with the very version where another is meant."""
    why = f"needs the image keras2, since TensorFlow {pinned} with its Keras 2 is what is asked for"
    own = pinned == STAGES["keras2"].pins["tensorflow-cpu"]
    return "keras2", () if own else with_keras(pinned), why


def _network(version: str) -> tuple[str, ...]:
    """Return what makes a plain image one for networks of Keras 3, and of Keras 2 by tf-keras."""
    minor = ".".join(version.split(".")[:2])
    return ("h5py", "keras", f"tensorflow-cpu=={version}", f"tf-keras=={minor}.*")


def _newest(wanted: Mapping[str, Wanted]) -> str:
    """Return the newest TensorFlow on Python 3.11 that goes with the NumPy asked for."""
    numpy = wanted.get("numpy")
    fits = numpy is None or any(numpy.requirement.specifier.contains(each) for each in (_NUMPY_OF_NEWEST, "2.4.6"))
    return "2.21.0" if fits else "2.17.1"


def _refuse_too_old(wanted: Wanted) -> None:
    if too_old(wanted):
        first, second, third = OLDEST[wanted.name]
        there_is = f"it can be had from {third} on (Python 3.7), {second} on (Python 3.11), {first} on (Python 3.13)"
        raise _refusal([wanted], there_is)


def _refusal(wanted: list[Wanted], there_is: str) -> SubmissionError:
    """Say that what is asked for is too old."""
    what = " with ".join(str(each.requirement) for each in wanted)
    line = wanted[0].line
    return SubmissionError(
        f"{line.place} asks for {what}, which has no wheel for a Python that the images have: {there_is}",
        remedy=WAY_OUT,
        reason="missing_module",
        file=line.file,
        line=line.number,
    )


def _has(wanted: Wanted, column: int) -> bool:
    """Tell whether a Python has a version that meets a requirement, as far as is known."""
    if wanted.name not in OLDEST:
        return True
    oldest = Version(OLDEST[wanted.name][column])
    return _allows(wanted.requirement.specifier, oldest)


def _allows(specifiers: SpecifierSet, oldest: Version) -> bool:
    """Tell whether a requirement allows anything from *oldest* on."""
    return all(_reaches(each, oldest) for each in specifiers)


def _reaches(specifier: Specifier, oldest: Version) -> bool:
    """Tell whether a part of a requirement allows anything from *oldest* on."""
    words, operator = specifier.version, specifier.operator
    if operator == "==" and words.endswith(".*"):
        return _after(words[:-2], len(words[:-2].split("."))) > oldest
    version = Version(words.removesuffix(".*"))
    if operator in ("==", "===", "<="):
        return version >= oldest
    if operator == "<":
        return version > oldest
    if operator == "~=":
        return _after(words, len(words.split(".")) - 1) > oldest
    return True


def _after(words: str, places: int) -> Version:
    """Return the first version beyond all that begin with the first *places* numbers of *words*."""
    numbers = [*Version(words).release, 0, 0, 0][:places]
    return Version(".".join(map(str, [*numbers[:-1], numbers[-1] + 1])))
