"""What is looked at of a translating net: a pair held out, or a text of a person's own, and how it is written for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.asking import Answer
from engine.explanation import percent
from engine.figures.style import written as plain
from engine.labs.translation import TranslationSpec
from engine.labs.translation_decoding import Decoding
from engine.nets.translation.model import END, UNKNOWN, Translator
from engine.probes.translation import Way, read_way, write
from engine.readings import Reading
from engine.translation.prepared import Prepared
from engine.translation.vocabulary import cut
from engine.translation.writing_spec import WritingSpec

MOST_QUOTED = 200
UNKNOWN_TOLD, LONGEST_PART = 3, 20
"""Symbols that the net does not know of which so many are told, and so many letters of each."""
BEGINNING = 100


@dataclass(frozen=True, slots=True, eq=False)
class Beginning(Reading):
    """The first pairs that are learnt, as numbers of symbols, int32: ``sources`` (n, S) and ``targets`` (n, T)."""

    name: ClassVar[str] = "text"
    sources: np.ndarray
    targets: np.ndarray


class Looking:
    """Looks at nets that learn the pairs that are ``prepared``, and write as the ``decoding`` finds."""

    def __init__(self, prepared: Prepared, decoding: Decoding) -> None:
        self.prepared, self._decoding = prepared, decoding
        self.most_read, self.most_written = prepared.longest
        halves = f"{len(prepared.learnt):,} pairs are learnt, {len(prepared.held_out):,} are held out"
        self._told = f"{prepared.title}: {halves}. {prepared.left_out}".strip()

    def beginning(self) -> Beginning:
        """Return the first pairs that are learnt."""
        sources, targets = (side[:BEGINNING].numpy().astype(np.int32) for side in self.prepared.learnt_numbers)
        return Beginning(sources, targets)

    def held_out(self, net: Translator, live: TranslationSpec) -> Answer:
        """Return what a net writes for one of the pairs held out."""
        source, target = self.prepared.held_out[live.example % len(self.prepared.held_out)]
        numbers = self.prepared.source.encode(source)
        way, tree = self._written(net, numbers, live)
        said = f"Held out: {quoted(source)} is {quoted(target)}."
        right = ", which is right" if self.prepared.target.decode(way.symbols) == target else ", which is wrong"
        return self._answer(numbers, way, said, right, tree)

    def typed(self, net: Translator, text: str, live: WritingSpec) -> Answer:
        """Return what a net writes for a text of a person's own."""
        text = " ".join(text.split())
        numbers = self.prepared.source.encode(text)
        said = []
        if len(numbers) > self.most_read:
            said.append(f"It is read up to symbol {self.most_read - 1}, for none that are learnt are longer.")
            numbers = [*numbers[: self.most_read - 1], END]
        if unknown := self._unknown(text, numbers):
            said.append(f"The net does not know {unknown}: no pair that is learnt has that.")
        way, tree = self._written(net, numbers, live)
        answer = self._answer(numbers, way, " ".join([f"You typed {quoted(text)}.", *said]), "", tree)
        return Answer(answer.readings, {**answer.words, "told": " ".join([answer.words["written_text"], *said])})

    def _unknown(self, text: str, numbers: Sequence[int]) -> str:
        """Return which symbols of a text the net does not know, of which ``numbers`` are read; nothing where all."""
        parts = zip(cut(text, self.prepared.source.kind), numbers, strict=False)
        unknown = list(dict.fromkeys(part.strip() or "␣" for part, number in parts if number == UNKNOWN))
        more = f" and {len(unknown) - UNKNOWN_TOLD:,} more" if len(unknown) > UNKNOWN_TOLD else ""
        return ", ".join(quoted(part, LONGEST_PART) for part in unknown[:UNKNOWN_TOLD]) + more

    def _written(self, net: Translator, numbers: Sequence[int], live: WritingSpec) -> tuple[Way, Answer]:
        """Return how the text is written that a search finds, and the search."""
        found, tree = self._decoding.search(net, numbers, live)
        return write(net, numbers, self.most_written, found.symbols), tree

    def _answer(self, numbers: Sequence[int], way: Way, said: str, right: str, tree: Answer) -> Answer:
        text = self.prepared.target.decode(way.symbols)
        ended = "" if way.symbols[-1:] == [END] else " There it was cut: no target that is learnt is longer."
        words = {
            "read": "\n".join(plain(name) for name in self.prepared.source.names(numbers)),
            "written": "\n".join(plain(name) for name in self.prepared.target.names(way.symbols)),
            "pair": said,
            "pairs": self._told,
            "written_text": f"It writes {quoted(text)}{right}; how likely it finds that: {share(way.logs)}.{ended}",
            "unattended": "" if way.patterns else "This net has no attention: it does not look back.",
            "untaken": "" if way.contexts else "This net takes nothing as it writes: it has read all beforehand.",
        }
        readings = (*read_way(way, self.most_written, self.most_read), *tree.readings)
        return Answer(readings, {**words, **tree.words})


def quoted(text: str, most: int = MOST_QUOTED) -> str:
    """Return a text as it stands in a sentence."""
    return f"«{text if len(text) <= most else text[:most] + '…'}»"


def share(logs: Sequence[float]) -> str:
    """Return the probability of a text whose symbols have these, as natural logarithms."""
    return percent(float(np.exp(sum(logs))))
