"""How a translation is searched for, and how good it is: the tree of the pair looked at, BLEU and the worst of some
pairs held out, and who is to blame for them.
"""

from collections.abc import Callable, Generator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from engine.asking import Answer
from engine.figures.style import written as plain
from engine.figures.translation_decoding import WORST
from engine.jobs import Progress
from engine.nets.translation.model import END, Batch, Translator
from engine.probes.beams import read_beams
from engine.probes.bleu import read_bleu
from engine.probes.looking import looking
from engine.translation.batches import MOST_SUMS, batch_of, padded
from engine.translation.blame import Blamed, Verdict, blame, counts, worst
from engine.translation.blame_spec import BlameSpec
from engine.translation.bleu import Bleu, corpus_bleu, signature
from engine.translation.prepared import Prepared
from engine.translation.vocabulary import cut
from engine.translation.writing import AT_ONCE, Translation, likelihoods, write_by_beam, write_greedily
from engine.translation.writing_spec import WritingSpec

SCORED = 64
"""Pairs held out that are written for at every look."""
BLAMED_AT_ONCE = 16
"""The same where blame is asked for, a few at a time: so far one can be told to be."""
MOST_QUOTED = 120
TOLD = 50
"""Worst translations that are told in an answer."""
VERDICTS = {Verdict.RIGHT: "right", Verdict.NET: "the net is to blame", Verdict.SEARCH: "the search is to blame"}
Meanwhile = Callable[[], None]
Work = Generator[Progress, None, dict[str, Any]]


class Scored(NamedTuple):
    """BLEU, and what is seen of it."""

    bleu: float
    seen: Answer


