"""All that one can ask on the page that compares spaces, with its bounds: what its address says beside the spaces."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec
from engine.words.formula import MAX_CHARS
from pages.ui.words.asked import WHOLE
from pages.ui.words.space_desk import MOST_ROWS, MOST_SOURCE_CHARS, OfSpace

Section = Literal["query", "agreement", "alignment", "scores", "shape", "relations"]
Pair = Literal["ab", "ac", "bc"]
View = Literal["spread", "dimensions"]
MOST_NEIGHBOURS = 50


class OfSecond(OfSpace):
    """Which vectors come second."""

    source: Annotated[str, Field(max_length=MOST_SOURCE_CHARS), Knob("Vectors")] = "world:again"


class OfThird(OfSpace):
    """Which vectors come third; none as a rule."""

    source: Annotated[str, Field(max_length=MOST_SOURCE_CHARS), Knob("Vectors")] = ""


class Compared(Spec):
    """What is compared, and what stands in the fields of each section."""

    section: Annotated[Section, Knob("Section")] = "query"
    query: Annotated[str, Field(max_length=MAX_CHARS), Knob("Word or mix of words", help=WHOLE)] = ""
    k: Annotated[int, Field(ge=1, le=MOST_NEIGHBOURS), Knob("Neighbours")] = 10
    pair: Annotated[Pair, Knob("Which two", labels={"ab": "A and B", "ac": "A and C", "bc": "B and C"})] = "ab"
    restrict: Annotated[
        int,
        Field(ge=2, le=MOST_ROWS),
        Knob(
            "Only the first words",
            help="Of each space: files are sorted by frequency as a rule, and of rare words little is known.",
        ),
    ] = 50_000
    centred: Annotated[
        bool,
        Knob("Each space less its mean", help="Before it is turned. A shift that all words share then counts not."),
    ] = False
    unit: Annotated[bool, Knob("All words at length 1", help="Only their directions are laid over each other.")] = True
    least_count: Annotated[
        int,
        Field(ge=0, le=10**9),
        Knob(
            "Moved words seen at least", help="In each space that tells its counts: in real texts rare words move most."
        ),
    ] = 0
    words: Annotated[
        str,
        Field(max_length=MAX_CHARS),
        Knob("Words on the map", help="Empty: those that moved most and those that moved least."),
    ] = ""
    suite: Annotated[str, Field(max_length=60), Knob("Suite")] = ""
    view: Annotated[View, Knob("View", labels={"spread": "Spread", "dimensions": "Dimensions and score"})] = "spread"
    lengths: Annotated[
        bool, Knob("Lengths count", help="Without: the shape of the directions alone, every word at length 1.")
    ] = True
    relations: Annotated[str, Field(max_length=60), Knob("Relations of")] = ""
    relation: Annotated[str, Field(max_length=100), Knob("Relation")] = ""
