"""Surnames line by line, each behind its language.

Who begins a line with a language asks for a name of that: so a net that was given nothing but text makes names under a
condition.
"""

from collections.abc import Iterator

from engine.data.language.grammar import Dice
from engine.data.sequences.names import names

EACH = 400
"""Names of a language, before they are repeated in another order."""


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield lines such as ``Polish: Nowicki``, all names at once."""
    found = names(EACH, dice.number(0, 2**31))
    lines = [f"{language}: {name}\n" for language, some in found.items() for name in some]
    while True:
        yield "".join(dice.some(lines, len(lines)))
