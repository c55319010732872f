"""How a text is cut into tokens: the settings of it."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Rule = Literal["words", "blanks", "characters", "bpe"]
Ends = Literal["punctuation", "lines"]


class TextSpec(Spec):
    """How a text becomes sentences of tokens, and which tokens are joined again."""

    rule: Annotated[
        Rule,
        Knob(
            "Tokens",
            "What counts as one token: words without punctuation; whatever stands between blanks; single characters; "
            "or pieces of words that byte-pair encoding finds in this very text.",
            group="Text",
            alters=("data", "weights"),
            labels={
                "words": "Words",
                "blanks": "Between blanks",
                "characters": "Characters",
                "bpe": "Pieces (byte-pair encoding)",
            },
        ),
    ] = "words"
    merges: Annotated[
        int,
        Field(ge=0, le=50_000),
        Knob(
            "Merges",
            "How many times the most frequent pair of pieces becomes a piece of its own.",
            group="Text",
            alters=("data", "weights"),
            log=True,
            when={"rule": ("bpe",)},
        ),
    ] = 2_000
    lower: Annotated[
        bool,
        Knob(
            "Small letters",
            "Whether The and the are one word. Names lose their capitals.",
            group="Text",
            alters=("data", "weights"),
        ),
    ] = True
    ends: Annotated[
        Ends,
        Knob(
            "A sentence ends",
            "No word is a neighbour of a word of another sentence.",
            group="Text",
            alters=("data", "weights"),
            labels={"punctuation": "at . ! ? and empty lines", "lines": "at each line's end"},
        ),
    ] = "punctuation"
    phrases: Annotated[
        float,
        Field(ge=0, le=10_000),
        Knob(
            "Join phrases above",
            "Two words become one, new york as new_york, where they come together so many times more often than chance "
            "would have it; 100 is usual, 0 joins none.",
            group="Text",
            alters=("data", "weights"),
            advanced=True,
        ),
    ] = 0.0
