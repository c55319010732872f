"""Where spaces come from: what the app learns by itself, what libraries bring along, uploads, folders, downloads.

A space is named by a short text: ``world``, ``packaged:NAME``, ``upload:ID``, ``server:PLACE/relative/path``,
``catalogue:NAME``, ``run:RUN:STEP[:MARK]``.
"""

from dataclasses import dataclass

from engine.errors import DataError

LEAVE_FREE = 2**30
"""Bytes of the disk that nothing about words takes: runs, and all else that is written, need room too."""


@dataclass(frozen=True, slots=True)
class Source:
    """One space that may be opened: its ``id`` for links, a ``title``, and a sentence of ``words`` about it.

    What is ``private`` is listed for its owner only; whoever knows its id may open it.
    """

    id: str
    title: str
    words: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Sources of one kind, in the order in which they are offered."""

    title: str
    sources: tuple[Source, ...]


def unknown(source: str) -> DataError:
    """Return the error of a source that is not there; what is not to be known sounds the same."""
    return DataError(f"There are no vectors named {short(source)!r} here: choose others.")


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
