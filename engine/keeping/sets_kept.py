"""How a set that somebody brings is kept: within limits, once for the same files, or not at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError
from engine.keeping import sets
from engine.keeping.owned import Owned
from engine.keeping.sets import Kept, Part


@dataclass(frozen=True, slots=True)
class Limits:
    """How many ``parts`` a set has at most, and how many ``bytes``; how many ``sets`` a person has, and ``all_bytes``
    of them.
    """

    parts: int
    bytes: int
    sets: int
    all_bytes: int


@dataclass(frozen=True, slots=True)
class Kind:
    """What sets of one kind are kept as: ``owned`` are all of them, ``expected`` says what is missing in an empty file,
    ``glance`` looks at each in quarantine, ``called`` makes the id of a set of its parts.
    """

    owned: Owned[Kept]
    expected: str
    glance: str
    called: Callable[[Sequence[Part]], str]

    def keep(
        self,
        at: Path,
        chunks: Iterable[bytes],
        names: Sequence[str],
        owner: str,
        limits: Limits,
        expected: int = 0,
        sizes: Sequence[int] = (),
    ) -> str:
        """Keep a set below the home ``at`` and return its id; ``expected`` bytes, if known.

        Its files come piece by piece, one behind the other, of so many bytes each (``sizes``); without these it is one
        file. Raises DataError where it breaks a limit, where a file is empty or none of this kind for certain, or
        where there is no room; then nothing of it is kept.
        """
        shown = names[0] if len(names) < 2 else f"{names[0]} and {len(names) - 1} others"
        room = self.owned.room(at, owner, shown, limits.sets, limits.bytes, limits.all_bytes)
        if len(sizes) > limits.parts or (sizes and len(sizes) != len(names)):
            raise DataError(f"{len(sizes)} files were not kept: expected at most {limits.parts}, each with its name.")
        room.check(shown, max(expected, sum(sizes)))
        with self.owned.draft(at) as draft:
            parts = list(sets.written(draft, chunks, names, sizes, room, self.expected, self.glance))
            return self.owned.taken(draft, self.called(parts), sets.about(parts), owner)
