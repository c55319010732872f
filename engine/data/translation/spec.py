"""Which pairs are learnt: the settings; light, as a form is made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.keeping.encodings import ENCODINGS, Encoding
from engine.spec import Altered, Knob, Spec

Made = Literal["numbers", "digits", "dates", "reverse", "sort", "copy", "pig_latin"]
Language = Literal["english", "french", "german"]
SPOKEN_IN: tuple[Made, ...] = ("numbers", "digits", "dates")
COUNTED: tuple[Made, ...] = ("numbers", "digits")
LETTERS: tuple[Made, ...] = ("reverse", "sort", "copy")
MADE: tuple[Made, ...] = (*SPOKEN_IN, *LETTERS, "pig_latin")
PairsName = Literal["numbers", "digits", "dates", "reverse", "sort", "copy", "pig_latin", "own"]
OWN = "own"
TITLES = {
    "numbers": "Number words to digits",
    "digits": "Digits to number words",
    "dates": "Dates to ISO",
    "reverse": "Letters reversed",
    "sort": "Letters sorted",
    "copy": "Letters copied",
    "pig_latin": "Pig Latin",
}
_ALL: tuple[Altered, ...] = ("data", "weights")
_OWN = {"pairs": (OWN,)}


class TranslationDataSpec(Spec):
    """Which pairs of texts, how many of them, and what they are cut into."""

    pairs: Annotated[
        PairsName,
        Knob(
            "Pairs",
            "What is read, and what is to be written. All but your own are made by the app, by rules.",
            group="Pairs",
            labels={**TITLES, OWN: "Pairs of yours"},
            alters=_ALL,
        ),
    ] = "numbers"
    own: Annotated[
        str,
        Field(max_length=400),
        Knob("Your pairs", group="Pairs", hidden=True, when=_OWN, alters=_ALL),
    ] = ""
    """The id of a text that is kept here, see ``engine.words.texts.own``, or ``server:PLACE/relative/path``."""
    own_targets: Annotated[
        str,
        Field(max_length=400),
        Knob("Your targets", group="Pairs", hidden=True, when=_OWN, alters=_ALL),
    ] = ""
    """The same of a second file, whose lines are the targets; none where pairs stand in the first one."""
    encoding: Annotated[
        Encoding,
        Knob(
            "Encoding",
            "How bytes stand for letters in your file. UTF-8 is usual.",
            group="Pairs",
            labels=ENCODINGS,
            advanced=True,
            when=_OWN,
            alters=_ALL,
        ),
    ] = "utf-8"
    swapped: Annotated[
        bool,
        Knob(
            "Other way round",
            "What stands second in a line is read, what stands first is to be written.",
            group="Pairs",
            when=_OWN,
            alters=_ALL,
        ),
    ] = False
    own_most: Annotated[
        int,
        Field(ge=2, le=120),
        Knob(
            "Symbols of a side at most",
            "Pairs with a longer side are left out.",
            group="Pairs",
            when=_OWN,
            alters=_ALL,
        ),
    ] = 40
    own_symbols: Annotated[
        int,
        Field(ge=50, le=20_000),
        Knob(
            "Symbols known at most",
            "Of each side the most frequent ones. All others are one symbol, the unknown one; with fewer a step takes "
            "less time.",
            group="Pairs",
            log=True,
            when=_OWN,
            alters=_ALL,
        ),
    ] = 8_000
    language: Annotated[
        Language,
        Knob(
            "Language",
            "French counts by twenties above sixty; German says the ones ahead of the tens, in one word.",
            group="Pairs",
            labels={"english": "English", "french": "French", "german": "German"},
            when={"pairs": SPOKEN_IN},
            alters=_ALL,
        ),
    ] = "english"
    most: Annotated[
        int,
        Field(ge=99, le=999_999),
        Knob("Numbers up to", group="Pairs", log=True, when={"pairs": COUNTED}, alters=_ALL),
    ] = 999_999
    longest: Annotated[
        int,
        Field(ge=2, le=40),
        Knob(
            "Letters at most",
            "Texts of one letter to so many.",
            group="Pairs",
            when={"pairs": LETTERS},
            alters=_ALL,
        ),
    ] = 10
    samples: Annotated[
        int,
        Field(ge=100, le=50_000),
        Knob(
            "Pairs at most",
            "So many different ones, where there are as many; of a file the first ones. A tenth is held out.",
            group="Pairs",
            log=True,
            alters=_ALL,
        ),
    ] = 5_000
    symbols: Annotated[
        Literal["characters", "words"],
        Knob(
            "Symbols",
            "What is read and written one at a time: characters, or words with the blank before them; a digit is a "
            "symbol by itself in either.",
            group="Pairs",
            labels={"characters": "Characters", "words": "Words"},
            alters=_ALL,
        ),
    ] = "words"
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        Knob(
            "Seed of the pairs",
            "Other ones, and another tenth of them that is held out.",
            group="Pairs",
            advanced=True,
            alters=_ALL,
        ),
    ] = 0
