"""Which text a language model learns, and what its symbols are: the settings; light."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.language.styles import STYLES
from engine.spec import Knob, Spec
from engine.words.texts.spec import (
    MOST_COLUMN_CHARS,
    MOST_ID,
    OWN,
    Encoding,
    column_knob,
    columns_of,
    encoding_knob,
    own_knob,
)

TextName = Literal["story", "play", "recipes", "weather", "code", "surnames", "first_names", "own"]
Symbols = Literal["characters", "words"]
MOST_CHARACTERS = 1_000_000
_OWN = {"text": (OWN,)}


def _columns(spec: "LanguageSpec") -> tuple[str, ...]:
    return columns_of(spec) if spec.text == OWN else ()


class LanguageSpec(Spec):
    """Which text is learnt, how much of it, and whether by characters or by words."""

    text: Annotated[
        TextName,
        Knob(
            "Text",
            "What is learnt. All but your own are made by the app, by rules: names stand behind their language, or "
            "behind girl or boy, so that a line that begins so asks for such a name.",
            group="Text",
            labels={**{name: made.title for name, made in STYLES.items()}, OWN: "A text of yours"},
            alters=("data", "weights"),
        ),
    ] = "story"
    own: Annotated[str, Field(max_length=MOST_ID), own_knob(_OWN)] = ""
    column: Annotated[str, Field(max_length=MOST_COLUMN_CHARS), column_knob(_OWN, _columns)] = ""
    encoding: Annotated[Encoding, encoding_knob(_OWN)] = "utf-8"
    characters: Annotated[
        int,
        Field(ge=2_000, le=MOST_CHARACTERS),
        Knob(
            "Characters of the text",
            "So many from its beginning, if it has them; the last tenth is held out.",
            group="Text",
            log=True,
            alters=("data", "weights"),
        ),
    ] = 200_000
    symbols: Annotated[
        Symbols,
        Knob(
            "Symbols",
            "What is read and told one at a time: characters, or words with the blank before them.",
            group="Text",
            labels={"characters": "Characters", "words": "Words"},
            alters=("data", "weights"),
        ),
    ] = "characters"
    most_words: Annotated[
        int,
        Field(ge=50, le=8_000),
        Knob(
            "Words in the vocabulary",
            "The most frequent ones; all others are one symbol, the unknown word.",
            group="Text",
            log=True,
            when={"symbols": ("words",)},
            alters=("data", "weights"),
        ),
    ] = 2_000
    text_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        Knob(
            "Seed of the text",
            "Another one makes another text by the same rules.",
            group="Text",
            advanced=True,
            when={"text": tuple(STYLES)},
            alters=("data", "weights"),
        ),
    ] = 0
