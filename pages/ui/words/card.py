"""What the words lab is called, on its page and on its card at home."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A lab's card: ``name`` is that of its page, note and picture; ``summary`` one sentence; ``alt`` its picture."""

    name: str
    title: str
    summary: str
    alt: str


WORDS = Card(
    "words",
    "Words",
    "Words as points: open vectors of word2vec, GloVe or fastText, ask for neighbours and analogies, and draw maps "
    "that say how far they can be trusted.",
    "A map of words: countries, capitals, jobs, animals and verbs lie in clouds of their own.",
)

INDEX = Card(
    "index",
    "Index",
    "How to find the nearest words without a look at all: lists, graphs and codes, measured on the open vectors "
    "against plain numpy, and advice for as many as you have.",
    "Points in cells, each around its centre: a question is asked in the cells that lie nearest to it.",
)
