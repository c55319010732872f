"""Where it is kept what nets have learnt beforehand: by all that it depends on, so that whoever asks for the same finds
it. Light.

A folder holds the ``tensors`` as safetensors, and what is known ``about`` them.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.data.images.bringing import brought
from engine.data.images.spec import OWN
from engine.jobs import Order
from engine.keeping import drafts, home
from engine.readings import Arrays
from engine.spec import knobs
from engine.training.transfer_spec import TransferSpec
from engine.version import VERSION

FOLDER = "pretrained"
TENSORS, ABOUT = "tensors", "about.json"
MOST_BYTES = 200 * 2**20
"""Of all that is kept; what was used least recently goes first, for it can be learnt again."""
AFTER = ("frozen", "train_images")
"""Settings of what is learnt afterwards alone."""


@dataclass(frozen=True, slots=True)
class About:
    """What was learnt beforehand: ``classes``, in ``epochs``, from so many ``images``; ``score`` is the accuracy on the
    images of these classes that are held out.
    """

    classes: tuple[str, ...]
    epochs: int
    images: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Pretrained:
    """Parameters and buffers of a net by their names in it, and what they are ``about``."""

    tensors: Arrays
    about: About


def same(spec: TransferSpec) -> TransferSpec:
    """Return the settings that what is learnt beforehand depends on, all others at their defaults."""
    needed = {
        one.name: getattr(spec, one.name) for one in knobs(TransferSpec) if one.name not in AFTER and one.applies(spec)
    }
    return TransferSpec().replace(**needed)


def order(spec: TransferSpec, seed: int) -> Order:
    """Return the order to learn beforehand: the same for all who need the same. Raises DataError where images of one's
    own are not here.
    """
    return Order.of("engine.training.pretrained:learn", spec=same(spec).to_json(), seed=seed, said=_said(spec))


def folder(spec: TransferSpec, seed: int) -> Path:
    """Return where it is kept what a net of ``spec`` and of a seed has learnt beforehand. Raises DataError as ``order``
    does.
    """
    return home() / FOLDER / hashlib.sha256(f"{VERSION} {order(spec, seed).arguments}".encode()).hexdigest()


def kept(at: Path) -> Pretrained | None:
    """Return what is kept in a folder; None where there is nothing, or it is not whole."""
    with suppress(OSError, ValueError, KeyError, TypeError, SafetensorError):
        about = json.loads((at / ABOUT).read_text(encoding="utf-8"))
        found = Pretrained(load((at / TENSORS).read_bytes()), About(**{**about, "classes": tuple(about["classes"])}))
        os.utime(at / ABOUT)  # it is used now: others go first where there is too much
        return found
    return None


def keep(at: Path, found: Pretrained) -> None:
    """Keep what was learnt in a folder, whole or not at all, and delete what is too much; raises DataError."""
    drafts.tidy(at.parent)
    with drafts.drafted(at, lambda there: kept(there) is not None) as aside:
        (aside / TENSORS).write_bytes(save(found.tensors))
        (aside / ABOUT).write_text(json.dumps(asdict(found.about)), encoding="utf-8")
    _evict(at)


def _said(spec: TransferSpec) -> str:
    """Return what tells images on the server from those that lay there before."""
    return brought(spec.own_images).said if spec.images == OWN else ""


def _evict(but: Path) -> None:
    found = []
    for one in but.parent.iterdir():
        with suppress(OSError):
            if not one.name.startswith("."):
                found.append(((one / ABOUT).stat().st_mtime, (one / TENSORS).stat().st_size, one))
    left = MOST_BYTES
    for _, size, one in sorted(found, reverse=True):
        left -= size
        if left < 0 and one != but:
            drafts.removed(one)
