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
from engine.errors import DataError
from engine.keeping import sets
from engine.keeping.owned import Owned

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


def keep(
    at: Path,
    chunks: Iterable[bytes],
    name: str,
    owner: str,
    expected: int = 0,
    sizes: Sequence[int] = (),
) -> str:
    """Keep a set below the home ``at`` and return its id; ``expected`` bytes, if known.

    Its files come piece by piece, one behind the other, of so many bytes each (``sizes``); without these it is one
    file. ``name`` has their names, with a slash between them. Raises DataError if one is empty or too large, or holds
    no images for certain, if the owner has too many, or where there is no room; then nothing of it is kept.
    """
    names = [plain_name(one) for one in name.split("/")]
    shown = " and ".join(names[:MOST_PARTS])
    room = IMAGES.room(at, owner, shown, MOST_SETS, MAX_BYTES, MOST_BYTES)
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    room.check(shown, max(expected, sum(sizes)))
    with IMAGES.draft(at) as draft:
        parts = list(sets.written(draft, chunks, names, sizes, room, "images", "engine.data.images.forms:glance"))
        told = sorted(part.sha256 for part in parts)
        asked = hashlib.sha256("\n".join(told).encode()).hexdigest()
        return IMAGES.taken(draft, asked, sets.about(parts), owner)
