"""What a unit might keep count of: whether a text is inside quotation marks or brackets, how far a line or word has
come. Computed from the text alone, by rules that one can read.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np

Property = Literal["quotes", "brackets", "line", "word"]
TITLES: Mapping[Property, str] = MappingProxyType(
    {
        "quotes": "whether it is inside quotation marks",
        "brackets": "how deep it is in brackets",
        "line": "how far the line has come",
        "word": "how far the word has come",
    }
)
HOW_WELL = ((0.95, "nearly exactly"), (0.8, "well"), (0.5, "a little"), (0.0, "hardly"))
"""From which correlation on, up or down, a unit tells a property how well. Its square is the share that it explains: at
0.5 a quarter, at 0.8 two thirds, at 0.95 nine tenths.
"""
OPEN, CLOSE = "([{", ")]}"


def properties(symbols: Sequence[str]) -> Mapping[Property, np.ndarray]:
    """Return each property (n,) float64 as it is when each of n symbols has been read.

    Quotation marks and brackets that were left open are forgotten at an empty line, so that one stray mark does not
    turn everything behind it inside out. Lines and words are measured in characters.
    """
    found: dict[Property, np.ndarray] = {name: np.zeros(len(symbols)) for name in TITLES}
    quoted, depth, line, word, empty = False, 0, 0, 0, True
    for at, symbol in enumerate(symbols):
        for letter in symbol:
            if letter == "\n":
                if empty:
                    quoted, depth = False, 0
                line, word, empty = 0, 0, True
                continue
            line, empty = line + 1, empty and letter.isspace()
            word = word + 1 if letter.isalnum() else 0
            if letter == '"':
                quoted = not quoted
            elif letter in "“”":
                quoted = letter == "“"
            depth = depth + 1 if letter in OPEN else max(0, depth - 1) if letter in CLOSE else depth
        found["quotes"][at], found["brackets"][at] = quoted, depth
        found["line"][at], found["word"][at] = line, word
    return found


def correlations(units: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Return Pearson's r (u,) of each of ``units`` (n, u) with a property (n,); 0 where either does not change."""
    centred = units - units.mean(axis=0)
    about = told - told.mean()
    sizes = np.sqrt((centred**2).sum(axis=0) * (about**2).sum())
    return np.divide(about @ centred, sizes, out=np.zeros(units.shape[1]), where=sizes > 1e-12)


def how_well(r: float) -> str:
    """Return in words how well a unit tells a property with which it has the correlation ``r``."""
    return next((words for least, words in HOW_WELL if abs(r) >= least), HOW_WELL[-1][1])
