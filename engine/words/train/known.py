"""Pairs of words between which something is known to hold, by the name of it."""

from collections.abc import Mapping, Sequence

from engine.words import suites, world
from engine.words.commands import suite_file

Relations = Mapping[str, Sequence[tuple[str, str]]]


def known_relations(corpus: str) -> Relations:
    """Return what is known of a text of the app: all of the made-up world, of others what question-words asks.

    Words are in small letters.
    """
    if corpus == "world":
        return world.relations()
    asked = suites.analogies(suite_file("question-words")).relations()
    return {_plain(name): tuple((a.lower(), b.lower()) for a, b in pairs) for name, pairs in asked.items()}


def _plain(name: str) -> str:
    """Return the name of a section as one says it: ``gram8-plural`` is plural."""
    return name.removeprefix("gram").lstrip("0123456789-").replace("-", " ")
