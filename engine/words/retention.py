"""How much of what the words lab keeps stays on the disk, and for how long.

A space can be made again from its file, and so can a text in numbers, so those that were unused for longest go where
there are too many; one that somebody has open stays. An uploaded file is somebody's own: it goes when nobody has used
it for long.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from engine.keeping import LEAVE_FREE, drafts
from engine.words import learnt
from engine.words.corpus import encoded
from engine.words.sources import uploads
from engine.words.stored import RECORD
from engine.words.texts import own

NAMED_BY = "LEARNSCOPE_WORDS_KEPT_MB"
MOST_BYTES = 20 * 2**30
"""Of all spaces and texts together, where the environment says nothing else."""


def tidy(home: Path) -> None:
    """Delete what nobody finishes any more, uploads unused for long, and the spaces beyond what is kept."""
    uploads.tidy(home)
    drafts.tidy(home / own.FOLDER)
    learnt.tidy(home)
    evict([home / "words", *uploads.places_of_spaces(home), *own.places_of_cut(home)])


def evict(places: Sequence[Path], but: Path | None = None) -> None:
    """Delete drafts that nobody writes any more, and the spaces in some folders that were unused for longest, until the
    others take no more than is kept; never ``but``, nor one that somebody has open.
    """
    for place in places:
        drafts.tidy(place)
    spaces = sorted(one for place in places for one in _spaces(place))
    taken = sum(size for _, size, _ in spaces)
    beyond = taken - most_kept(places[0], taken)
    for _, size, folder in spaces:
        if beyond <= 0:
            return
        if folder != but and drafts.removed(folder):
            beyond -= size


def most_kept(place: Path, taken: int) -> int:
    """Return how many bytes spaces may take that take so many now: what is set, and less where the disk is full."""
    named = os.environ.get(NAMED_BY, "").strip()
    most = int(named) << 20 if named.isascii() and named.isdigit() else MOST_BYTES
    with suppress(OSError):
        most = min(most, taken + shutil.disk_usage(place).free - LEAVE_FREE)
    return max(0, most)


def _spaces(place: Path) -> Iterator[tuple[float, int, Path]]:
    """Yield when a space, or a text in numbers, was last used, how many bytes it takes and where it is."""
    with suppress(OSError):
        for folder in place.iterdir():
            with suppress(OSError):
                if not folder.name.startswith("."):
                    record = folder / encoded.RECORD
                    used = (record if record.exists() else folder / RECORD).stat().st_mtime
                    size = sum(file.stat().st_size for file in folder.rglob("*"))  # counts lie in folders of their own
                    yield used, size, folder
