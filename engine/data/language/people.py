"""Names line by line, each behind what it is a name of: a language, or whether a girl or a boy is called so.

Who begins a line with a language asks for a name of that: so a net that was given nothing but text makes names under a
condition. First names are ours, made by rules: those of girls end otherwise than those of boys.
"""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, words
from engine.data.sequences.names import names

EACH = 400
"""Names of a language, before they are repeated in another order."""
BEGINNINGS = words("a be cal da el fa ga ha i jo ka lu ma ne o pe ra sa ti u va wen ya zo")
MIDDLES = words("ba da di fe la li lo mi na ni ra re ri sa so ta ve vi")
GIRLS = words("ia ina elle ita ara essa ona ilde ette ana")
BOYS = words("ik or ert us an olf imir ock ed ard")


def surnames(dice: Dice) -> Iterator[str]:
    """Yield lines such as ``Polish: Nowicki``."""
    found = names(EACH, dice.number(0, 2**31))
    lines = [f"{language}: {name}\n" for language, some in found.items() for name in some]
    while True:
        yield "".join(dice.some(lines, len(lines)))


def first_names(dice: Dice) -> Iterator[str]:
    """Yield lines such as ``girl: Maritella`` and ``boy: Fadolf``."""
    while True:
        girl = dice.share() < 0.5
        middle = "".join(dice.one(MIDDLES) for _ in range(dice.number(0, 2)))
        name = dice.one(BEGINNINGS) + middle + dice.one(GIRLS if girl else BOYS)
        yield f"{'girl' if girl else 'boy'}: {name.capitalize()}\n"
