"""How a text is gone on with: which symbol is taken where a net has told how likely each is; light."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Strategy = Literal["sample", "greedy", "beam"]
_SAMPLED = {"strategy": ("sample",)}
_BEAM = {"strategy": ("beam",)}


class StrategySpec(Spec):
    """In which way the next symbol is chosen; it may change while a run goes on."""

    strategy: Annotated[
        Strategy,
        Knob(
            "Strategy",
            "Drawn: by chance, the likelier the more often. Greedy: always the likeliest one. Beam: several beginnings "
            "are gone on with side by side, and the likeliest whole is taken.",
            group="Going on",
            live=True,
            labels={"sample": "Drawn by chance", "greedy": "Greedy", "beam": "Beam search"},
        ),
    ] = "sample"


class SamplingSpec(Spec):
    """How the next symbol is drawn by chance; all of it may change while a run goes on."""

    temperature: Annotated[
        float,
        Field(ge=0.05, le=5),
        Knob(
            "Temperature",
            "What the net's sums are divided by before the softmax: below 1 the likely becomes likelier, above 1 all "
            "become more equal.",
            group="Going on",
            live=True,
            step=0.05,
            when=_SAMPLED,
        ),
    ] = 1.0
    top_k: Annotated[
        int,
        Field(ge=0, le=100),
        Knob(
            "Top k",
            "Only so many of the likeliest symbols are drawn from; 0 for all.",
            group="Going on",
            live=True,
            when=_SAMPLED,
        ),
    ] = 0
    nucleus: Annotated[
        float,
        Field(ge=0.05, le=1),
        Knob(
            "Nucleus",
            "Only the likeliest symbols are drawn from whose probabilities together make this share; 1 for all.",
            group="Going on",
            live=True,
            step=0.05,
            when=_SAMPLED,
        ),
    ] = 1.0


class DecodingSpec(SamplingSpec, StrategySpec):
    """How a text is gone on with; all of it may change while a run goes on."""

    beams: Annotated[
        int,
        Field(ge=1, le=20),
        Knob("Beams", "How many beginnings are kept at each step.", group="Going on", live=True, when=_BEAM),
    ] = 4
    length_penalty: Annotated[
        float,
        Field(ge=0, le=2),
        Knob(
            "Length penalty",
            "0 compares wholes by their probability, so that short ones win; with more of it long ones do.",
            group="Going on",
            live=True,
            step=0.1,
            when=_BEAM,
        ),
    ] = 0.6
