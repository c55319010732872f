"""All that one can ask on the index page, with its bounds: what its address says, and what its widgets show."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob
from engine.words.indexes import IndexSpec
from engine.words.indexes.cells import CENTRES
from pages.ui.words.space_desk import OfSpace

Against = Literal["time", "memory", "building"]
MOST_VECTORS = 1_000_000_000
MOST_MB = 10_000_000


class Asked(OfSpace, IndexSpec):
    """What is to be measured of which vectors, how it is looked at, and for what advice is wanted."""

    against: Annotated[
        Against,
        Knob("Recall against", labels={"time": "Time of a question", "memory": "Memory", "building": "Time to build"}),
    ] = "time"
    size: Annotated[Literal["all", "part"], Knob("Among", labels={"all": "All words", "part": "A quarter"})] = "all"
    vectors: Annotated[
        int,
        Field(ge=0, le=MOST_VECTORS),
        Knob("How many vectors", help="0 asks for as many as were measured."),
    ] = 0
    least: Annotated[
        float,
        Field(ge=0, le=1),
        Knob("Recall at least", help="The share of the 10 nearest that is to be found, from 0 to 1.", step=0.01),
    ] = 0.9
    memory: Annotated[
        int,
        Field(ge=0, le=MOST_MB),
        Knob("Memory in MB at most", help="0 allows as much as it takes."),
    ] = 0

    cells: Annotated[int, Field(ge=1, le=CENTRES), Knob("Cells looked at")] = 1
    word: Annotated[
        str,
        Field(max_length=200),
        Knob("Word asked about", help="One of the words that are drawn; empty for one that lies near a border."),
    ] = ""

    def spec(self) -> IndexSpec:
        """Return what is to be measured."""
        return IndexSpec(rows=self.rows, queries=self.queries, kinds=self.kinds)
