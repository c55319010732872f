"""A story without end: prose with people who speak in quotation marks, in lines of at most so many characters.

Two things in it are further away than three letters: a quotation that was opened is closed, and a line that has become
long ends. A net that keeps count of them can be caught at it.
"""

import textwrap
from collections.abc import Iterator

from engine.data.language.grammar import Dice, Grammar, sentence, words

COLUMNS = 60
HE = words("Anton Emil Jonas Oskar Pavel Tomas Viktor Henrik")
SHE = words("Clara Dora Irma Lena Marta Nora Selma Vera")
RULES = Grammar(
    {
        "adjective": words("old small grey quiet wooden narrow empty broken heavy green cold bright"),
        "thing": words("door lamp letter bridge garden boat mill key window table basket well clock road"),
        "things": words("doors lamps letters bridges gardens boats mills keys windows tables baskets clocks roads"),
        "place": (
            "by the river",
            "in the market",
            "under the bridge",
            "behind the mill",
            "at the edge of the village",
            "on the hill",
            "near the harbour",
            "in the kitchen",
        ),
        "time": (
            "in the morning",
            "before noon",
            "when it rained",
            "at night",
            "after supper",
            "on the third day",
            "as soon as the bell rang",
        ),
        "did": (
            "opened the {adjective} {thing}",
            "looked for the {thing} {place}",
            "waited {place}",
            "carried two {things} to the {adjective} {thing}",
            "went home {time}",
            "counted the {things}",
            "remembered the {adjective} {thing}",
            "sold {number} {things} {place}",
            "mended the {thing} with a piece of the other {thing}",
        ),
        "number": words("two three four five six seven twelve twenty"),
        "scene": (
            "the {adjective} {thing} was {place}",
            "the {things} were {adjective} and {adjective}",
            "there was a {thing} {place}, and nobody knew whose it was",
            "{time} the {thing} was {adjective} again",
            "it was {adjective} {place}",
            "the {things} stood {place} {time}",
        ),
        "claim": (
            "the {thing} is {adjective}",
            "the {things} are {adjective}",
            "I have seen the {thing} {place}",
            "we should meet {place} {time}",
            "nobody needs {number} {things}",
            "I will bring the {things} {time}",
            "you must not open the {thing}",
            "my mother had a {thing} like this",
        ),
        "question": (
            "where is the {thing}",
            "where are the {things}",
            "who has seen the {thing}",
            "why are the {things} so {adjective}",
            "will you wait {place}",
            "do you know the {thing} {place}",
        ),
        "asked": words("asked wondered"),
        "said": words("said whispered answered cried"),
    }
)


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield paragraphs about two people each, in lines of at most ``COLUMNS`` characters, an empty line behind each."""
    while True:
        people = [(dice.one(SHE), "she"), (dice.one(HE), "he")]
        told = []
        for at in range(dice.number(3, 6)):
            name, pronoun = people[at % 2]
            told.append(_told(dice, name if dice.share() < 0.6 else pronoun))
        yield textwrap.fill(" ".join(told), COLUMNS, break_on_hyphens=False) + "\n\n"


def _told(dice: Dice, who: str) -> str:
    kind = dice.share()
    if kind < 0.25:
        return f"{sentence(RULES.say('scene', dice))}."
    if kind < 0.5:
        return f"{sentence(who)} {RULES.say('did', dice)}."
    if kind < 0.7:
        return f'"{sentence(RULES.say("claim", dice))}," {who} {RULES.say("said", dice)}.'
    if kind < 0.85:
        return f'"{sentence(RULES.say("question", dice))}?" {who} {RULES.say("asked", dice)}.'
    first, second = RULES.say("claim", dice), RULES.say("claim", dice)
    return f'"{sentence(first)}," {who} {RULES.say("said", dice)}, "and {second}."'