class Decoding:
    """Searches and scores with nets that learn the pairs that are ``prepared``; ``most`` pairs held out are used."""

    def __init__(self, prepared: Prepared, most: int) -> None:
        self.prepared = prepared
        self.pairs = prepared.held_out[:most]
        self.longest = prepared.longest[1]
        batches = self._batches(AT_ONCE)
        self._first = batches[: -(-SCORED // len(batches[0].targets))]
        self.references = [cut(target, prepared.target.kind) for _, target in self.pairs]

    def search(self, net: Translator, source: Sequence[int], live: WritingSpec) -> tuple[Translation, Answer]:
        """Return what is written for a ``source`` in numbers, with its end, and the tree of the search for it."""
        beams, penalty = live.searched
        read = padded([source])
        with looking(net):
            (found,) = write_by_beam(net, read, read == read, self.longest, beams, penalty, shown=_shown(beams))
        tree = read_beams(found.search, penalty)
        names = self.prepared.target.names(tree.symbols)
        kept, steps = int((tree.reading.fate > 0).sum()), len(found.symbols)
        beam = "beam" if beams == 1 else "beams"
        total = _signed(found.log_probability)
        score = f", score {total} / ((5 + {steps}) / 6)^{penalty:g} = {_signed(found.score)}" if penalty else ""
        about = (
            f"{'Beam search' if live.strategy == 'beam' else 'Greedy'}, {beams} {beam}: of {len(names):,} branches "
            f"looked at {kept:,} were kept. Found: {self._quoted(found)}, log-probability {total}{score}."
        )
        return found, Answer((tree.reading,), {"branches": "\n".join(map(plain, names)), "search": about})

    def scored(self, net: Translator, live: WritingSpec, meanwhile: Meanwhile) -> Scored:
        """Return how good the net is at some of the pairs held out, in the way that it writes now, and the worst."""
        most = min(SCORED, len(self.pairs))
        beams, penalty = live.searched
        found = self._written(net, beams, penalty, self._first, meanwhile)[:most]
        told = self._told(net, penalty, self._first)[:most]
        bleu = self._bleu(found)
        blamed = blame(told, found)
        bad = worst(blamed, WORST)
        wrong = most - int(counts(blamed)[Verdict.RIGHT])
        words = {
            "bleu": f"Of {most:,} pairs held out: {in_words(bleu)}",
            "signature": f"Signature: {self.signature}",
            "worst": f"{wrong:,} of {most:,} pairs are written wrong." if wrong else f"All {most:,} pairs are right.",
            **{f"worst_{place}": self._sentence(bad[place]) if place < len(bad) else "" for place in range(WORST)},
        }
        return Scored(bleu.score, Answer((read_bleu(bleu),), words))

    def blamed(self, net: Translator, spec: BlameSpec) -> Work:
        """Return who is to blame, over the widths of a search: the ``widths``, each with how many ``pairs`` are right,
        or wrong because of the net or of the search, and its BLEU; and of the widest the worst pairs.
        """
        batches = self._batches(BLAMED_AT_ONCE)
        widths, done = sorted(set(spec.widths)), 0
        whole = len(batches) * (1 + sum(widths))  # a search takes about as long as it has beams
        told: list[Translation] = []
        for batch in batches:
            told += self._told(net, spec.penalty, [batch])
            done += 1
            yield Progress(done / whole, "how likely the references are")
        rows: list[dict[str, Any]] = []
        bad: tuple[Blamed, ...] = ()
        for beams in widths:
            found: list[Translation] = []
            for batch in batches:
                found += self._written(net, beams, spec.penalty, [batch])
                done += beams
                of = f"{beams} beam{'' if beams == 1 else 's'}: {len(found):,} of {len(self.pairs):,} pairs"
                yield Progress(done / whole, of)
            blamed = blame(told, found)
            bad = worst(blamed, TOLD)
            right, of_net, of_search = counts(blamed).tolist()
            bleu = self._bleu(found)
            rows.append({"beams": beams, "right": right, "net": of_net, "search": of_search, "bleu": bleu.score})
        return {
            "pairs": len(self.pairs),
            "penalty": spec.penalty,
            "widths": rows,
            "worst": [self._row(one) for one in bad],
            "signature": self.signature,
        }

    @property
    def signature(self) -> str:
        """How BLEU is counted."""
        return signature(letters=self.prepared.target.kind == "characters", effective=True)

    def _batches(self, most: int) -> list[Batch]:
        """Return the pairs, at most so many at a time; of a large vocabulary fewer."""
        sources, targets = self.prepared.numbers(self.pairs)
        size = max(1, min(most, MOST_SUMS // (targets.shape[1] * len(self.prepared.target))))
        return [batch_of(*half) for half in zip(sources.split(size), targets.split(size), strict=True)]

    def _written(
        self,
        net: Translator,
        beams: int,
        penalty: float,
        batches: Sequence[Batch],
        meanwhile: Meanwhile = lambda: None,
    ) -> list[Translation]:
        with looking(net):
            if beams == 1 and not penalty:
                some = (write_greedily(net, one.sources, one.known, self.longest, meanwhile) for one in batches)
            else:
                some = (
                    write_by_beam(net, one.sources, one.known, self.longest, beams, penalty, meanwhile=meanwhile)
                    for one in batches
                )
            return list(chain.from_iterable(some))

    def _told(self, net: Translator, penalty: float, batches: Sequence[Batch]) -> list[Translation]:
        with looking(net):
            every = (likelihoods(net, one, penalty) for one in batches)
            return list(chain.from_iterable(every))

    def _bleu(self, found: Sequence[Translation]) -> Bleu:
        return corpus_bleu([self._symbols(one) for one in found], self.references[: len(found)], effective=True)

    def _symbols(self, found: Translation) -> list[str]:
        return [self.prepared.target.symbols[symbol] for symbol in found.symbols if symbol != END]

    def _quoted(self, found: Translation) -> str:
        return _quoted(self.prepared.target.decode(found.symbols))

    def _sentence(self, one: Blamed) -> str:
        source, target = self.pairs[one.place]
        return (
            f"{_quoted(source)} is {_quoted(target)} ({_signed(one.reference.log_probability)}), and it writes "
            f"{self._quoted(one.found)} ({_signed(one.found.log_probability)}): {VERDICTS[one.verdict]}."
        )

    def _row(self, one: Blamed) -> dict[str, Any]:
        source, target = self.pairs[one.place]
        return {
            "source": source,
            "reference": target,
            "written": self.prepared.target.decode(one.found.symbols),
            "log_reference": one.reference.log_probability,
            "log_written": one.found.log_probability,
            "verdict": VERDICTS[one.verdict],
        }


def in_words(bleu: Bleu) -> str:
    """Return how BLEU comes about, in a sentence."""
    lengths = f"{bleu.written_length:,} symbols written, {bleu.reference_length:,} in the references"
    if not any(bleu.clipped):
        return f"BLEU is 0, for nothing that was written is in its reference; {lengths}."
    shares = " · ".join(f"{precision / 100:.3f}" for precision in bleu.precisions[: bleu.orders])
    return f"BLEU = 100 · {bleu.brevity:.3f} · ({shares})^(1/{bleu.orders}) = {bleu.score:.2f}; {lengths}."


def _shown(beams: int) -> int:
    """Return how many of the dropped are told for each beam: of a few beams more, so that the tree is worth a look."""
    return 3 if beams == 1 else 2 if beams < 4 else 1 if beams < 7 else 0


def _quoted(text: str) -> str:
    return f"«{text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED] + '…'}»"


def _signed(number: float) -> str:
    return f"{number:.3f}".replace("-", "−")
