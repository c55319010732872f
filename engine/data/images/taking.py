"""The images of a run as a file that one takes away: what numpy reads, and the run's script too.

It holds ``pixels`` (n, channels, height, width) uint8, 0 is dark; ``labels`` (n,), places in ``classes``, and those
that the net is ``told`` (n,); the rows for ``train`` and for ``validation``.
"""

import hashlib
import io
import json
from collections.abc import Mapping

import numpy as np

from engine.data.images.prepared import Prepared
from engine.data.images.spec import ImagesSpec
from engine.errors import RunError

MOST_BYTES = 2**28
USED = ("pixels", "told", "train", "validation")
"""What is learnt from, as a script reads it."""


def needs_file(spec: ImagesSpec) -> bool:
    """Tell whether the script of a run reads its images from the file: all but those that come with scikit-learn, whole
    as they are.
    """
    return spec.images != "handwritten" or spec.narrows


def file_name(spec: ImagesSpec) -> str:
    """Return what the file of a run is called: another name for other images, another share or other wrong labels."""
    settings = {name: getattr(spec, name) for name in ImagesSpec.model_fields}
    return f"images-{hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:8]}.npz"


def images_file(prepared: Prepared) -> bytes:
    """Return the file; raises RunError where it would be too large."""
    size = prepared.images.pixels.nbytes
    if size > MOST_BYTES:
        raise RunError(
            f"The images take {size >> 20:,} MB: expected at most {MOST_BYTES >> 20} MB for a file to take away; learn "
            "fewer of them, or smaller ones."
        )
    file = io.BytesIO()
    labels, classes = prepared.images.labels, np.array(prepared.images.classes)
    np.savez_compressed(file, allow_pickle=False, **_used(prepared), labels=labels, classes=classes)
    return file.getvalue()


def digest(prepared: Prepared) -> str:
    """Return what tells these images and labels, split as they are, from all others: a SHA-256 of USED, in order."""
    found = hashlib.sha256()
    for part in _used(prepared).values():
        found.update(np.ascontiguousarray(part).data)
    return found.hexdigest()


def _used(prepared: Prepared) -> Mapping[str, np.ndarray]:
    parts = (prepared.images.pixels, prepared.told, prepared.train, prepared.validation)
    return dict(zip(USED, parts, strict=True))
