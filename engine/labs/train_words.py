"""Train words: vectors of words learnt from a text, word by word, and seen while they take their places."""

from typing import Annotated, Any, Literal

from pydantic import Field

from engine.figures import curves, word_training
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab, Preparation
from engine.spec import Knob, Spec
from engine.words.corpus.spec import TextSpec
from engine.words.texts import counting, cutting
from engine.words.texts.spec import SourceSpec
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.spec import FastTextSpec, VectorSpec, Word2VecSpec

Method = Literal["word2vec", "fasttext", "glove"]
MOST_WATCHED = 400
_KINDS: dict[Method, type[VectorSpec]] = {"word2vec": Word2VecSpec, "fasttext": FastTextSpec, "glove": GloveSpec}


class MethodSpec(Spec):
    """By which program's idea vectors are learnt."""

    method: Annotated[
        Method,
        Knob(
            "Method",
            "word2vec: a vector for every word. fastText: one for every piece of a word as well. GloVe: vectors that "
            "fit how often words stand near each other, which is counted first.",
            group="Vectors",
            labels={"word2vec": "word2vec", "fasttext": "fastText", "glove": "GloVe"},
            alters=("weights",),
        ),
    ] = "word2vec"


class TrainWordsSpec(FastTextSpec, GloveSpec, MethodSpec, TextSpec, SourceSpec):
    """All settings of the lab: the text, how it is cut, how it is learnt, and what of it is watched.

    What ``FastTextSpec`` and ``GloveSpec`` both have is as the first has it: one window, one learning rate.
    """

    passes: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob(
            "Passes over the pairs",
            "How often all pairs of words that stand near each other are gone through.",
            group="Training",
            log=True,
            when={"method": ("glove",)},
        ),
    ] = 25
    pass_seconds: Annotated[
        float,
        Field(ge=0, le=10),
        Knob(
            "Seconds for a pass",
            "A pass takes so long at least: over a short text it would be done before one has seen anything, so the "
            "run waits between its steps. 0: as quick as it goes. What is learnt is the same.",
            group="Watching",
            step=0.5,
            when={"method": ("glove",)},
        ),
    ] = 1.0
    watched: Annotated[
        str,
        Field(max_length=MOST_WATCHED),
        Knob(
            "Words on the map",
            "Which words are drawn while they learn, with blanks between them; none: some whose relations are known.",
            group="Watching",
        ),
    ] = ""
    probe: Annotated[
        str,
        Field(max_length=60),
        Knob("Neighbours of", "The word whose nearest neighbours are told at every step.", group="Watching"),
    ] = ""

    def vectors(self) -> VectorSpec:
        """Return how vectors are learnt, without what does not matter under these settings."""
        kind = _KINDS[self.method]
        settings: dict[str, Any] = {name: getattr(self, name) for name in kind.model_fields}
        if kind is GloveSpec:
            settings |= {"epochs": self.passes, "threads": 1}
            return GloveSpec(**settings)
        if self.method != "word2vec" or self.architecture != "skipgram" or self.objective != "negative":
            settings["program"] = "gensim"
        return kind(**settings)

    def text(self) -> TextSpec:
        """Return how the text is cut."""
        return TextSpec(**{name: getattr(self, name) for name in TextSpec.model_fields})

    def _has_subwords(self) -> bool:
        return self.method == "fasttext"


def prepares(spec: TrainWordsSpec) -> Preparation | None:
    """Return what is to be done with the text of a run: it is cut into words, and what GloVe learns from is counted in
    a long one. None where that was done. Raises DataError where the text is not here.
    """
    text, vectors = cutting.kept(spec, spec.text()), spec.vectors()
    if text is None:
        return Preparation(
            cutting.order(spec, spec.text()),
            "Cutting the text into words",
            "Cutting this text was called off, here or by preparing another in another tab.",
            "Cut the text",
        )
    if isinstance(vectors, GloveSpec) and counting.to_be_counted(text, vectors):
        return Preparation(
            counting.order(spec, spec.text(), vectors),
            "Counting which words stand near each other",
            "Counting this text was called off, here or by preparing another in another tab.",
            "Count the text",
        )
    return None


def panels(spec: TrainWordsSpec) -> tuple[Panel, ...]:
    """Return the panels of a run."""
    return fill_rows(
        [
            word_training.nearest_panel(),
            word_training.map_panel(),
            word_training.relations_panel(),
            word_training.loss_panel(),
            word_training.score_panel(),
            word_training.similar_panel(),
            curves.rate_panel(),
        ]
    )


LAB = Lab(
    name="train_words",
    title="Train words",
    summary="A text is read word by word, and words that stand in the same company move together: watch them.",
    task="Which words come near to king first, and which stay? Look again with a window of 1.",
    spec=TrainWordsSpec,
    experiment="engine.labs.train_words_experiment:TrainWordsExperiment",
    panels=panels,
    picture=CardPicture(
        "A map of words that have just been learnt: pairs such as king and queen, dog and puppy lie side by side.",
        "engine.labs.train_words_picture:draw",
    ),
    lacks=("PyTorch script", "ONNX"),
    rehearsed=({"method": "glove"},),
    prepares=prepares,
    vectors=True,
)
