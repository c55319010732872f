"""Images that people have brought, each set in a folder named by the SHA-256 of its files, see
``engine.keeping.owned``.

A folder holds the files (``0``, ``1``, ...), and the images that were read from them (``read``). A name given by a
person is kept as text for messages and is never part of a path.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.data.uploads import plain_name
from engine.keeping import sets
from engine.keeping.owned import Owned
from engine.keeping.sets import Part
from engine.keeping.sets_kept import Kind, Limits

FOLDER, READ = "images", "read"
MAX_BYTES = 200 * 2**20
"""Of a set: all of its files together."""
MOST_PARTS = 8
MOST_SETS = 10
MOST_BYTES = 400 * 2**20


IMAGES = Owned(
    folder=FOLDER,
    many="sets",
    ids=re.compile(r"[0-9a-f]{64}"),
    read=sets.read,
    never="There are no images {asked} here: choose files of images.",
    gone="The images {id} are not kept on this server any more, or never were: choose their files again.",
)


def _called(parts: Sequence[Part]) -> str:
    return hashlib.sha256("\n".join(sorted(part.sha256 for part in parts)).encode()).hexdigest()


_KIND = Kind(IMAGES, "images", "engine.data.images.forms:glance", _called)


def keep(
    at: Path,
    chunks: Iterable[bytes],
    name: str,
    owner: str,
    expected: int = 0,
    sizes: Sequence[int] = (),
) -> str:
    """Keep a set of images and return its id; see ``engine.keeping.sets_kept``. ``name`` has the names of its files,
    with a slash between them.
    """
    names = [plain_name(one) for one in name.split("/")]
    limits = Limits(MOST_PARTS, MAX_BYTES, MOST_SETS, MOST_BYTES)
    return _KIND.keep(at, chunks, names, owner, limits, expected, sizes)
