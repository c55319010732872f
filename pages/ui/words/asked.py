"""All that one can ask on the words page, with its bounds: what its address says, and what its widgets show."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob
from engine.words.formula import MAX_CHARS
from engine.words.space import Method, Metric
from pages.ui.words.space_desk import MOST_ROWS, OfSpace

Section = Literal["neighbours", "analogies", "map", "questions", "scores"]
View = Literal["ask", "guess", "failures"]
Question = Literal["similarity", "odd", "between", "pairs", "axis", "centre"]
MOST_ANSWERS = 100
METRICS = {"cosine": "Cosine", "dot": "Dot product", "euclidean": "Distance"}
METHODS = {"3cosadd": "3CosAdd", "3cosmul": "3CosMul", "pairdirection": "Pair direction"}
WHOLE = "One word, or a mix: king - man + woman. A word with blanks, or one that begins with a sign, in double quotes."


class Asked(OfSpace):
    """A question to a space: which vectors, which section of the page, and what stands in its fields."""

    section: Annotated[Section, Knob("Section")] = "neighbours"
    query: Annotated[str, Field(max_length=MAX_CHARS), Knob("Word or mix of words", help=WHOLE)] = ""
    metric: Annotated[
        Metric,
        Knob(
            "Nearness",
            help="Cosine: the angle alone. Dot product: long vectors, often of frequent words, come first. Distance: "
            "the straight line between the two points.",
            labels=METRICS,
        ),
    ] = "cosine"
    beside: Annotated[
        Literal["", "cosine", "dot", "euclidean"],
        Knob("Compared with", labels={"": "Nothing", **METRICS}),
    ] = ""
    k: Annotated[int, Field(ge=1, le=MOST_ANSWERS), Knob("Answers")] = 10
    exact: Annotated[
        bool, Knob("Exact", help="Without it an index is asked, which is faster and may miss a neighbour.")
    ] = True
    prefix: Annotated[str, Field(max_length=60), Knob("Begins with")] = ""
    contains: Annotated[str, Field(max_length=60), Knob("Contains")] = ""
    skip: Annotated[
        int,
        Field(ge=0, le=MOST_ROWS),
        Knob("Without the first words", help="Files begin with the most frequent words as a rule. 0 leaves none out."),
    ] = 0
    top: Annotated[
        int,
        Field(ge=0, le=MOST_ROWS),
        Knob("Only the first words", help="Files are sorted by frequency as a rule. 0 asks all."),
    ] = 0
    view: Annotated[View, Knob("View", labels={"ask": "Ask", "guess": "Guess first", "failures": "Where it fails"})] = (
        "ask"
    )
    formula: Annotated[str, Field(max_length=MAX_CHARS), Knob("Formula")] = ""
    expected: Annotated[str, Field(max_length=200), Knob("Expected")] = ""
    method: Annotated[Method, Knob("Method", labels=METHODS)] = "3cosadd"
    inputs: Annotated[bool, Knob("Input words may be answers")] = False
    question: Annotated[
        Question,
        Knob(
            "Question",
            labels={
                "similarity": "Similarity",
                "odd": "Odd one out",
                "between": "Words between",
                "pairs": "Nearest pairs",
                "axis": "Axis",
                "centre": "Phrase",
            },
        ),
    ] = "similarity"
    words: Annotated[str, Field(max_length=MAX_CHARS), Knob("Words")] = ""
    ends: Annotated[str, Field(max_length=MAX_CHARS), Knob("Pairs that give the axis")] = ""
    across: Annotated[
        str,
        Field(max_length=MAX_CHARS),
        Knob("Pairs that give a second axis", help="With these the words are drawn in a plane, as far up as they say."),
    ] = ""
    suite: Annotated[str, Field(max_length=60), Knob("Suite")] = ""
