"""How bytes may stand for letters, and what those that are no UTF-8 may have meant: a person knows it when it is read
to them.
"""

import unicodedata
from itertools import pairwise, product
from typing import Literal

Encoding = Literal[
    "utf-8", "cp1252", "cp1250", "cp1251", "koi8-r", "utf-16-le", "utf-16-be", "shift_jis", "gb18030", "euc-kr"
]
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "koi8-r": "KOI8-R, Cyrillic",
    "utf-16-le": "UTF-16, low byte first",
    "utf-16-be": "UTF-16, high byte first",
    "shift_jis": "Shift JIS, Japanese",
    "gb18030": "GB 18030, Chinese",
    "euc-kr": "EUC-KR, Korean",
}
MOST_OFFERED = 3
MOST_CHARS = 40
_CUTS = sorted(product(range(4), repeat=2), key=sum)
MARKS = "«»„“”‚‘’–—…¡¿©®°§·€£、。「」？！，"


def offered(around: bytes, tried: str) -> str:
    """Return an offer, in a sentence, of other encodings for bytes that could not be read; nothing where none fits."""
    readings: dict[str, str] = {}
    for name, title in ENCODINGS.items():
        read = "" if name == tried else _read(around, name)
        if read and read not in readings.values() and len(readings) < MOST_OFFERED:
            readings[title] = read
    if not readings:
        return ""
    told = "; ".join(f"as {title} it reads “{read}” there" for title, read in readings.items())
    return f"Or choose another encoding: {told}."


def _read(around: bytes, encoding: str) -> str:
    """Return how some bytes read; nothing where they are no words in this encoding.

    They may begin and end within a character, so the first and the last of them need not be read.
    """
    text = next(filter(None, (_decoded(around[at : len(around) - to], encoding) for at, to in _CUTS)), "")
    odd = not text.strip() or "\0" in text or not all(map(_may_stand, text))
    return "" if odd or any(map(_is_odd, text.split())) else " ".join(text.split())[:MOST_CHARS]


def _decoded(some: bytes, encoding: str) -> str:
    try:
        return some.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _may_stand(letter: str) -> bool:
    if letter.isascii() or letter.isspace():
        return letter.isprintable() or letter.isspace()
    return letter.isalpha() or letter in MARKS


def _is_odd(word: str) -> bool:
    """Tell whether nobody writes so: letters of two alphabets in one word, or a capital behind a small one."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()}
    mixed = "LATIN" in scripts and len(scripts) > 1
    return mixed or any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word))
