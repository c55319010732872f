"""What the labs about words are called that are no labs of a net, on their pages and on their cards at home."""

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
COMPARE_WORDS = Card(
    "compare_words",
    "Compare words",
    "Two or three spaces side by side: where their neighbours agree, which words moved, which of them scores better "
    "and whether that is more than chance.",
    "Words in two spaces learnt from one text, one turned onto the other: arrows lead from each word's place in the "
    "first to its place in the second, most of them short.",
)

INDEX = Card(
    "index",
    "Index",
    "How to find the nearest words without a look at all: lists, graphs and codes, measured on the open vectors "
    "against plain numpy, and advice for as many as you have.",
    "Points in cells, each around its centre: a question is asked in the cells that lie nearest to it.",
)
