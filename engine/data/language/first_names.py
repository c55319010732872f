"""First names line by line, each behind whether a girl or a boy is called so, which asks for such a name.

They are ours, made by rules: those of girls end otherwise than those of boys.
"""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, words

BEGINNINGS = words("a be cal da el fa ga ha i jo ka lu ma ne o pe ra sa ti u va wen ya zo")
MIDDLES = words("ba da di fe la li lo mi na ni ra re ri sa so ta ve vi")
GIRLS = words("ia ina elle ita ara essa ona ilde ette ana")
BOYS = words("ik or ert us an olf imir ock ed ard")


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield lines such as ``girl: Maritella`` and ``boy: Fadolf``."""
    while True:
        girl = dice.share() < 0.5
        middle = "".join(dice.one(MIDDLES) for _ in range(dice.number(0, 2)))
        name = dice.one(BEGINNINGS) + middle + dice.one(GIRLS if girl else BOYS)
        yield f"{'girl' if girl else 'boy'}: {name.capitalize()}\n"
