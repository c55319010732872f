"""How it is asked who is to blame for wrong translations: settings; light, for pages."""

from typing import Annotated

from pydantic import Field

from engine.spec import Knob, Spec
from engine.translation.writing_spec import MOST_BEAMS

MOST_WIDTHS = 6


class BlameSpec(Spec):
    """Over which searches, and how what they find is compared."""

    widths: Annotated[
        tuple[Annotated[int, Field(ge=1, le=MOST_BEAMS)], ...],
        Field(min_length=1, max_length=MOST_WIDTHS),
        Knob("Beams", f"How wide is searched: {MOST_WIDTHS} of them at most."),
    ] = (1, 2, 4, 8)
    penalty: Annotated[
        float,
        Field(ge=0, le=2),
        Knob(
            "Length penalty",
            "With 0 the probabilities are compared, with more of it those of long texts are made up for.",
            step=0.1,
        ),
    ] = 0.0
