"""Which training image a script's layer stands on: the newest in which the versions that its author asks for exist."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from services.trainer.inspection.image import versions
from services.trainer.inspection.image.contents import GROWING, PROVIDED, contents
from services.trainer.inspection.image.distributions import ON_TORCH, on_tensorflow
from services.trainer.inspection.image.requirements import ListedRequirement
from services.trainer.inspection.plan import Kind
from trainyard.errors import SubmissionError
from trainyard.policy import FILE

_FIRST_ON_311, _FIRST_KERAS3, _FIRST_ON_313 = Version("2.12"), Version("2.16"), Version("2.20")
_AT_LEAST: dict[str, str] = {"ann": "ann", "rnn": "ann", "cnn": "cnn", "transfer": "cnn"}

LARGE = frozenset({"tensorflow", "keras", "tf_keras", "h5py", "cv2"})
"""Modules for which a larger image is taken; others are installed on top of a smaller one."""

Needed = Mapping[str, ListedRequirement]
"""The requirements that have to be met, by their distributions."""


@dataclass(frozen=True, slots=True)
class Base:
    """An image to build on.

    Attributes:
        stage: The stage of the Dockerfile that makes it.
        why: Why it is that one.
        framework: What has to be installed in it so that the framework is there.
    """

    stage: str
    why: str
    framework: tuple[str, ...] = ()


def choose(kind: Kind, modules: Collection[str], needed: Needed) -> Base:
    """Choose the image for scripts that import *modules* and train a model of that kind.

    Raises:
        SubmissionError: A pin is older than anything that can be had. Names it, what there is, and the remedy.
    """
    for each in filter(too_old, needed.values()):
        on_313, on_311, on_37 = versions.OLDEST[each.name].values()
        available = f"from {on_37} on (Python 3.7), {on_311} on (Python 3.11), {on_313} on (Python 3.13)"
        raise _refusal([each], f"there are wheels {available}")
    torch = kind == "torch" or not ON_TORCH.isdisjoint(modules)
    if kind in _AT_LEAST or any(map(on_tensorflow, modules)):
        return _for_tensorflow(kind, modules, needed, on_torch=torch)
    if oldest := _too_old_for("3.11", needed):
        return _python37(str(oldest))
    if torch:
        return Base("torch", "needs the image torch")
    if old := _too_old_for("3.13", needed):
        return _python311(str(old))
    return _smallest(modules, "sklearn")


def _for_tensorflow(kind: Kind, modules: Collection[str], needed: Needed, *, on_torch: bool) -> Base:
    if "tensorflow_addons" in modules:
        return Base("keras2", "needs the image keras2, since tensorflow_addons supports no newer TensorFlow")
    oldest = _too_old_for("3.11", needed)
    pinned = _pinned(needed, before="2.12" if oldest else "")
    if oldest or _is_before(pinned, _FIRST_ON_311):
        return _python37(str(oldest or f"TensorFlow {pinned}"), pinned)
    if _is_before(pinned, _FIRST_KERAS3):
        why = f"needs the image keras2, since the requirements ask for TensorFlow {pinned}, which has Keras 2"
        return Base("keras2", why, _exactly(pinned, "keras2"))
    return _for_keras3(kind, modules, needed, pinned or _newest_for_numpy(needed), on_torch=on_torch)


def _for_keras3(kind: Kind, modules: Collection[str], needed: Needed, version: str, *, on_torch: bool) -> Base:
    if on_torch:
        return Base("torch", "needs the image torch, with TensorFlow on top", _with_keras3(version))
    old = _too_old_for("3.13", needed)
    if old or _is_before(version, _FIRST_ON_313):
        return _python311(str(old or f"TensorFlow {version}"), _with_keras3(version))
    return _smallest(modules, _AT_LEAST.get(kind, "ann"))


def _is_before(version: str, first: Version) -> bool:
    """Return whether a version, "" for none, is older."""
    return version != "" and Version(version) < first


def is_met(requirement: Requirement, stage: str) -> bool:
    """Return whether an image's own versions meet a requirement."""
    pins = contents(stage).pins
    name = PROVIDED.get(requirement.name, requirement.name)
    return name in pins and not requirement.extras and requirement.specifier.contains(pins[name], prereleases=True)


