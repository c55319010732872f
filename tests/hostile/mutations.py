"""Good files of vectors of every format, and what is left of them once they are harmed: the same for each number."""

import gzip
import random
import struct
from collections.abc import Callable

import numpy as np

from tests.hostile.vectors import binary, fasttext

_NUMBERS = np.random.default_rng(7).normal(size=(40, 6)).astype(np.float32)
_WORDS = [f"w{n}ö".encode() if n % 5 == 0 else f"word{n}".encode() for n in range(40)]
_ROWS = {word: vector.tolist() for word, vector in zip(_WORDS, _NUMBERS, strict=True)}
_TEXT = b"".join(w + b" " + " ".join(f"{x:.5f}" for x in v).encode() + b"\n" for w, v in _ROWS.items())
_PLAIN = {
    "word2vec bin": binary(_ROWS),
    "word2vec bin without LF": binary(_ROWS, end=b""),
    "word2vec txt": b"40 6\n" + _TEXT,
    "GloVe": _TEXT,
    "fastText vec": b"40 6\n" + _TEXT.replace(b"\n", b" \n"),
    "fastText bin": fasttext(tuple(_WORDS)),
}
GOOD_FILES = {**_PLAIN, **{f"{name}, gz": gzip.compress(data, mtime=0) for name, data in _PLAIN.items()}}
ODD = (
    *(struct.pack("<i", n) for n in (0, 1, -1, 2**31 - 1, -(2**31), 10_001, 123)),
    *(struct.pack("<q", n) for n in (0, -1, 2**63 - 1, 2**32, 2**40)),
    *(struct.pack("<f", x) for x in (float("nan"), float("inf"), 1e38, 1e-45)),
    *(
        b"nan",
        b"inf",
        b"1e400",
        b"-",
        b"1,5",
        b" ",
        b"\n",
        b"\r",
        b"\t",
        b"\0",
        b"\xed\xa0\x80",
        b"\xff",
        b"\xe2\x80\xa8",
    ),
    *(
        b"999999999999 6\n",
        b"0 0\n",
        b"-1 6\n",
        b"\x80\x04\x95",
        b"PK\x03\x04",
        b"\x1f\x8b\x08\0",
        b"x" * 2_000,
        b"1 " * 500,
    ),
    b"cposix\nmkdir\n(S'hacked'\ntR.",
)


def mutated(seed: str, number: int) -> tuple[str, bytes]:
    """Return the name of the format that was harmed, and what became of the file."""
    dice = random.Random(f"{seed}/{number}")
    name = dice.choice(list(GOOD_FILES))
    packed = name.endswith(", gz")
    inside = packed and dice.random() < 0.6  # what is unpacked is harmed, not only the packing
    data = bytearray(GOOD_FILES[name.removesuffix(", gz") if inside else name])
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        data = dice.choice(_WAYS)(data, dice)
    return name, gzip.compress(data, mtime=0) if inside else bytes(data)


def _flip(data: bytearray, dice: random.Random) -> bytearray:
    for _ in range(dice.choice((1, 1, 4, 32))):
        if data:
            data[_place(data, dice)] = dice.randrange(256)
    return data


def _cut(data: bytearray, dice: random.Random) -> bytearray:
    return data[: _place(data, dice)]


def _insert(data: bytearray, dice: random.Random) -> bytearray:
    place = _place(data, dice)
    return data[:place] + dice.choice(ODD) + data[place:]


def _overwrite(data: bytearray, dice: random.Random) -> bytearray:
    place, odd = _place(data, dice), dice.choice(ODD)
    return data[:place] + odd + data[place + len(odd) :]


def _delete(data: bytearray, dice: random.Random) -> bytearray:
    start, end = _piece(data, dice)
    return data[:start] + data[end:]


def _swap(data: bytearray, dice: random.Random) -> bytearray:
    a, b, c = sorted(_place(data, dice) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(data: bytearray, dice: random.Random) -> bytearray:
    start, end = _piece(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 2, 50)) + data[end:]


def _splice(data: bytearray, dice: random.Random) -> bytearray:
    other = bytearray(GOOD_FILES[dice.choice(list(GOOD_FILES))])
    return data[: _place(data, dice)] + other[_place(other, dice) :]


def _count(data: bytearray, dice: random.Random) -> bytearray:
    """Change a number that is written out, as those of a header are."""
    digits = [place for place, byte in enumerate(data[:200]) if 48 <= byte <= 57]
    if digits:
        place = dice.choice(digits[:4] if dice.random() < 0.7 else digits)
        data[place : place + 1] = str(dice.choice((0, 7, 99, 10**5, 10**12))).encode()
    return data


def _place(data: bytearray, dice: random.Random) -> int:
    """Return a place in a file, in its first bytes as often as in all others."""
    return dice.randrange(max(1, min(len(data), 120) if dice.random() < 0.5 else len(data)))


def _piece(data: bytearray, dice: random.Random) -> tuple[int, int]:
    start = _place(data, dice)
    return start, start + dice.choice((1, 4, 8, 30, 300))


_WAYS: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (
    *(_flip, _flip, _cut, _insert, _overwrite, _overwrite),
    *(_delete, _swap, _repeat, _splice, _count),
)
