"""The text at which the explorer looks, and what is asked of it: each view is a function of it."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.labs.train_words import TrainWordsSpec
from engine.words.corpus import EncodedText
from engine.words.corpus.bpe import BytePairs
from engine.words.corpus.encoded import Phrase
from pages.ui.corpus.asked import TextAsked
from pages.ui.desk import asking
from pages.ui.desk.slot import Desk

KEPT = 4
"""So many texts' merges and phrases are kept in memory."""


@dataclass(slots=True)
class Seen:
    """The desk, the settings of its run, the ``text`` of these, cut, of which the first ``kept`` words are learnt;
    ``key`` begins the keys of widgets.
    """

    desk: Desk
    spec: TrainWordsSpec
    text: EncodedText
    key: str

    @property
    def asked(self) -> TextAsked:
        """Return what is asked of the text."""
        return asked_of(self.desk)

    @property
    def kept(self) -> int:
        """Return how many words are learnt: the first rows."""
        return self.text.kept(self.spec.min_count, self.spec.max_words)

    @property
    def sample(self) -> float:
        """Return above which share of the text words are thinned out; 0 where none are."""
        return 0.0 if self.spec.method == "glove" else self.spec.sample

    @property
    def symmetric(self) -> bool:
        """Tell whether a word is near those before it as well as those behind."""
        return self.spec.method != "glove" or self.spec.symmetric

    @property
    def objective(self) -> str:
        """Return how a word is told from others: "negative", "hierarchical", or by counts alone, ""."""
        return "" if self.spec.method == "glove" else self.spec.objective

    def widget(self, name: str) -> Any:
        """Draw the widget of what may be asked, take in what stands in it, and return that."""
        return draw(self.desk, name, self.key)

    def change(self, **changes: Any) -> None:
        """Ask for something else."""
        asking.change(self.desk, TextAsked, **changes)

    def row(self, word: str) -> int | None:
        """Return the row of a word that is learnt, as it stands in the text."""
        for one in (word.strip(), word.strip().lower()):
            row = self.text.words.find(one) if one else None
            if row is not None and row < self.kept:
                return row
        return None

    def pieces(self) -> BytePairs | None:
        """Return the pairs by which words are cut into pieces; None where they are whole."""
        return _pieces(self.text.folder) if self.spec.rule == "bpe" else None

    def phrases(self) -> tuple[Phrase, ...]:
        """Return the pairs of words that are joined."""
        return _phrases(self.text.folder) if self.spec.phrases else ()


def asked_of(desk: Desk) -> TextAsked:
    """Return what is asked of the text at a desk."""
    return asking.asked_of(desk, TextAsked)


def draw(desk: Desk, name: str, key: str) -> Any:
    """Draw the widget of something that may be asked, take in what stands in it, and return that."""
    return asking.draw(desk, TextAsked, name, key)


@functools.lru_cache(KEPT)
def _pieces(folder: Path) -> BytePairs | None:
    return EncodedText.open(folder).pieces()


@functools.lru_cache(KEPT)
def _phrases(folder: Path) -> tuple[Phrase, ...]:
    return EncodedText.open(folder).phrases()
