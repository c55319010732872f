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

from engine import quarantine
from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping import sets
from engine.keeping.owned import Owned
from engine.keeping.receiving import Room, write
from engine.language.models import unzipping
from engine.nets.pretrained.config import CONFIG

FOLDER = "models"
MAX_BYTES = 2 * 2**30
"""Of a model: all of its files together."""
MOST_PARTS = 20
MOST_MODELS = 5
MOST_BYTES = 4 * 2**30

ZIP = ".zip"
GLANCE = "engine.language.models.glancing:glance"

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
    file, which may be a zip archive of them. ``name`` has their names, with a slash between them. Raises DataError if
    one is empty, too large or a pickle,
    if the owner has too many, or where there is no room; then nothing of it is kept.
    """
    names = [plain_name(one) for one in name.split("/")]
    shown = names[0] if len(names) < 2 else f"{names[0]} and {len(names) - 1} others"
    room = MODELS.room(at, owner, shown, MOST_MODELS, MAX_BYTES, MOST_BYTES)
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    if len(set(names)) < len(names):
        raise DataError("Two of these files have the same name: expected the files of one model.")
    zipped = len(names) == 1 and names[0].lower().endswith(ZIP)
    if CONFIG not in names and not zipped:
        raise DataError(f"{CONFIG} is not among these files, which says what kind of model this is and how large.")
    room.check(shown, max(expected, sum(sizes)))
    with MODELS.draft(at) as draft:
        parts = (
            _unpacked(draft, chunks, names[0], room)
            if zipped
            else list(sets.written(draft, chunks, names, sizes, room, "a part of a model", GLANCE))
        )
        told = sorted((part.name, part.sha256) for part in parts)
        asked = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return MODELS.taken(draft, asked, sets.about(parts), owner)


def _unpacked(draft: Path, chunks: Iterable[bytes], name: str, room: Room) -> list[sets.Part]:
    """Write an archive, and what is in it in its place; return the files of the model. Raises DataError."""
    archive = draft / "archive"
    write(archive, chunks, name, room, "a model in a zip archive")
    most = min(room.most, room.theirs - room.used)
    names = [plain_name(one) for one in unzipping.unzipped(archive, draft, name, most, MOST_PARTS)]
    archive.unlink()
    parts = []
    for number, one in enumerate(names):
        path = draft / str(number)
        size = path.stat().st_size
        with path.open("rb") as file:
            quarantine.read(GLANCE, file.read(sets.GLANCE_BYTES), one, str(size))
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        parts.append(sets.Part(one, path, size, digest))
    return parts
