"""Models whose files people have brought, each in a folder named by the SHA-256 of its files and their names, see
``engine.keeping.owned``.

A folder holds the files (``0``, ``1``, ...): a name given by a person says what is in a file, and is never part of a
path.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping import sets
from engine.keeping.owned import Owned
from engine.nets.pretrained.config import CONFIG

FOLDER = "models"
MAX_BYTES = 2 * 2**30
"""Of a model: all of its files together."""
MOST_PARTS = 20
MOST_MODELS = 5
MOST_BYTES = 4 * 2**30

MODELS = Owned(
    folder=FOLDER,
    many="models",
    ids=re.compile(r"[0-9a-f]{64}"),
    read=sets.read,
    never="There is no model {asked} here: choose its files.",
    gone="The model {id} is not kept on this server any more, or never was: choose its files again.",
)


def keep(
    at: Path,
    chunks: Iterable[bytes],
    name: str,
    owner: str,
    expected: int = 0,
    sizes: Sequence[int] = (),
) -> str:
    """Keep a model below the home ``at`` and return its id; ``expected`` bytes, if known.

    Its files come piece by piece, one behind the other, of so many bytes each (``sizes``); without these it is one
    file. ``name`` has their names, with a slash between them. Raises DataError if one is empty, too large or a pickle,
    if the owner has too many, or where there is no room; then nothing of it is kept.
    """
    names = [plain_name(one) for one in name.split("/")]
    shown = names[0] if len(names) < 2 else f"{names[0]} and {len(names) - 1} others"
    room = MODELS.room(at, owner, shown, MOST_MODELS, MAX_BYTES, MOST_BYTES)
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    if len(set(names)) < len(names):
        raise DataError("Two of these files have the same name: expected the files of one model.")
    if CONFIG not in names:
        raise DataError(f"{CONFIG} is not among these files, which says what kind of model this is and how large.")
    room.check(shown, max(expected, sum(sizes)))
    with MODELS.draft(at) as draft:
        parts = list(
            sets.written(
                draft, chunks, names, sizes, room, "a part of a model", "engine.language.models.glancing:glance"
            )
        )
        told = sorted((part.name, part.sha256) for part in parts)
        asked = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return MODELS.taken(draft, asked, sets.about(parts), owner)
