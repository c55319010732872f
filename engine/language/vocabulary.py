"""What a text is cut into, and the numbers of these symbols: characters, or words with the blank before them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.language.spec import Symbols

UNKNOWN = "\ufffd"
"""How the symbol stands in a text that is none of the vocabulary: its number is 0."""
MOST_SYMBOLS = 2_000
"""Characters at most: languages written in thousands of them have the rarer ones as the unknown symbol."""
_WORDS = re.compile(r" ?[^\W_]+(?:['’][^\W_]+)*|\n| ?[^\w\s]|\s|_")


def cut(text: str, symbols: Symbols) -> Sequence[str]:
    """Return a text as its symbols, which joined are the text again.

    A word has the blank before it, if there is one; a mark and a line end stand for themselves.
    """
    return text if symbols == "characters" else _WORDS.findall(text)


@dataclass(frozen=True)
class Vocabulary:
    """The symbols that a model knows, by their numbers from 0 on; the first is the unknown one."""

    symbols: tuple[str, ...]
    kind: Symbols

    @classmethod
    def of(cls, text: str, kind: Symbols, most: int = MOST_SYMBOLS) -> "Vocabulary":
        """Return the ``most`` frequent symbols of a text, in the order of their letters."""
        counts = Counter(cut(text, kind))
        counts.pop(UNKNOWN, None)
        # Of two equally frequent ones the first by its letters: the order of reading must not decide.
        frequent = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))[: most - 1]
        return cls((UNKNOWN, *sorted(frequent)), kind)

    def __len__(self) -> int:
        return len(self.symbols)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.symbols)}

    def encode(self, text: str) -> np.ndarray:
        """Return the numbers (n,) int64 of the symbols of a text; 0 for one that is not known."""
        numbers = self._numbers
        return np.array([numbers.get(symbol, 0) for symbol in cut(text, self.kind)], np.int64)

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of symbols by their numbers."""
        return "".join(self.symbols[number] for number in numbers)


_NAMED = {" ": "a blank", "\n": "a line end", "\t": "a tab", "\r": "a carriage return", UNKNOWN: "the unknown symbol"}
_SHOWN = {"\n": "⏎", "\t": "⇥", "\r": "␍", UNKNOWN: "⟨unknown⟩"}


def shown(symbol: str) -> str:
    """Return a symbol as it is written where blanks and line ends have to be seen: ``␣the``, ``⏎``."""
    return _SHOWN.get(symbol) or "".join(
        "␣" if letter == " " else letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in symbol
    )


def named(symbol: str) -> str:
    """Return a symbol as it stands in a sentence: ``a blank``, ``«the»``, which has a blank before it as ``«␣the»``."""
    return _NAMED.get(symbol) or f"«{shown(symbol)}»"
