"""All styles of text that the app makes, by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from engine.data.language import code, first_names, play, recipes, story, surnames, weather
from engine.data.language.grammar import Dice, Paragraphs, first_characters

Style = Literal["story", "play", "recipes", "weather", "code", "surnames", "first_names"]


@dataclass(frozen=True, slots=True)
class Made:
    """One style: its ``title``, what makes it, how a text of it may begin (``prompt``), and what ``kinds`` of words its
    rules know: words that can stand in each other's place, by what they are called.
    """

    title: str
    paragraphs: Paragraphs
    prompt: str
    kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)


STYLES: Mapping[Style, Made] = MappingProxyType(
    {
        "story": Made("A story, with people who speak", story.paragraphs, '"Where is the ', story.KINDS),
        "play": Made("A play", play.paragraphs, "KING: "),
        "recipes": Made("Recipes", recipes.paragraphs, "Winter soup with "),
        "weather": Made("Weather reports", weather.paragraphs, "Monday:\n"),
        "code": Made("Small programs", code.paragraphs, "def count_words("),
        "surnames": Made("Surnames of ten languages", surnames.paragraphs, "\nPolish: "),
        "first_names": Made("First names of girls and boys", first_names.paragraphs, "\ngirl: "),
    }
)


@lru_cache(4)
def made_text(style: Style, characters: int, seed: int) -> str:
    """Return a text of ``characters``, the same under the same ``seed``; a longer one begins with a shorter one."""
    return first_characters(STYLES[style].paragraphs(Dice(seed, style)), characters)
