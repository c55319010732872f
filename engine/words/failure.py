"""What an entry of the gallery of failures is, and how a space is asked whether it fails there, and for that reason."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from engine.words import world
from engine.words.formula import Formula, parse
from engine.words.space import Metric, Ranked, Space

SHOWN = 10
SEARCHED = 1_000
NUMBERS_AT_MOST = 50_000_000
"""About so many numbers are read for the evidence of one entry: in a large space it asks fewer other questions."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question in a space: its ``answers``, the best first, and whether it ``failed`` as was told.

    ``rank`` is the place of the expected word, from 1; None if it is behind the first ``SEARCHED``, or excluded.
    ``evidence`` is a sentence with what was measured in this space.
    """

    answers: Ranked
    rank: int | None
    failed: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry: a ``formula``, the word that one would ``expect``, and ``why`` it is not the answer, from a ``paper``.

    A formula of one word asks for its neighbours. ``shows`` tells of a space whether the answers fail for this reason,
    and a sentence of evidence.
    """

    name: str
    title: str
    formula: str
    expected: str
    why: str
    paper: str
    shows: "Callable[[Failure, Space, Ranked], tuple[bool, str]]"
    exclude_inputs: bool = True
    metric: Metric = "cosine"

    @property
    def words(self) -> tuple[str, ...]:
        """All words that a space has to have."""
        return tuple(dict.fromkeys((*self.asked.positive, *self.asked.negative, self.expected)))

    @property
    def asked(self) -> Formula:
        """The formula, read."""
        return parse(self.formula)

    def fits(self, space: Space) -> bool:
        """Tell whether a space has the words."""
        return all(word in space for word in self.words)

    def check(self, space: Space) -> Outcome:
        """Ask the question; raises DataError where a word is not there."""
        answers = _answers(self, space, self.exclude_inputs)
        if not answers:
            return Outcome([], None, False, "This space has no word that could be the answer.")
        words = [word for word, _ in answers]
        rank = words.index(self.expected) + 1 if self.expected in words else None
        failed, evidence = self.shows(self, space, answers)
        return Outcome(answers[:SHOWN], rank, failed, evidence)


def _answers(entry: Failure, space: Space, exclude_inputs: bool, k: int = SEARCHED) -> Ranked:
    asked = entry.asked
    if len(asked.positive) == 1 and not asked.negative:
        return space.neighbours(asked.positive[0], k, entry.metric)
    return space.analogy(asked.positive, asked.negative, k, exclude_inputs=exclude_inputs)


def _wrong(entry: Failure, answers: Ranked) -> bool:
    return answers[0][0] != entry.expected


def input_wins(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """A word of the question lies nearest to the sum."""
    best, cosine = answers[0]
    others = [(word, score) for word, score in answers if word == entry.expected != best]
    behind = "".join(f" and at {score:.2f} from {word}" for word, score in others)
    return best in entry.words and best != entry.expected, f"The sum lies at cosine {cosine:.2f} from {best}{behind}."


def neighbour_wins(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """The nearest neighbour of the word that one sets out from wins, and for most other pairs too."""
    best, asked = answers[0][0], entry.asked.positive[0]
    known = [pair for pair in world.relations()["man and woman"] if pair[0] != asked and all(w in space for w in pair)]
    others = known[: _affordable(space)]
    same = sum(space.analogy([asked, to], [of], 1)[0][0] == best for of, to in others)
    nearest = space.neighbours(asked, 1)[0][0]
    said = f"{best} is {'' if best == nearest else 'not '}the nearest neighbour of {asked}"
    share = f"{same} of {len(others)} other pairs, put in place of this one, lead to it too"
    return _wrong(entry, answers) and best == nearest and 2 * same > len(others), f"{said}; {share}."


def excluded(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """The expected word comes first, but is taken out as a word of the question."""
    free, cosine = _answers(entry, space, False, 1)[0]
    failed = entry.expected in (*entry.asked.positive, *entry.asked.negative) and free == entry.expected
    return failed, f"With all words allowed, the answer is {free}, at cosine {cosine:.2f}; next comes {answers[0][0]}."


def opposite_is_near(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """Another word lies nearer, and how near both are."""
    (best, cosine), word = answers[0], entry.asked.positive[0]
    expected = space.similarity(word, entry.expected)
    return _wrong(entry, answers), f"{word} and {best}: {cosine:.2f}; {word} and {entry.expected}: {expected:.2f}."


def circle(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """The next of seven days is not found, and how often it is for days that are all different."""
    days = [day for day in world.groups()["days"] if day in space]
    if len(days) < 7:
        return _wrong(entry, answers), "Not all seven days are in this space."
    pairs = [(at, on) for at, on in permutations(range(7), 2) if (on - at) % 7 not in (1, 6)]  # four different days
    asked = pairs[:: max(1, len(pairs) // _affordable(space))]
    right = sum(
        space.analogy([days[(at + 1) % 7], days[on]], [days[at]], 1)[0][0] == days[(on + 1) % 7] for at, on in asked
    )
    return _wrong(entry, answers), f"Of {len(asked)} questions for the next day, {right} are answered rightly."


def many_meanings(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """The expected word is not found; its neighbours show what it means."""
    near = ", ".join(word for word, _ in space.neighbours(entry.expected, 8))
    return _wrong(entry, answers), f"Near to {entry.expected}: {near}."


def too_rare(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """The expected word is not found, and how often it was seen."""
    counts = [_times(space, word) for word in (entry.asked.positive[-1], entry.expected)]
    return _wrong(entry, answers), "; ".join(filter(None, counts)) + "." if any(counts) else "No counts are known here."


def length_wins(entry: Failure, space: Space, answers: Ranked) -> tuple[bool, str]:
    """By the dot product a longer vector comes before the word that is nearest by the cosine."""
    word, best = entry.asked.positive[0], answers[0][0]
    by_cosine = space.neighbours(word, 1)[0][0]
    said = [f"{one} is {_length(space, one):.1f} long" for one in dict.fromkeys((best, by_cosine))]
    failed = best != by_cosine and _length(space, best) > _length(space, by_cosine)
    return failed, f"By the cosine, {by_cosine} comes first: {' and '.join(said)}."


def _times(space: Space, word: str) -> str:
    row = space.words.find(word)
    if space.frequency is None or row is None:
        return ""
    return f"{word} comes {int(space.frequency[row]):,} times in the text"


def _length(space: Space, word: str) -> float:
    return float(np.linalg.norm(space.vector(word)))


def _affordable(space: Space) -> int:
    return max(3, NUMBERS_AT_MOST // space.vectors.size)
