"""Where spaces come from: what the app learns by itself, what libraries bring along, uploads, folders, downloads.

A space is named by a short text: ``world``, ``packaged:NAME``, ``upload:ID``, ``server:PLACE/relative/path``,
``catalogue:NAME``, ``run:RUN:STEP[:MARK]``.
"""

from dataclasses import dataclass

from engine.errors import DataError
from engine.keeping import short


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
