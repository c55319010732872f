"""Which net learns a text: the settings; light, so that a form can be made of them without torch."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.spec import Knob, Misfit, Spec

Net = Literal["nplm", "rnn", "gru", "lstm", "transformer"]
RECURRENT: tuple[Net, ...] = ("rnn", "gru", "lstm")
_WITH_UNITS = {"net": ("nplm", *RECURRENT)}


class LanguageNetSpec(Spec):
    """The architecture."""

    net: Annotated[
        Net,
        Knob(
            "Net",
            "The model of 2003 sees the last few symbols and no more; the recurrent ones carry a state along; the "
            "transformer looks back over all of a piece at once.",
            group="Net",
            alters=("weights",),
            labels={
                "nplm": "Neural probabilistic model of 2003",
                "rnn": "RNN",
                "gru": "GRU",
                "lstm": "LSTM",
                "transformer": "Small transformer",
            },
        ),
    ] = "lstm"
    units: Annotated[
        int,
        Field(ge=4, le=512),
        Knob("Units", "Of each hidden layer.", group="Net", log=True, when=_WITH_UNITS, alters=("weights",)),
    ] = 96
    layers: Annotated[
        int,
        Field(ge=1, le=3),
        Knob(
            "Layers",
            "Cells above each other.",
            group="Net",
            when={"net": RECURRENT},
            advanced=True,
            alters=("tensors",),
        ),
    ] = 1
    dimensions: Annotated[
        int,
        Field(ge=2, le=128),
        Knob(
            "Numbers of a symbol",
            "Each symbol is a vector of so many numbers, which are learnt.",
            group="Net",
            log=True,
            when=_WITH_UNITS,
            alters=("weights",),
        ),
    ] = 24
    first_vectors: Annotated[
        float,
        Field(ge=0.01, le=2),
        Knob(
            "Size of the first vectors",
            "The standard deviation of the numbers of the symbols' vectors, before anything is learnt: of large ones "
            "much stays that was drawn by chance, small ones are soon what was learnt.",
            group="Net",
            log=True,
            advanced=True,
            alters=("weights",),
        ),
    ] = 1.0
    context: Annotated[
        int,
        Field(ge=1, le=32),
        Knob(
            "Symbols seen",
            "How many of the last symbols the net sees.",
            group="Net",
            when={"net": ("nplm",)},
            alters=("weights",),
        ),
    ] = 8
    direct: Annotated[
        bool,
        Knob(
            "Straight connections",
            "From the vectors to the sums, beside the hidden layer, as in the paper.",
            group="Net",
            advanced=True,
            alters=("tensors",),
            when={"net": ("nplm",)},
        ),
    ] = True
    width: Annotated[
        int,
        Field(ge=8, le=256),
        Knob(
            "Width",
            "Numbers at each place of the text.",
            group="Net",
            log=True,
            when={"net": ("transformer",)},
            alters=("weights",),
        ),
    ] = 64
    blocks: Annotated[
        int,
        Field(ge=1, le=4),
        Knob(
            "Blocks",
            "Attention and two layers, so many times.",
            group="Net",
            alters=("tensors",),
            when={"net": ("transformer",)},
        ),
    ] = 2
    heads: Annotated[
        int,
        Field(ge=1, le=8),
        Knob(
            "Heads",
            "Each looks back in a way of its own; the width has to be a multiple of them.",
            group="Net",
            when={"net": ("transformer",)},
        ),
    ] = 4
    chunk: Annotated[
        int,
        Field(ge=8, le=256),
        Knob(
            "Symbols of a piece",
            "The text is learnt in pieces of so many symbols; gradients do not lead further back, and the transformer "
            "sees no more.",
            group="Net",
            log=True,
            alters=("data", "weights"),
        ),
    ] = 64

    @model_validator(mode="after")
    def _heads_fit(self) -> "LanguageNetSpec":
        if self.net == "transformer" and self.width % self.heads:
            raise Misfit(
                f"width: expected a multiple of heads={self.heads}, received {self.width}.",
                f"Width: expected a multiple of the {self.heads} heads, received {self.width}.",
            )
        return self