def bound_on_numpy(needed: Needed, stage: str) -> tuple[str, ...]:
    """Return what keeps an image's NumPy 2 from what was built before it, if the author pins such a thing."""
    first = {name: version for name, version in versions.FIRST_FOR_NUMPY_2.items() if name in needed}
    before = any(not versions.allows(needed[name].requirement.specifier, version) for name, version in first.items())
    bound = Requirement("numpy<2")
    return (str(bound),) if before and "numpy" not in needed and not is_met(bound, stage) else ()


def too_old(listed: ListedRequirement) -> bool:
    """Return whether no image can have a version that meets this."""
    return not _has_wheel(listed, "3.7")


def _python311(what: str, framework: tuple[str, ...] = ()) -> Base:
    return Base("python311", f"needs the image python311, since {what} has no wheel for Python 3.13", framework)


def _python37(what: str, pinned: str = "") -> Base:
    why = f"needs the image python37, since {what} has no wheel for any newer Python"
    return Base("python37", why, _exactly(pinned, "python37"))


def _smallest(modules: Collection[str], at_least: str) -> Base:
    """Choose the smallest of the growing images, from *at_least* on, that holds what is large of *modules*."""
    large = LARGE.intersection(modules)
    stage = next(each for each in GROWING[GROWING.index(at_least) :] if large <= contents(each).modules)
    return Base(stage, f"needs the image {stage}")


def _pinned(needed: Needed, before: str) -> str:
    """Return the TensorFlow that the author's requirements mean, or "" where they name none.

    Raises:
        SubmissionError: There is none.
    """
    named = [needed[name] for name in ("tensorflow-cpu", "keras") if name in needed]
    if not named:
        return ""
    tensorflow, keras = (
        needed[name].requirement.specifier if name in needed else SpecifierSet() for name in ("tensorflow-cpu", "keras")
    )
    version = versions.newest_tensorflow(tensorflow, keras, before=before)
    if version:
        return version
    raise _refusal(named, f"{versions.RANGE} are available, and the newest also runs programs written for older Keras")


def _exactly(pinned: str, stage: str) -> tuple[str, ...]:
    """Return what gives an image the very TensorFlow that is meant, where its own is another."""
    return () if pinned in ("", contents(stage).pins["tensorflow-cpu"]) else versions.with_keras(pinned)


def _with_keras3(version: str) -> tuple[str, ...]:
    """Return what makes a plain image one for networks of Keras 3, and of Keras 2 by tf-keras."""
    minor = ".".join(version.split(".")[:2])
    return ("h5py", "keras", f"tensorflow-cpu=={version}", f"tf-keras=={minor}.*")


def _newest_for_numpy(needed: Needed) -> str:
    """Return the newest TensorFlow on Python 3.11 that goes with the NumPy asked for."""
    numpy = needed.get("numpy")
    fits = numpy is None or any(numpy.requirement.specifier.contains(each) for each in ("1.26.4", "2.4.6"))
    return "2.21.0" if fits else "2.17.1"


def _refusal(listed: list[ListedRequirement], available: str) -> SubmissionError:
    what = " with ".join(map(str, listed))
    line = listed[0].line
    return SubmissionError(
        f"{line.place} asks for {what}, which has no wheel for any Python version of the images: {available}",
        remedy=f"Remove or loosen that pin, or use the images' own versions: requirements = false in {FILE}.",
        reason="missing_module",
        file=line.file,
        line=line.number,
    )


def _too_old_for(python: versions.Python, needed: Needed) -> ListedRequirement | None:
    """Return the first requirement that nothing for a Python meets."""
    return next((each for each in needed.values() if not _has_wheel(each, python)), None)


def _has_wheel(listed: ListedRequirement, python: versions.Python) -> bool:
    """Return whether a version that meets a requirement has a wheel for a Python, as far as is known."""
    return listed.name not in versions.OLDEST or versions.allows(
        listed.requirement.specifier, versions.OLDEST[listed.name][python]
    )
