"""Generation: a net learns to go on with a text, character by character or word by word, and writes as it learns."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.data.catalogue import Problem
from engine.figures import curves, gradients, language
from engine.figures.panel import Panel, fill_rows
from engine.labs.generation_presets import PRESETS
from engine.labs.lab import CardPicture, Lab
from engine.language.decoding_spec import DecodingSpec
from engine.language.kinds import kind_titles
from engine.language.spec import LanguageSpec
from engine.nets.language.names import layer_names, matrices
from engine.nets.language.spec import RECURRENT, LanguageNetSpec
from engine.spec import Knob, Misfit
from engine.training.symbols_spec import SymbolsTrainingSpec
from engine.words.texts.bringing import brought
from engine.words.texts.spec import OWN

Watched = Literal["quotes", "brackets", "line", "word", "chosen"]
MOST_SAMPLE = 300
MOST_PROMPT = 200
_CHOSEN = {"watched": ("chosen",)}


class GenerationSpec(DecodingSpec, SymbolsTrainingSpec, LanguageNetSpec, LanguageSpec):
    """All settings of the lab: the text, the net, the training, how a text is gone on with, and what is looked at."""

    batch_size: Annotated[
        int, Field(ge=1, le=256), Knob("Batch size", group="Training", help="Pieces of the text in a step.")
    ] = 32
    max_epochs: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the text that is learnt."),
    ] = 200
    keeps: Annotated[
        bool,
        Knob(
            "State kept between pieces",
            "On: each piece goes on where the one before it in the text ended, with the state that the net had there. "
            "Off: pieces come in any order, and each begins with nothing.",
            group="Training",
            when={"net": RECURRENT},
        ),
    ] = True
    prompt: Annotated[
        str,
        Field(max_length=MOST_PROMPT),
        Knob(
            "Prompt",
            "What the net goes on with as it learns; \\n is a line end. Empty: a usual beginning of this text.",
            group="Going on",
            live=True,
            looks=True,
        ),
    ] = ""
    sample_length: Annotated[
        int,
        Field(ge=20, le=MOST_SAMPLE),
        Knob(
            "Symbols to go on with",
            "Of a beam search at most 60.",
            group="Going on",
            live=True,
            looks=True,
            advanced=True,
        ),
    ] = 160
    watched: Annotated[
        Watched,
        Knob(
            "Unit looked at",
            "The one that goes best along with something that can be counted in a text, found anew at each look; or "
            "one that you choose.",
            group="Watching",
            live=True,
            looks=True,
            labels={
                "quotes": "The best at quotation marks",
                "brackets": "The best at brackets",
                "line": "The best at the place in the line",
                "word": "The best at the place in the word",
                "chosen": "A unit of your choice",
            },
        ),
    ] = "quotes"
    layer: Annotated[
        str,
        Field(max_length=40),
        Knob(
            "Layer looked at",
            "By itself it is the last one.",
            group="Watching",
            live=True,
            looks=True,
            when=_CHOSEN,
            choices=layer_names,
        ),
    ] = ""
    unit: Annotated[
        int,
        Field(ge=0, le=1_023),
        Knob(
            "Unit",
            "By its number in the layer; behind the last one they are counted from the first again.",
            group="Watching",
            live=True,
            looks=True,
            when=_CHOSEN,
        ),
    ] = 0
    place: Annotated[
        int,
        Field(ge=0, le=99_999),
        Knob(
            "Place in the text held out",
            "Where the text begins that is looked at, in symbols.",
            group="Watching",
            live=True,
            looks=True,
        ),
    ] = 0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.layer not in ("", *layer_names(self)):
            known = ", ".join(layer_names(self))
            raise Misfit(
                f"layer: expected one of {known}, or none; received {self.layer!r}.",
                f"Layer looked at: expected one of {known}, for this net has no other; received {self.layer}.",
            )
        return self

    @property
    def carries(self) -> bool:
        """Tell whether a state is carried from piece to piece."""
        return self.keeps and self.net in RECURRENT


def problem_of(spec: GenerationSpec, symbols: tuple[str, ...] = ()) -> Problem:
    """Return what is asked of the net: which of the ``symbols`` comes next."""
    return Problem("text", "Text", "classes", symbols, target="next symbol")


def panels(spec: GenerationSpec) -> tuple[Panel, ...]:
    """Return the panels of a run; raises DataError where its text is not here."""
    if spec.text == OWN:
        brought(spec.own)
    layers = matrices(spec)
    tensors, names = tuple(f"{name}.weight" for name in layers), tuple(layers.values())
    return fill_rows(
        [
            language.type_panel(),
            language.sample_panel(),
            language.choice_panel(),
            language.bits_panel(spec.symbols),
            language.perplexity_panel(),
            language.unit_panel(),
            language.surprise_panel(),
            language.found_panel(),
            language.units_panel(),
            curves.loss_panel("text"),
            curves.score_panel(problem_of(spec), "symbols"),
            language.near_panel(),
            language.map_panel(kind_titles(spec)),
            language.weights_panel(tensors, names),
            *gradients.flow_panels(layers),
            curves.rate_panel(),
        ]
    )


LAB = Lab(
    name="generation",
    title="Generation",
    summary="A net learns to go on with a text: watch it write, see what it chose from, and find the unit that counts.",
    task="Which unit goes best along with quotation marks, and how well does it tell them? What becomes of it?",
    spec=GenerationSpec,
    experiment="engine.labs.generation_experiment:GenerationExperiment",
    panels=panels,
    picture=CardPicture(
        "A text, each character on the colour of one unit: it is one colour inside quotation marks, another outside.",
        "engine.labs.generation_picture:draw",
    ),
    presets=PRESETS,
)
