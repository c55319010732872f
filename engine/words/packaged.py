"""The vectors and texts that gensim and scikit-learn bring along: small, but real, and there without a download."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from engine.errors import DataError

_GENSIM = ("gensim", "test", "test_data")
_SKLEARN = ("sklearn", "datasets", "descr")


@dataclass(frozen=True, slots=True)
class Packaged:
    """One file, or folder of texts, of an installed library: ``vectors`` to be opened or a ``text`` to be learnt from.

    ``name`` is how links call it, ``about`` one sentence for a person.
    """

    name: str
    title: str
    about: str
    kind: Literal["vectors", "text"]
    place: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Return where it lies, without importing the library; raises DataError if it is not installed."""
        library, *inside = self.place
        found = find_spec(library)
        for folder in (found.submodule_search_locations or ()) if found else ():
            if (path := Path(folder, *inside)).exists():
                return path
        raise DataError(f"{self.title} comes with {library}, and is not in the one that is installed here.")


def _vectors(name: str, title: str, about: str, file: str) -> Packaged:
    return Packaged(name, title, about, "vectors", (*_GENSIM, file))


PACKAGED: tuple[Packaged, ...] = (
    _vectors(
        "lee-fasttext",
        "News from Australia, fastText",
        "fastText's vectors of 1,762 words, learnt from 300 news stories; words that it never saw have vectors too, by "
        "their subwords.",
        "lee_fasttext.bin",
    ),
    _vectors(
        "reviews-fasttext",
        "Film reviews, fastText",
        "1,689 words in 100 dimensions that hardly left the places where chance had put them: 200 reviews were too "
        "few. What neighbours look like where nothing has been learnt.",
        "pang_lee_polarity_fasttext.bin",
    ),
    _vectors(
        "crime-and-punishment",
        "Crime and Punishment, fastText",
        "291 Russian and English words from the first paragraphs of Dostoevsky's novel, with subwords.",
        "crime-and-punishment.bin",
    ),
    _vectors(
        "glove",
        "GloVe, a few words",
        "76 words in the 50 dimensions that GloVe gave them: too few for an analogy, enough to see what such a file "
        "looks like.",
        "test_glove.txt",
    ),
    _vectors(
        "euclidean",
        "News from Australia, word2vec",
        "2,747 words of the same news stories in word2vec's binary form, in as few as 10 dimensions: nearly everything "
        "is a neighbour of everything.",
        "euclidean_vectors.bin",
    ),
    _vectors(
        "poincare",
        "Mammals of WordNet, Poincaré",
        "1,182 kinds of mammals as points of a hyperbolic disc (Nickel and Kiela 2017): the general ones lie in the "
        "middle, the special ones at the rim, so cosines tell only half of it.",
        "poincare_vectors.bin",
    ),
    Packaged(
        "lee",
        "News from Australia",
        "300 news stories of about 60,000 words: real sentences, but too few for analogies.",
        "text",
        (*_GENSIM, "lee_background.cor"),
    ),
    Packaged(
        "encyclopedia",
        "Encyclopedia, word stems",
        "250 long articles of an encyclopedia, about 330,000 words, from which the endings and the small words were "
        "taken beforehand.",
        "text",
        (*_GENSIM, "head500.noblanks.cor"),
    ),
    Packaged(
        "descriptions",
        "scikit-learn about its data sets",
        "scikit-learn's descriptions of its data sets, about 5,000 words: what a space looks like that has seen far "
        "too little.",
        "text",
        _SKLEARN,
    ),
)


def packaged(name: str) -> Packaged:
    """Return what links call ``name``; raises DataError for any other name."""
    for one in PACKAGED:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in PACKAGED)
    raise DataError(f"There are no packaged vectors or texts named {name[:60]!r}: expected one of {names}.")
