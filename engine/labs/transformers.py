"""Transformers: a small net whose every number can be read, while it learns what attention is for."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.data.catalogue import Problem
from engine.data.symbols.spec import ARRANGED, SHAPES
from engine.figures import attending, curves, gradients, transformers
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab
from engine.labs.transformers_own import LearntSpec
from engine.labs.transformers_presets import PRESETS
from engine.nets.transformers.names import matrices
from engine.nets.transformers.spec import MOST_BLOCKS, MOST_HEADS, TransformerSpec
from engine.spec import Knob, Misfit, settings_by_name
from engine.training.settings import Optimizer
from engine.training.symbols_spec import SymbolsTrainingSpec
from engine.words.texts.bringing import brought

HINTS = {
    "repeated": "Letters, some of which come again: abcdefabc",
    "modular": "Two numbers: 17 + 40",
    "copy": "Letters",
    "reverse": "Letters",
    "sort": "Letters",
    "text": "A text",
}
"""What may be typed."""
Part = Literal["own", "crossed", "encoder"]
PARTS: Mapping[Part, str] = {"own": "decoder.attention", "crossed": "decoder.crossed", "encoder": "encoder.attention"}
"""What the parts that attend are called in a net with both stacks."""


def _watching(label: str, help: str, **rest: object) -> Knob:
    return Knob(label, help, group="Watching", live=True, looks=True, **rest)  # type: ignore[arg-type]


class TransformersSpec(SymbolsTrainingSpec, TransformerSpec, LearntSpec):
    """All settings of the lab: the sequences, the net, the training, and what is looked at."""

    batch_size: Annotated[
        int, Field(ge=1, le=4_096), Knob("Batch size", "Sequences in a step.", group="Training", log=True)
    ] = 64
    optimizer: Annotated[
        Optimizer,
        Knob("Optimizer", group="Training", labels=settings_by_name(SymbolsTrainingSpec)["optimizer"].knob.labels),
    ] = "adamw"
    max_epochs: Annotated[
        int,
        Field(ge=1, le=20_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the training sequences."),
    ] = 200
    example: Annotated[
        int,
        Field(ge=0, le=99_999),
        _watching("Sequence looked at", "Which of those held out, by its number."),
    ] = 0
    other: Annotated[
        int,
        Field(ge=0, le=99_999),
        _watching("Sequence patched in", "Which of those held out gives its activations, by its number."),
    ] = 1
    part: Annotated[
        Part,
        _watching(
            "Attention looked at",
            "That of the decoder to itself, or to the encoder, or that of the encoder.",
            when={"sequences": ARRANGED, "shape": ("both",)},
            labels={"own": "Decoder", "crossed": "Decoder to encoder", "encoder": "Encoder"},
        ),
    ] = "own"
    block: Annotated[
        int,
        Field(ge=0, le=MOST_BLOCKS - 1),
        _watching(
            "Block looked at", "Counted from 0, as in the names of tensors; behind the last the first comes again."
        ),
    ] = 1
    head: Annotated[
        int,
        Field(ge=0, le=MOST_HEADS - 1),
        _watching("Head looked at", "Counted from 0; behind the last one the first comes again."),
    ] = 0
    place: Annotated[
        int,
        Field(ge=-1, le=64),
        _watching(
            "Place that asks",
            "Counted from 0; it is written out with all numbers, and gradients and patches are of what is told there. "
            "−1: the last one at which something is asked.",
        ),
    ] = -1
    knocked_block: Annotated[
        int,
        Field(ge=-1, le=MOST_BLOCKS - 1),
        _watching(
            "Knock out in block",
            "Of the attention looked at: all panels of the sequence are then without that head. −1: none.",
        ),
    ] = -1
    knocked_head: Annotated[
        int,
        Field(ge=0, le=MOST_HEADS - 1),
        _watching("Head knocked out", "What it gathers is 0.", when={"knocked_block": tuple(range(MOST_BLOCKS))}),
    ] = 0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.shape not in SHAPES[self.sequences]:
            known = settings_by_name(type(self))
            fitting = SHAPES[self.sequences]
            raise Misfit(
                f"shape: expected one of {', '.join(fitting)} with sequences={self.sequences}, "
                f"received {self.shape!r}.",
                f"Shape: expected {known['shape'].word(fitting)} for what is learnt; "
                f"received {known['shape'].word(self.shape)}.",
            )
        if self.sequences == "repeated" and self.length > 2 * self.letters:
            raise Misfit(
                f"length: expected at most twice letters={self.letters} with sequences=repeated, "
                f"received {self.length}.",
                f"Length: expected at most twice the {self.letters} letters, for none comes twice before all come "
                f"again; received {self.length}.",
            )
        if self.sequences in ARRANGED and self.length > 32:
            raise Misfit(
                f"length: expected at most 32 with sequences={self.sequences}, received {self.length}.",
                f"Length: expected at most 32 letters to be arranged, received {self.length}.",
            )
        return self


def problem_of(symbols: tuple[str, ...] = ()) -> Problem:
    """Return what is asked of the net: which of the ``symbols`` belongs at a place."""
    return Problem("symbols", "Symbols", "classes", symbols, target="symbol")


def parts_of(spec: TransformerSpec) -> Mapping[str, str]:
    """Return the parts that attend, and what each is called."""
    if spec.shape != "both":
        return {"attention": "attention"}
    return {
        "decoder.attention": "decoder",
        "decoder.crossed": "decoder to encoder",
        "encoder.attention": "encoder",
    }


def levels_of(spec: TransformerSpec) -> tuple[str, ...]:
    """Return what the levels of the stream are called, the lowest first."""
    return ("symbol and place", *(f"behind block {at}" for at in range(spec.blocks)))


def heads_of(spec: TransformerSpec) -> Mapping[str, tuple[int, int]]:
    """Return block and place of the heads of a net with one stack, by their names in scalars.

    The names begin with letters: what looks like a number is drawn at that number by a plot, and not in its row.
    """
    pairs = [(block, head) for block in range(spec.blocks) for head in range(spec.heads)]
    return {f"block{block}.head{head}": (block, head) for block, head in pairs}


def called(block: int, head: int) -> str:
    """Return what a head is called."""
    return f"block {block}, head {head}"


def has_scores(spec: TransformersSpec) -> bool:
    """Tell whether heads are told that look for what came before: those of a decoder that learns what comes again."""
    return spec.sequences == "repeated" and spec.shape == "decoder"


def panels(spec: TransformersSpec) -> tuple[Panel, ...]:
    """Return the panels of a run; raises DataError where its text is not here."""
    if spec.learns_own:
        brought(spec.own)
    layers = matrices(spec)
    tensors = tuple(f"{name}.weight" for name in layers)
    parts, stacks = parts_of(spec), attending.ONE_STACK
    if spec.shape == "both":
        stacks = {"all": "the decoder", "encoder": "the encoder"}
    settings = {name: {"part": part} for part, name in PARTS.items()}
    heads = {name: called(*pair) for name, pair in heads_of(spec).items()}
    scores = [
        transformers.scores_panel(
            "induction",
            "Induction heads",
            "How much of its attention each head gives, in a sequence that comes again, to the symbol behind the one "
            "that stood where it stands now: what it needs to go on. 1 for a perfect induction head.",
            "induction",
            heads,
        ),
        transformers.scores_panel(
            "before",
            "Heads that look one back",
            "How much of its attention each head gives to the symbol just before. An induction head needs such a one "
            "in a block below.",
            "before",
            heads,
        ),
    ]
    return fill_rows(
        [
            transformers.type_panel(HINTS[spec.sequences]),
            transformers.example_panel(),
            curves.loss_panel("sequences"),
            curves.score_panel(problem_of(), "places asked"),
            *([transformers.grokking_panel(), transformers.fourier_panel()] if spec.sequences == "modular" else []),
            *(scores if has_scores(spec) else []),
            *attending.attending_panels(parts, levels_of(spec), stacks, settings),
            transformers.knocked_panel(parts, spec.blocks),
            *([transformers.places_panel(spec.places)] if spec.places != "none" else []),
            transformers.weights_panel(tensors, tuple(layers.values())),
            *gradients.flow_panels(layers),
            curves.rate_panel(),
        ]
    )


LAB = Lab(
    name="transformers",
    title="Transformers",
    summary="A small transformer learns, and every number in it can be read: who looks where, why, and what for.",
    task="Which head looks up what came behind this letter before? Knock it out: what becomes of the loss?",
    spec=TransformersSpec,
    experiment="engine.labs.transformers_experiment:TransformersExperiment",
    panels=panels,
    picture=CardPicture(
        "Heatmaps of eight attention heads over a sequence of letters that comes again: stripes beside the diagonal.",
        "engine.labs.transformers_picture:draw",
    ),
    presets=PRESETS,
    rehearsed=({"sequences": "sort", "shape": "both", "length": 8},),
)
