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
from engine.keeping import sets
from engine.keeping.owned import Owned
from engine.keeping.sets import Part
from engine.keeping.sets_kept import Kind, Limits

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


def _called(parts: Sequence[Part]) -> str:
    told = sorted((part.name, part.sha256) for part in parts)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


_KIND = Kind(SEQUENCES, "texts in it", "engine.data.sequences.reader:glance", _called)


def keep(
    at: Path,
    chunks: Iterable[bytes],
    name: str,
    owner: str,
    expected: int = 0,
    sizes: Sequence[int] = (),
) -> str:
    """Keep a set of texts and return its id; see ``engine.keeping.sets_kept``. ``name`` has the names of its files,
    with a slash between them.
    """
    names = [plain_name(one) for one in name.split("/")]
    limits = Limits(MOST_PARTS, MAX_BYTES, MOST_SETS, MOST_BYTES)
    return _KIND.keep(at, chunks, names, owner, limits, expected, sizes)
