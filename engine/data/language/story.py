"""A story without end: prose with people who speak in quotation marks, in lines of at most so many characters.

Two things in it are further away than three letters. What is told has happened, and what people say is so now, however
many sentences they say: each verb hangs on whether a quotation is open. And a line that has become long ends. A net
that keeps count of them can be caught at it.
"""

import textwrap
from collections.abc import Iterator

from engine.data.language.grammar import Dice, Grammar, sentence, words

COLUMNS = 60
HE = words("Anton Emil Jonas Oskar Pavel Tomas Viktor Henrik")
SHE = words("Clara Dora Irma Lena Marta Nora Selma Vera")
NOW = {
    **{"was": "is", "were": "are", "opened": "opens", "looked": "looks", "waited": "waits", "carried": "carries"},
    **{"went": "goes", "counted": "counts", "remembered": "remembers", "sold": "sells", "mended": "mends"},
    **{"knew": "knows", "stood": "stand", "needed": "needs", "rained": "rains", "rang": "rings"},
}
QUALITIES = words("old small grey quiet wooden narrow empty broken heavy green cold bright")
THING = words("door lamp letter bridge garden boat mill key window table basket well clock road")
NUMBERS = words("two three four five six seven twelve twenty")
KINDS = {
    "names": tuple(name for pair in zip(HE, SHE, strict=True) for name in pair),
    "things": THING,
    "qualities": QUALITIES,
    "numbers": NUMBERS,
}
"""Words that can stand in each other's place, by what they are called."""
RULES = Grammar(
    {
        "adjective": QUALITIES,
        "thing": THING,
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
        "number": NUMBERS,
        "scene": (
            "the {adjective} {thing} was {place}",
            "the {things} were {adjective} and {adjective}",
            "there was a {thing} {place}, and nobody knew whose it was",
            "{time} the {thing} was {adjective} again",
            "it was {adjective} {place}",
            "the {things} stood {place} {time}",
            "nobody needed {number} {things}",
            "the {thing} was like a {thing}, only {adjective}",
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
    """Return what is told next: a sentence or more of the story, or of somebody in it."""
    if dice.share() < 0.2:
        return f'"{sentence(RULES.say("question", dice))}?" {who} {RULES.say("asked", dice)}.'
    sentences = [_sentence(dice, who) for _ in range(dice.number(1, 3))]
    if dice.share() < 0.45:
        return ". ".join(sentences) + "."
    return f'"{". ".join(map(_now, sentences))}," {who} {RULES.say("said", dice)}.'


def _sentence(dice: Dice, who: str) -> str:
    if dice.share() < 0.4:
        return f"{sentence(who)} {RULES.say('did', dice)}"
    return sentence(RULES.say("scene", dice))


def _now(text: str) -> str:
    """Return what has happened as one says it of this moment."""
    return " ".join(NOW.get(word, word) for word in text.split(" "))
