"""How a net writes a translation: settings that may change while it learns; light."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Strategy = Literal["greedy", "beam"]
MOST_BEAMS = 10
_BEAM = {"strategy": ("beam",)}


class WritingSpec(Spec):
    """The way of writing."""

    strategy: Annotated[
        Strategy,
        Knob(
            "Strategy",
            "Greedy: always the likeliest symbol. Beam search: several beginnings are gone on with side by side, and "
            "the best whole is taken.",
            group="Writing",
            live=True,
            labels={"greedy": "Greedy", "beam": "Beam search"},
        ),
    ] = "greedy"
    beams: Annotated[
        int,
        Field(ge=1, le=MOST_BEAMS),
        Knob("Beams", "How many beginnings are kept at each symbol.", group="Writing", live=True, when=_BEAM),
    ] = 4
    length_penalty: Annotated[
        float,
        Field(ge=0, le=2),
        Knob(
            "Length penalty",
            "0 compares wholes by their probability, so that short ones win; with more of it long ones do.",
            group="Writing",
            live=True,
            step=0.1,
            when=_BEAM,
        ),
    ] = 0.6

    @property
    def searched(self) -> tuple[int, float]:
        """Return with how many beams is searched, and under which length penalty: greedy is one beam without any."""
        return (self.beams, self.length_penalty) if self.strategy == "beam" else (1, 0.0)
