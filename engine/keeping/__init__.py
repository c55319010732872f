"""How what people bring, or ask for, comes to lie on this server: piece by piece, whole or not at all."""

import os
from pathlib import Path

LEAVE_FREE = 2**30
"""Bytes of the disk that nothing of that takes: runs, and all else that is written, need room too."""


def home() -> Path:
    """Return the folder of all that is kept: ``LEARNSCOPE_HOME``, or ``.learnscope`` where one has been started."""
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope")


def short(text: str) -> str:
    """Return a text as it fits into a sentence."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text[:61])
    return printable if len(printable) <= 60 else printable[:59] + "…"


def size_in_words(size: int) -> str:
    """Return so many bytes as a person says it."""
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}" if size < 1000 * unit else f"{size / unit:,.0f} {name}"
    return f"{size:,} bytes"
