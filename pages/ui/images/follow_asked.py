"""All that one can ask of a number that is followed through a net: what the address says, and what the widgets show."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Scale = Literal["map", "layer", "net"]
MOST_UNITS = 4_096
NONE = -1
"""Where nothing is chosen: what is largest is shown."""
_Place = Annotated[int, Field(ge=NONE, le=MOST_UNITS)]


class FollowAsked(Spec):
    """Which number is followed: its layer, by its name in the net, its unit, and its row and column in the unit's map,
    from 0. ``channel`` is the one of the kernel's inputs that is written out.
    """

    layer: Annotated[str, Field(max_length=80), Knob("Layer")] = ""
    unit: Annotated[_Place, Knob("Unit")] = NONE
    row: Annotated[_Place, Knob("Row")] = NONE
    column: Annotated[_Place, Knob("Column")] = NONE
    channel: Annotated[_Place, Knob("Input")] = NONE
    scale: Annotated[
        Scale,
        Knob(
            "Colours",
            labels={"map": "Each map", "layer": "The layer", "net": "The net"},
            help="What is as strong as colours get: the largest number of each map, of all maps of the layer, or of "
            "the whole net. By the last two, maps can be compared.",
        ),
    ] = "map"
