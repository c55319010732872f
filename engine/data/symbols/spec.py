"""Which sequences of symbols a transformer learns: the settings; light, so that a form can be made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.language.styles import STYLES, Style
from engine.data.symbols.made import LETTERS
from engine.spec import Altered, Knob, Spec

TextName = Literal[Style, "own"]
OWN = "own"
TaskName = Literal["repeated", "modular", "copy", "reverse", "sort", "text"]
ARRANGED: tuple[TaskName, ...] = ("copy", "reverse", "sort")
SHAPES: dict[TaskName, tuple[str, ...]] = {
    "repeated": ("decoder", "encoder"),
    "modular": ("decoder", "encoder"),
    "copy": ("decoder", "encoder", "both"),
    "reverse": ("decoder", "encoder", "both"),
    "sort": ("decoder", "encoder", "both"),
    "text": ("decoder", "encoder"),
}
"""The shapes of nets that can learn each task."""
PRIMES = (23, 29, 37, 43, 53, 59, 67, 79, 97, 113)
_ALL: tuple[Altered, ...] = ("data", "weights")
"""Of most settings also the weights: how many symbols and places there are decides how large their tables are."""


def _knob(label: str, help: str, alters: tuple[Altered, ...] = _ALL, **rest: object) -> Knob:
    return Knob(label, help, group="Sequences", alters=alters, **rest)  # type: ignore[arg-type]


class SymbolsSpec(Spec):
    """Which sequences are learnt, and which of them are held out."""

    sequences: Annotated[
        TaskName,
        _knob(
            "What is learnt",
            "All but a text of yours is made up by rules. Of what comes again and of a text an encoder is asked for "
            "symbols that were left out; a decoder, which one comes next.",
            labels={
                "repeated": "Letters by chance, that come again",
                "modular": "Sums that begin anew at a prime",
                "copy": "Copy letters",
                "reverse": "Reverse letters",
                "sort": "Sort letters",
                "text": "A text, by characters",
            },
        ),
    ] = "repeated"
    letters: Annotated[
        int,
        Field(ge=4, le=len(LETTERS)),
        _knob(
            "Letters",
            "How many different ones there are.",
            when={"sequences": ("repeated", *ARRANGED)},
        ),
    ] = 26
    length: Annotated[
        int,
        Field(ge=4, le=64),
        _knob(
            "Length",
            "Symbols of a sequence; of letters to be arranged, how many are given.",
            when={"sequences": ("repeated", "text", *ARRANGED)},
        ),
    ] = 32
    prime: Annotated[
        Literal[23, 29, 37, 43, 53, 59, 67, 79, 97, 113],
        _knob("Prime", "Sums begin anew there: with 53, 50 + 5 is 2.", when={"sequences": ("modular",)}),
    ] = 53
    style: Annotated[
        TextName,
        _knob(
            "Text",
            "All but your own are made by the app, by rules.",
            when={"sequences": ("text",)},
            labels={**{name: made.title for name, made in STYLES.items()}, OWN: "A text of yours"},
        ),
    ] = "story"
    samples: Annotated[
        int,
        Field(ge=200, le=20_000),
        _knob(
            "How many",
            "Sequences for training and validation together; of sums there are all that exist.",
            log=True,
            when={"sequences": ("repeated", "text", *ARRANGED)},
        ),
    ] = 6_000
    train_share: Annotated[
        float, Field(ge=0.05, le=0.95), _knob("Share for training", "The rest is held out.", step=0.05)
    ] = 0.75
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        _knob("Seed of the sequences", "What is made up, and which of it is held out."),
    ] = 1
