"""Texts with classes that people have brought, each set in a folder named by the SHA-256 of its files and their names,
see ``engine.keeping.owned``: the name of a file may be that of a class.

A folder holds the files (``0``, ``1``, ...), and the texts that were read from them (``read``). A name given by a
person is kept as text for messages and for classes, and is never part of a path.
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

FOLDER, READ = "sequences", "read"
MAX_BYTES = 64 * 2**20
"""Of a set: all of its files together."""
MOST_PARTS = 40
MOST_SETS = 10
MOST_BYTES = 128 * 2**20
MOST_PASTED = 2**20
"""Bytes of a text that is pasted: a page sends it in one piece."""

SEQUENCES = Owned(
    folder=FOLDER,
    many="sets of texts",
    ids=re.compile(r"[0-9a-f]{64}"),
    read=sets.read,
    never="There are no texts {asked} here: paste some, or choose their files.",
    gone="The texts {id} are not kept on this server any more, or never were: paste them or choose their files again.",
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
    no texts for certain, if the owner has too many, or where there is no room; then nothing of it is kept.
    """
    names = [plain_name(one) for one in name.split("/")]
    shown = names[0] if len(names) < 2 else f"{names[0]} and {len(names) - 1} others"
    room = SEQUENCES.room(at, owner, shown, MOST_SETS, MAX_BYTES, MOST_BYTES)
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    room.check(shown, max(expected, sum(sizes)))
    with SEQUENCES.draft(at) as draft:
        parts = list(
            sets.written(draft, chunks, names, sizes, room, "texts in it", "engine.data.sequences.reader:glance")
        )
        told = sorted((part.name, part.sha256) for part in parts)
        asked = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return SEQUENCES.taken(draft, asked, sets.about(parts), owner)
