"""How a classifier of texts is learnt: the settings of it; light."""

from typing import Annotated

from pydantic import Field

from engine.spec import Knob, Spec


class ClassifierSpec(Spec):
    """A linear classifier of the mean of vectors (Joulin et al. 2016, arXiv 1607.01759)."""

    dimensions: Annotated[int, Field(ge=1, le=1_000), Knob("Dimensions", "How many numbers a word has.", log=True)] = 20
    longest: Annotated[
        int,
        Field(ge=1, le=5),
        Knob("Longest n-gram", "1: single words. 2: two words in a row have a vector of their own as well, and so on."),
    ] = 2
    min_count: Annotated[
        int,
        Field(ge=1, le=1_000_000),
        Knob("Minimum count", "Words and n-grams that come fewer times are left out.", log=True),
    ] = 1
    epochs: Annotated[
        int, Field(ge=1, le=1_000), Knob("Epochs", "How many times all texts are gone over.", log=True)
    ] = 10
    learning_rate: Annotated[
        float, Field(ge=1e-4, le=10), Knob("Learning rate", "Falls evenly to nothing over all epochs.", log=True)
    ] = 0.5
    seed: Annotated[int, Field(ge=0, le=2**31 - 1), Knob("Seed", "Another seed, other vectors to begin with.")] = 1
