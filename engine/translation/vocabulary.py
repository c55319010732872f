"""What a text is cut into to be translated, and the numbers of these symbols: characters, or words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from engine.nets.translation.model import END, UNKNOWN

Symbols = Literal["characters", "words"]
NAMES = ("⟨filling⟩", "⟨begin⟩", "⟨end⟩", "⟨unknown⟩")
"""How the first symbols of every vocabulary are written, in the order of their numbers."""
MOST_SYMBOLS = 8_000
_WORDS = re.compile(r" ?[^\W\d_]+(?:['’][^\W\d_]+)*|\d|\s|[^\w\s]|_")


def cut(text: str, symbols: Symbols) -> Sequence[str]:
    """Return a text as its symbols.

    A word has the blank before it, and so does the first one of a text, to be the same as elsewhere; each digit and
    each mark stands for itself.
    """
    if symbols == "characters":
        return text
    found = _WORDS.findall(f" {text}")
    return found[1:] if found[:1] == [" "] else found


def joined(parts: Iterable[str], symbols: Symbols) -> str:
    """Return the text of symbols that ``cut`` gave."""
    text = "".join(parts)
    return text.removeprefix(" ") if symbols == "words" else text


@dataclass(frozen=True)
class Vocabulary:
    """The symbols that a net knows of one side, by their numbers from 0 on; the first ones are no text."""

    symbols: tuple[str, ...]
    kind: Symbols

    @classmethod
    def of(cls, texts: Iterable[str], kind: Symbols, most: int = MOST_SYMBOLS) -> "Vocabulary":
        """Return the ``most`` frequent symbols of texts, in the order of their letters, behind the first ones."""
        counts = Counter(part for text in texts for part in cut(text, kind))
        # Of two equally frequent ones the first by its letters: the order of reading must not decide.
        frequent = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))[: most - len(NAMES)]
        return cls((*NAMES, *sorted(frequent)), kind)

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols) if number >= len(NAMES)}

    def encode(self, text: str) -> list[int]:
        """Return the numbers of the symbols of a text, ``END`` behind; ``UNKNOWN`` for one that is not known."""
        return [*(self._numbers.get(part, UNKNOWN) for part in cut(text, self.kind)), END]

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of symbols by their numbers, up to the first ``END``."""
        found: list[str] = []
        for number in numbers:
            if number == END:
                break
            blank = " " if number == UNKNOWN and self.kind == "words" else ""  # as words have it
            found.append(blank + self.symbols[number])
        return joined(found, self.kind)

    def names(self, numbers: Iterable[int]) -> list[str]:
        """Return how symbols are written where each of them has to be seen: a blank as ``␣``, the end as ``⏎``."""
        return ["⏎" if number == END else self.symbols[number].replace(" ", "␣") for number in numbers]
