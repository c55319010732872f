"""How GloVe is to learn: the settings of it, light."""

from typing import Annotated

from pydantic import Field

from engine.spec import Knob
from engine.words.train.spec import VectorSpec

MOST_WINDOW = 50
_GLOVE = {"method": ("glove",)}
"""Where a spec has several methods, only this one."""


class GloveSpec(VectorSpec):
    """GloVe (Pennington, Socher and Manning 2014, aclanthology D14-1162): what is counted, and how vectors fit it.

    A word's vector and another's context vector are to give, by their product and two biases, the logarithm of how
    often the two stand near each other. The defaults are those of Stanford's program, but for ``dimensions``.
    """

    window: Annotated[
        int,
        Field(ge=1, le=MOST_WINDOW),
        Knob("Window", "Words so many places apart still count, those far apart less: 1 / distance.", group="Vectors"),
    ] = 15
    symmetric: Annotated[
        bool,
        Knob(
            "Both sides",
            "Whether a word counts what stands before it as well as what follows.",
            group="Vectors",
            when=_GLOVE,
        ),
    ] = True
    x_max: Annotated[
        float,
        Field(ge=0.1, le=100_000),
        Knob(
            "x max",
            "Pairs that come this often count in full, others less. 100 is for billions of words, 10 for millions.",
            group="Training",
            log=True,
            when=_GLOVE,
        ),
    ] = 100.0
    alpha: Annotated[
        float,
        Field(ge=0, le=2),
        Knob(
            "alpha",
            "Others count (x / x max) to this power; 0 weighs all alike.",
            group="Training",
            step=0.05,
            when=_GLOVE,
        ),
    ] = 0.75
    epochs: Annotated[
        int, Field(ge=1, le=1_000), Knob("Epochs", "How often all pairs are gone through.", group="Training", log=True)
    ] = 25
    learning_rate: Annotated[
        float,
        Field(ge=1e-5, le=1),
        Knob("Learning rate", "AdaGrad makes it smaller for what has changed much.", group="Training", log=True),
    ] = 0.05
    bias_learning_rate: Annotated[
        float,
        Field(ge=1e-4, le=10),
        Knob(
            "Learning rate of biases",
            "1 as in Stanford's program since 2020; before, and in the paper, the same as that of the vectors.",
            group="Training",
            log=True,
            advanced=True,
            when=_GLOVE,
        ),
    ] = 1.0
    clip: Annotated[
        float,
        Field(ge=0.001, le=1e6),
        Knob(
            "Clip gradients at",
            "No part of a gradient may be larger; nothing comes near 100 unless the rate is far too high.",
            group="Training",
            log=True,
            advanced=True,
            when=_GLOVE,
        ),
    ] = 100.0
    threads: Annotated[
        int,
        Field(ge=1, le=64),
        Knob(
            "Threads",
            "With one, the same seed gives the same vectors to the last bit. Several learn side by side without "
            "waiting for each other (Hogwild): as well, but a little differently each time.",
            group="Training",
            advanced=True,
        ),
    ] = 4
