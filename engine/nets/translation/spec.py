"""Which net translates: the settings; light, so that a form can be made of them without torch."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.spec import Knob, Misfit, Spec

Net = Literal["last_state", "context_fed", "bahdanau", "luong", "convolutional", "transformer"]
Fit = Literal["dot", "general", "concat"]
Cell = Literal["gru", "lstm"]
RECURRENT: tuple[Net, ...] = ("last_state", "context_fed", "bahdanau", "luong")
WIDE: tuple[Net, ...] = ("convolutional", "transformer")
ATTENDING: tuple[Net, ...] = ("bahdanau", "luong", *WIDE)


class TranslatorSpec(Spec):
    """The architecture."""

    net: Annotated[
        Net,
        Knob(
            "Net",
            "The first two have to press the whole source into one vector; all others look back at it at every symbol "
            "that they write.",
            group="Net",
            alters=("weights",),
            labels={
                "last_state": "Last state",
                "context_fed": "Context fed at every step",
                "bahdanau": "Attention before each step (Bahdanau)",
                "luong": "Attention behind each step (Luong)",
                "convolutional": "Convolutional",
                "transformer": "Transformer",
            },
        ),
    ] = "bahdanau"
    fit: Annotated[
        Fit,
        Knob(
            "Energies",
            "How it is told how well a symbol of the source fits: by their product, by their product with a matrix "
            "between, or by a layer over both.",
            group="Net",
            alters=("tensors",),
            when={"net": ("luong",)},
            labels={"dot": "Dot", "general": "General", "concat": "Concat"},
        ),
    ] = "general"
    feeding: Annotated[
        bool,
        Knob(
            "Input feeding",
            "What was found at a step is read again at the next one, so that the net knows where it has looked. It "
            "then learns step by step, which takes longer.",
            group="Net",
            when={"net": ("luong",)},
            alters=("weights",),
        ),
    ] = False
    cell: Annotated[
        Cell,
        Knob(
            "Cell",
            "What reads, and what writes. An LSTM carries a second vector along beside its state.",
            group="Net",
            when={"net": RECURRENT},
            labels={"gru": "GRU", "lstm": "LSTM"},
            alters=("tensors",),
        ),
    ] = "gru"
    units: Annotated[
        int,
        Field(ge=4, le=256),
        Knob(
            "Units",
            "Of each of the two directions in which the source is read; what writes has twice as many.",
            group="Net",
            log=True,
            when={"net": RECURRENT},
            alters=("weights",),
        ),
    ] = 48
    dimensions: Annotated[
        int,
        Field(ge=2, le=128),
        Knob(
            "Numbers of a symbol",
            "Each symbol is a vector of so many numbers, which are learnt.",
            group="Net",
            log=True,
            when={"net": RECURRENT},
            alters=("weights",),
        ),
    ] = 24
    width: Annotated[
        int,
        Field(ge=8, le=256, multiple_of=2),
        Knob(
            "Width",
            "Numbers at each place of a text, an even number.",
            group="Net",
            log=True,
            when={"net": WIDE},
            alters=("weights",),
        ),
    ] = 64
    blocks: Annotated[
        int,
        Field(ge=1, le=4),
        Knob(
            "Blocks", "So many that read, and so many that write.", group="Net", when={"net": WIDE}, alters=("tensors",)
        ),
    ] = 2
    heads: Annotated[
        int,
        Field(ge=1, le=8),
        Knob(
            "Heads",
            "Each looks in a way of its own; the width has to be a multiple of them.",
            group="Net",
            when={"net": ("transformer",)},
        ),
    ] = 4
    window: Annotated[
        int,
        Field(ge=1, le=9),
        Knob(
            "Window",
            "So many symbols are seen at once by each block.",
            group="Net",
            when={"net": ("convolutional",)},
            alters=("weights",),
        ),
    ] = 3
    dropout: Annotated[
        float,
        Field(ge=0, le=0.8),
        Knob(
            "Dropout",
            "The share of what each part of a block finds that is left out while it learns.",
            group="Net",
            step=0.05,
            advanced=True,
            when={"net": ("transformer",)},
        ),
    ] = 0.0
    forcing: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "Teacher forcing",
            "While it learns to write, the share of the symbols written so far that are the right ones; the others "
            "are the net's own guesses. What is held out is always told with all of them right.",
            group="Training",
            step=0.05,
        ),
    ] = 1.0

    @model_validator(mode="after")
    def _heads_fit(self) -> "TranslatorSpec":
        if self.net == "transformer" and self.width % self.heads:
            raise Misfit(
                f"width: expected a multiple of heads={self.heads}, received {self.width}.",
                f"Width: expected a multiple of the {self.heads} heads, received {self.width}.",
            )
        return self


def places(spec: TranslatorSpec) -> Mapping[str, int]:
    """Return where a net looks at the source: the names in ``Written.patterns`` -> how many heads do so there."""
    match spec.net:
        case "bahdanau" | "luong":
            return {"attention": 1}
        case "convolutional":
            return {f"writing.{at}": 1 for at in range(spec.blocks)}
        case "transformer":
            return {f"decoder.blocks.{at}.crossed": spec.heads for at in range(spec.blocks)}
        case _:
            return {}
