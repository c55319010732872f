"""A play without end: speakers, who take turns, and directions for the stage in brackets."""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, Grammar, sentence, words

SPEAKERS = words("KING QUEEN DOCTOR FISHER BAKER GUARD WIDOW CHILD JUDGE STRANGER")
RULES = Grammar(
    {
        "place": ("a kitchen", "the harbour", "a court of law", "the palace", "a road at night", "a garden"),
        "hour": ("Morning", "Noon", "Evening", "Night", "The next day"),
        "good": words("noble loyal gentle faithful patient clever"),
        "bad": words("foolish false wicked idle greedy proud"),
        "person": words("lord lady servant thief brother sister neighbour master"),
        "matter": words("crown bread ship ring letter sword secret promise war fish"),
        "gone": words("lost stolen broken found forgotten sold"),
        "direction": (
            "aside",
            "to the {person}",
            "with a {matter} in hand",
            "rising",
            "from behind the curtain",
            "after a silence",
        ),
        "plain": (
            "the {matter} is {gone}",
            "I am no {bad} {person}",
            "you are a {good} {person}",
            "never was a {matter} so {gone}",
            "give me the {matter}, and I shall be silent",
            "there is no {person} in this house who has not seen the {matter}",
            "my {matter} was {gone} before the {person} came",
            "let the {bad} {person} answer for it",
            "if the {matter} is {gone}, then so are we",
        ),
        "question": (
            "who has the {matter}",
            "is the {matter} {gone}",
            "what will the {person} say",
            "how can a {good} {person} be so {bad}",
            "shall we wait for the {person}",
        ),
        "cry": ("alas", "enough", "hear me", "to the ships", "the {matter}, the {matter}", "away, {bad} {person}"),
    }
)


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield scenes: a heading, and speeches of people who take turns."""
    number = 0
    while True:
        number += 1
        lines = [f"SCENE {number}. {sentence(RULES.say('place', dice))}. {RULES.say('hour', dice)}.\n"]
        people = dice.some(SPEAKERS, dice.number(2, 3))
        for at in range(dice.number(5, 9)):
            who = people[at % len(people)]
            aside = f" ({RULES.say('direction', dice)})" if dice.share() < 0.2 else ""
            lines.append(f"{who}{aside}: {_speech(dice, people[(at + 1) % len(people)])}\n")
        yield "".join(lines) + "\n"


def _speech(dice: Dice, other: str) -> str:
    said = []
    for _ in range(dice.number(1, 3)):
        kind = dice.share()
        if kind < 0.5:
            said.append(f"{sentence(RULES.say('plain', dice))}.")
        elif kind < 0.75:
            said.append(f"{sentence(RULES.say('question', dice))}?")
        elif kind < 0.9:
            said.append(f"{sentence(RULES.say('cry', dice))}!")
        else:
            said.append(f"{sentence(RULES.say('plain', dice))}, {other.lower()}.")
    return " ".join(said)
