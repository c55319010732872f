"""How vectors of words are learnt: the settings of each way."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.spec import Knob, Misfit, Spec

Architecture = Literal["skipgram", "cbow"]
Objective = Literal["negative", "hierarchical"]
Program = Literal["gensim", "torch"]

_FASTTEXT = {"method": ("fasttext",)}
"""Where a spec has several methods, only this one."""
_OVER_TEXT = {"method": ("word2vec", "fasttext")}
"""Where a spec has several methods, only those that go over the text again and again."""


class VectorSpec(Spec):
    """What all ways of learning have in common."""

    dimensions: Annotated[
        int,
        Field(ge=2, le=1_000),
        Knob(
            "Dimensions",
            "How many numbers a word has; 50 to 300 are usual.",
            group="Vectors",
            alters=("weights",),
            log=True,
        ),
    ] = 100
    window: Annotated[
        int,
        Field(ge=1, le=50),
        Knob(
            "Window",
            "How many words to each side are neighbours. Small windows bring together words of one kind, large ones "
            "words of one topic.",
            group="Vectors",
        ),
    ] = 5
    min_count: Annotated[
        int,
        Field(ge=1, le=1_000_000),
        Knob(
            "Minimum count",
            "Words that come fewer times are left out of the text.",
            group="Vectors",
            alters=("weights",),
            log=True,
        ),
    ] = 5
    max_words: Annotated[
        int,
        Field(ge=2, le=4_000_000),
        Knob(
            "Most words",
            "Only so many of the most frequent words.",
            group="Vectors",
            alters=("weights",),
            log=True,
            advanced=True,
        ),
    ] = 400_000
    epochs: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob("Epochs", "How many times the text is gone over.", group="Training", log=True, when=_OVER_TEXT),
    ] = 5
    seed: Annotated[
        int,
        Field(ge=0, le=2**31 - 1),
        Knob(
            "Seed", "Another seed, other vectors to begin with.", group="Training", alters=("weights",), advanced=True
        ),
    ] = 1
    threads: Annotated[
        int,
        Field(ge=1, le=64),
        Knob(
            "Threads",
            "More are faster, and then no two trainings are quite the same: each reads what another writes.",
            group="Training",
            advanced=True,
            when=_OVER_TEXT,
        ),
    ] = 1


class Word2VecSpec(VectorSpec):
    """word2vec (Mikolov et al. 2013, arXiv 1301.3781 and 1310.4546)."""

    architecture: Annotated[
        Architecture,
        Knob(
            "Architecture",
            "Skip-gram: a word tells its neighbours, one by one. CBOW: the mean of the neighbours tells the word.",
            group="Training",
            labels={"skipgram": "Skip-gram", "cbow": "CBOW"},
            when=_OVER_TEXT,
        ),
    ] = "skipgram"
    objective: Annotated[
        Objective,
        Knob(
            "Objective",
            "Negative sampling: tell a neighbour from words drawn at random. Hierarchical softmax: find the word by "
            "turns, left or right, down a tree in which frequent words lie high.",
            group="Training",
            alters=("tensors",),
            labels={"negative": "Negative sampling", "hierarchical": "Hierarchical softmax"},
            when=_OVER_TEXT,
        ),
    ] = "negative"
    negative: Annotated[
        int,
        Field(ge=1, le=50),
        Knob(
            "Negative words",
            "How many words are drawn at random for each neighbour, in proportion to count^0.75.",
            group="Training",
            when={"objective": ("negative",)} | _OVER_TEXT,
        ),
    ] = 5
    sample: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "Thin out above",
            "Words that make up more than this share of the text are skipped at random; 0 skips none.",
            group="Training",
            advanced=True,
            when=_OVER_TEXT,
        ),
    ] = 1e-3
    learning_rate: Annotated[
        float,
        Field(ge=1e-5, le=1),
        Knob(
            "Learning rate",
            "Falls evenly to nearly nothing over all epochs. With GloVe it stays, and AdaGrad makes it smaller for "
            "what has changed much.",
            group="Training",
            log=True,
            live=True,
        ),
    ] = 0.025
    program: Annotated[
        Program,
        Knob(
            "Program",
            "gensim's, which is fast; or our own in PyTorch, which is short and can be read.",
            group="Training",
            alters=("weights",),
            labels={"gensim": "gensim", "torch": "PyTorch, ours"},
            advanced=True,
            when={"method": ("word2vec",), "architecture": ("skipgram",), "objective": ("negative",)},
        ),
    ] = "gensim"


class FastTextSpec(Word2VecSpec):
    """fastText: a word is the mean of itself and its character n-grams (Bojanowski et al. 2017, arXiv 1607.04606)."""

    shortest: Annotated[
        int,
        Field(ge=1, le=20),
        Knob(
            "Shortest n-gram",
            "Characters of the shortest piece of a word that has a vector.",
            group="Subwords",
            when=_FASTTEXT,
        ),
    ] = 3
    longest: Annotated[
        int,
        Field(ge=1, le=20),
        Knob(
            "Longest n-gram",
            "Characters of the longest piece of a word that has a vector.",
            group="Subwords",
            when=_FASTTEXT,
        ),
    ] = 6
    buckets: Annotated[
        int,
        Field(ge=1, le=500_000),
        Knob(
            "Buckets",
            "So many rows are shared by all n-grams, by a hash.",
            group="Subwords",
            when=_FASTTEXT,
            alters=("weights",),
            log=True,
            advanced=True,
        ),
    ] = 200_000

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self._has_subwords() and self.shortest > self.longest:
            raise Misfit(
                f"shortest: expected at most longest, {self.longest}; received {self.shortest}.",
                f"Shortest n-gram: expected at most the longest, {self.longest}; received {self.shortest}.",
            )
        return self

    def _has_subwords(self) -> bool:
        """Tell whether words have pieces under these settings; a spec of several methods says of which they do."""
        return True
