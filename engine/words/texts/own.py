"""Texts that people have brought, each in a folder named by the SHA-256 of its bytes, see ``engine.keeping.owned``.

A folder holds the ``file``, and the texts in numbers that are made of it (``cut``). A name given by a person is kept as
text for messages and is never part of a path.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data.uploads import plain_name
from engine.keeping.owned import Owned
from engine.keeping.receiving import write

FOLDER, CUT = "texts", "cut"
MAX_BYTES = 200 * 2**20
MOST_PASTED = 2 * 2**20
"""Bytes of a text that is pasted: a page sends it in one piece."""
MOST_FILES = 20
MOST_BYTES = 400 * 2**20
TABLES = (".csv", ".tsv")
_FILE, _TABLE = "file", ".table"


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a person has brought: its ``id``, its ``name`` fit for a message, where it lies, its size.

    It is a ``table`` where the name of its file ended so. With ``exactly`` no link may lead elsewhere meanwhile.
    """

    id: str
    name: str
    path: Path
    size: int
    table: bool
    exactly: bool = False


def _read(folder: Path, about: Any) -> Text | None:
    path = folder / _FILE
    table = folder.name.endswith(_TABLE)
    return Text(folder.name, str(about["name"]), path, int(about["size"]), table) if path.is_file() else None


TEXTS = Owned(
    folder=FOLDER,
    many="texts",
    ids=re.compile(r"[0-9a-f]{64}(\.table)?"),
    read=_read,
    never="There is no text {asked} here: paste one, or choose a file.",
    gone="The text {id} is not kept on this server any more, or never was: paste it or choose its file again.",
)


def keep(at: Path, chunks: Iterable[bytes], name: str, owner: str, expected: int = 0) -> str:
    """Keep a text below the home ``at``, taken in piece by piece, and return its id; ``expected`` bytes, if known.

    Raises DataError if it is empty or too large, or no text, if its owner has too many, or where there is no room; then
    nothing of it is kept.
    """
    from engine.words.texts.looking import look

    shown = plain_name(name)
    room = TEXTS.room(at, owner, shown, MOST_FILES, MAX_BYTES, MOST_BYTES)
    room.check(shown, expected)
    with TEXTS.draft(at) as draft:
        size, digest = write(draft / _FILE, chunks, shown, room, "a text with words in it")
        asked = f"{digest}{_TABLE}" if is_table(shown) else digest  # the same bytes as a table are another text
        look(Text(asked, shown, draft / _FILE, size, is_table(shown)), "utf-8")
        return TEXTS.taken(draft, asked, {"name": shown, "size": size}, owner)


def is_table(name: str) -> bool:
    """Tell whether a file of this name is a table: its ending says so, also before .gz."""
    return name.lower().removesuffix(".gz").endswith(TABLES)


def places_of_cut(at: Path) -> list[Path]:
    """Return the folders in which texts in numbers lie, each beside the text that they were made of."""
    return [folder / CUT for folder in TEXTS.folders(at) if (folder / CUT).is_dir()]
