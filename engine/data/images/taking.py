"""The images of a run as a file that one takes away: what numpy reads, and the run's script too.

It holds ``pixels`` (n, channels, height, width) uint8, 0 is dark; ``labels`` (n,), places in ``classes``, and those
that the net is ``told`` (n,); the rows for ``train`` and for ``validation``. Where half of the classes is learnt, it
holds the training images of the other half too, ``other_pixels`` and ``other_told``: a net may have learnt them before.
"""

import hashlib
import io
import json
from contextlib import suppress

import numpy as np

from engine.data.images.prepared import Prepared, left_out
from engine.data.images.spec import ImagesSpec
from engine.errors import DataError, RunError

MOST_BYTES = 2**28
USED = ("pixels", "told", "train", "validation")
"""What is learnt from, as a script reads it."""
LEFT_OUT = ("other_pixels", "other_told")
"""What a net has learnt from before, likewise."""


def needs_file(spec: ImagesSpec) -> bool:
    """Tell whether the script of a run reads its images from the file: all but those that come with scikit-learn."""
    return spec.images != "handwritten"


def file_name(spec: ImagesSpec) -> str:
    """Return what the file of a run is called: another name for other images, another share or other wrong labels."""
    settings = {name: getattr(spec, name) for name in ImagesSpec.model_fields}
    return f"images-{hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:8]}.npz"


def images_file(spec: ImagesSpec, prepared: Prepared) -> bytes:
    """Return the file of the images ``prepared`` as ``spec`` says; raises RunError where it would be too large."""
    used: dict[str, np.ndarray] = dict(zip(USED, _used(prepared), strict=True))
    if spec.classes != "all":
        with suppress(DataError):  # the other half of few classes cannot be learnt: no net has learnt it before
            used.update(zip(LEFT_OUT, _learnt(left_out(spec)), strict=True))
    size = sum(part.nbytes for part in used.values())
    if size > MOST_BYTES:
        raise RunError(
            f"The images take {size >> 20:,} MB: expected at most {MOST_BYTES >> 20} MB for a file to take away; learn "
            "fewer of them, or smaller ones."
        )
    file = io.BytesIO()
    labels, classes = prepared.images.labels, np.array(prepared.images.classes)
    np.savez_compressed(file, allow_pickle=False, **used, labels=labels, classes=classes)
    return file.getvalue()


def digest(prepared: Prepared, before: Prepared | None = None) -> str:
    """Return what tells these images and labels, split as they are, from all others: a SHA-256 of USED, in order, and
    of LEFT_OUT where others were learnt ``before``.
    """
    found = hashlib.sha256()
    for part in (*_used(prepared), *(_learnt(before) if before else ())):
        found.update(np.ascontiguousarray(part).data)
    return found.hexdigest()


def _used(prepared: Prepared) -> tuple[np.ndarray, ...]:
    return prepared.images.pixels, prepared.told, prepared.train, prepared.validation


def _learnt(before: Prepared) -> tuple[np.ndarray, ...]:
    return before.images.pixels[before.train], before.told[before.train]
