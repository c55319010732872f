"""All that one can ask of a text, with its bounds: what the address says, and what the explorer's widgets show."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob
from engine.words.train.labelled_spec import LabelledSpec

View = Literal["tokens", "counts", "pairs", "tree", "labels"]
Form = Literal["index", "onehot", "bag", "tfidf", "dense"]
MOST_WRITTEN = 400
MOST_WORD = 60
MOST_ASKED = 200


class TextAsked(LabelledSpec):
    """Which view of a text is open, what stands in its fields, and which texts with labels are learnt from."""

    view: Annotated[
        View,
        Knob(
            "View",
            labels={"tokens": "Tokens", "counts": "Counts", "pairs": "Pairs", "tree": "Tree", "labels": "Labels"},
        ),
    ] = "tokens"
    written: Annotated[str, Field(max_length=MOST_WRITTEN), Knob("Sentences")] = ""
    draw: Annotated[int, Field(ge=0, le=1_000_000), Knob("Number of the drawing")] = 0
    cut: Annotated[str, Field(max_length=MOST_WORD), Knob("Word that is cut")] = ""
    form: Annotated[
        Form,
        Knob(
            "As numbers",
            labels={
                "index": "Index",
                "onehot": "One-hot",
                "bag": "Bag of words",
                "tfidf": "TF-IDF",
                "dense": "Random vectors",
            },
        ),
    ] = "index"
    size: Annotated[
        int,
        Field(ge=10, le=40),
        Knob("Words", help="So many of the most frequent words, each with each.", step=5),
    ] = 25
    one: Annotated[str, Field(max_length=MOST_WORD), Knob("Word")] = ""
    other: Annotated[str, Field(max_length=MOST_WORD), Knob("Word near it")] = ""
    word: Annotated[str, Field(max_length=MOST_WORD), Knob("Way to the word")] = ""
    levels: Annotated[
        int, Field(ge=2, le=6), Knob("Turns drawn", help="Below that, the most frequent words are named.")
    ] = 4
    ask: Annotated[str, Field(max_length=MOST_ASKED), Knob("A text to be told")] = "the dog has three puppies"
    longest: Annotated[
        int,
        Field(ge=1, le=3),
        Knob("Longest n-gram", help="1: single words. 2: two words in a row have a vector of their own as well."),
    ] = 2
    epochs: Annotated[int, Field(ge=1, le=20), Knob("Epochs", help="How many times all texts are gone over.")] = 5

    def texts(self) -> LabelledSpec:
        """Return which texts with labels are learnt from."""
        return LabelledSpec(**{name: getattr(self, name) for name in LabelledSpec.model_fields})
