"""Cuts a text into tokens and keeps it as numbers, see ``engine.words.corpus.encoded``: as a stream, never whole in
memory but for its distinct words.
"""

import json
from array import array
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping import drafts
from engine.words import storing
from engine.words.corpus import bpe, phrases
from engine.words.corpus.encoded import CHUNK, END, EncodedText, Record, whole_sentences
from engine.words.corpus.source import TextSource
from engine.words.corpus.spec import TextSpec
from engine.words.corpus.tokens import MOST_LETTERS, sentences, tokenised, tokeniser
from engine.words.stored import mapped, word_hash

MOST_DISTINCT = 4_000_000
"""Distinct words in memory; words that come later than so many others are left out, and that is told."""
READ, CUT = 0.8, 0.95
TELL_TOKENS = 50_000
"""After so many it is told how far one is."""
Going = Generator[Progress, None, EncodedText]


def encode(source: TextSource, spec: TextSpec, folder: Path) -> Going:
    """Cut a text, yield how far one is, and leave it in ``folder``, whole or not at all; it may be opened then.

    Raises DataError where the source cannot be read or holds no token.
    """
    with drafts.drafted(folder, _is_whole) as aside:
        draft = _Draft(aside, source.name)
        yield from draft.read(source, spec)
        if spec.rule == "bpe":
            yield Progress(READ, f"merging pairs of {len(draft.words):,} words")
            draft.cut_into_pieces(spec.merges)
        if spec.phrases:
            yield Progress((READ + CUT) / 2, "looking for phrases")
            draft.join_phrases(spec.phrases)
        yield Progress(CUT, f"sorting {len(draft.words):,} words")
        draft.finish(source.sha256(), spec)
    return EncodedText.open(folder)


def _is_whole(folder: Path) -> bool:
    try:
        EncodedText.open(folder)
    except DataError:
        return False
    return True


class _Draft:
    """A text on its way; ``words`` and ``counts`` are by the ids that lie on disk now."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self.words: list[str] = []
        self.counts = np.empty(0, np.int64)
        self._notes: list[str] = []

    def read(self, source: TextSource, spec: TextSpec) -> Iterator[Progress]:
        """Write the ids of all tokens, numbered as they come."""
        ids: dict[str, int] = {}
        left_out = too_long = tokens = told = 0
        buffer = array("i")
        cut = tokeniser(spec.rule, spec.lower)
        with (self._folder / "ids").open("wb") as file:
            for sentence in tokenised(sentences(source.pieces(), spec.ends), cut):
                if max(map(len, sentence)) > MOST_LETTERS:
                    too_long += len(sentence)
                    sentence = [word for word in sentence if len(word) <= MOST_LETTERS]
                    too_long -= len(sentence)
                    if not sentence:
                        continue
                if len(ids) < MOST_DISTINCT:
                    known = [ids.setdefault(word, len(ids)) for word in sentence]
                else:
                    known = [ids[word] for word in sentence if word in ids]
                    left_out += len(sentence) - len(known)
                buffer.extend(known)
                buffer.append(END)
                tokens += len(known)
                if len(buffer) >= CHUNK:
                    buffer.tofile(file)
                    del buffer[:]
                if tokens - told >= TELL_TOKENS:
                    told = tokens
                    yield Progress(source.share(READ), f"{tokens:,} tokens, {len(ids):,} of them different")
            buffer.tofile(file)
        if not tokens:
            raise DataError(f"{self._name} holds no token: expected a text with words in it.")
        if left_out:
            self._notes.append(
                f"{left_out:,} tokens were left out: they came after {MOST_DISTINCT:,} different words before them."
            )
        if too_long:
            self._notes.append(f"{too_long:,} tokens of more than {MOST_LETTERS} letters were left out.")
        self.words = list(ids)
        self._count()

    def cut_into_pieces(self, merges: int) -> None:
        """Cut every word into pieces by pairs that this text's words ask for."""
        pairs = bpe.learn(dict(zip(self.words, self.counts.tolist(), strict=True)), merges)
        cut = [pairs.cut(word) for word in self.words]
        rows: dict[str, int] = {}
        flat = np.fromiter((rows.setdefault(piece, len(rows)) for pieces in cut for piece in pieces), np.int32)
        lengths = np.array([*map(len, cut), 1])
        starts = np.cumsum(lengths) - lengths
        flat = np.append(flat, np.int32(END))  # an end of sentence, the last row counted from behind, stays one

        def pieces_of(ids: np.ndarray) -> np.ndarray:
            long = lengths[ids]
            begins = np.repeat(np.cumsum(long) - long, long)
            return flat[np.repeat(starts[ids], long) + np.arange(long.sum()) - begins]

        self._rewrite(pieces_of)
        self.words = list(rows)
        self._count()
        self._leave("merges.json", [[*merge.pair, merge.count] for merge in pairs.merges])

    def join_phrases(self, threshold: float) -> None:
        """Make one token of two that come together that much more often than chance."""
        found = phrases.find(whole_sentences(self._ids(), CHUNK), self.counts, threshold)
        names = [f"{self.words[first]}_{self.words[second]}" for first, second in found.pairs().tolist()]
        known = {word: row for row, word in enumerate(self.words)}
        renamed = np.arange(len(self.words) + len(names) + 1, dtype=np.int32)
        renamed[-1] = END
        for place, name in enumerate(names):
            renamed[len(self.words) + place] = known.setdefault(name, len(known))  # the text may hold new_york already
        self._rewrite(lambda ids: renamed[found.join(ids)])
        told = zip(found.pairs().tolist(), found.counts.tolist(), found.scores.tolist(), strict=True)
        self._leave("phrases.json", [[self.words[a], self.words[b], count, score] for (a, b), count, score in told])
        self.words = list(known)
        self._count()

    def finish(self, sha256: str, spec: TextSpec) -> None:
        """Number the words by how often they come, those that come equally often as they came first."""
        order = np.argsort(-self.counts, kind="stable")
        order = order[self.counts[order] > 0]  # of what has become part of pieces or phrases, nothing may be left
        rank = np.full(len(self.words) + 1, END, np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        self._rewrite(lambda ids: rank[ids])
        words = [self.words[row].encode(errors="surrogatepass") for row in order.tolist()]
        (self._folder / "words.utf8").write_bytes(b"".join(words))
        hashes = np.fromiter(map(word_hash, words), np.uint64, len(words))
        storing.write_index(self._folder, hashes, np.fromiter(map(len, words), np.int64, len(words)))
        self.counts[order].tofile(self._folder / "counts")
        ids = self._ids()
        ends = sum(int((some == END).sum()) for some in whole_sentences(ids, CHUNK))
        Record(self._name, sha256, spec.to_json(), len(ids) - ends, ends, len(order), tuple(self._notes)).write(
            self._folder
        )

    def _leave(self, name: str, told: list[list[Any]]) -> None:
        (self._folder / name).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")

    def _ids(self) -> np.ndarray:
        return mapped(self._folder / "ids", np.int32, -1)

    def _count(self) -> None:
        self.counts = np.zeros(len(self.words), np.int64)
        for ids in whole_sentences(self._ids(), CHUNK):
            self.counts += np.bincount(ids[ids != END], minlength=len(self.words))

    def _rewrite(self, change: Callable[[np.ndarray], np.ndarray]) -> None:
        """Put what ``change`` makes of the ids of whole sentences in their place."""
        with (self._folder / "ids.new").open("wb") as file:
            for ids in whole_sentences(self._ids(), CHUNK):
                change(ids).astype(np.int32).tofile(file)
        (self._folder / "ids.new").replace(self._folder / "ids")
