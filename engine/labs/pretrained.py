"""Pretrained: what GPT-2 and BERT, trained by others, make of one's own sentence."""

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from engine.errors import DataError
from engine.figures import attending
from engine.figures import pretrained as figures
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab, Preparation
from engine.labs.preset import Preset, Question
from engine.language.decoding_spec import SamplingSpec
from engine.language.models import hub
from engine.language.models.bringing import size_of
from engine.nets.pretrained.config import Kind
from engine.spec import Knob, Misfit, Spec

OWN = "own"
MOST_TEXT = 2_000
WINDOW = 64
"""Symbols that are seen at a time."""
MADE_BLOCKS, MADE_HEADS = 4, 4
"""Of the models made here."""
FEW_HEADS = 6
"""So many stand beside each other in half a row."""
_WATCHING = "Watching"


class Size(NamedTuple):
    """What kind of model it is, and of how many blocks, each of so many heads."""

    kind: Kind
    blocks: int
    heads: int


def _size(spec: "ModelSpec") -> Size | None:
    """Return how large the model that is open is; None where it is not here."""
    try:
        return size(spec)
    except DataError:
        return None


def _last_block(spec: "ModelSpec") -> int | None:
    found = _size(spec)
    return None if found is None else found.blocks - 1


def _last_head(spec: "ModelSpec") -> int | None:
    found = _size(spec)
    return None if found is None else found.heads - 1


class ModelSpec(Spec):
    """Which model is opened, what it reads, and what is looked at."""

    model: Annotated[
        Literal["gpt2", "bert", "own"],
        Knob(
            "Model",
            "A model's folder has a config.json, its weights as safetensors, and its symbols. Those made here have "
            "random weights, and have learnt nothing: to find one's way, and to compare trained ones with.",
            group="Model",
            alters=("data", "weights"),
            labels={
                "gpt2": "GPT-2, made here: untrained",
                "bert": "BERT, made here: untrained",
                "own": "A model of your own",
            },
        ),
    ] = "gpt2"
    own_model: Annotated[
        str,
        Field(max_length=400),
        Knob("Your model", group="Model", alters=("data", "weights"), when={"model": (OWN,)}, hidden=True),
    ] = ""
    """The id of a model that is kept here, see ``engine.language.models``; or ``server:PLACE/relative/path``."""
    seed: Annotated[
        int,
        Field(ge=0, le=2**31 - 1),
        Knob(
            "Seed",
            "Of the random weights of the models made here.",
            group="Model",
            alters=("weights",),
            when={"model": ("gpt2", "bert")},
        ),
    ] = 0
    text: Annotated[
        str,
        Field(max_length=MOST_TEXT),
        Knob(
            "Sentence",
            "What the model reads. For BERT, [MASK] stands for a word that is to be told, and [SEP] between two "
            "sentences.",
            group="Sentence",
            live=True,
        ),
    ] = "one two three four, one two three four, one two"
    other: Annotated[
        str,
        Field(max_length=MOST_TEXT),
        Knob(
            "Another sentence",
            "Of as many symbols: what it had on the way is put into the first sentence, place by place.",
            group="Sentence",
            live=True,
        ),
    ] = ""
    page: Annotated[
        int,
        Field(ge=1, le=100),
        Knob(
            "Page",
            f"Of a long text {WINDOW} symbols are seen at a time; the model reads the others with them.",
            group="Sentence",
            live=True,
        ),
    ] = 1
    block: Annotated[
        int,
        Field(ge=0, le=95),
        Knob(
            "Block",
            "The block whose head is shown large, from 0 up.",
            group=_WATCHING,
            live=True,
            most=_last_block,
        ),
    ] = 0
    head: Annotated[
        int,
        Field(ge=0, le=127),
        Knob("Head", "The head that is shown large, from 0 up.", group=_WATCHING, live=True, most=_last_head),
    ] = 0
    place: Annotated[
        int,
        Field(ge=0, le=WINDOW - 1),
        Knob(
            "Place",
            "The symbol on the page that asks, from 0 up; by itself the last. BERT tells what its first [MASK] stands "
            "for, where there is one.",
            group=_WATCHING,
            live=True,
        ),
    ] = WINDOW - 1
    knocked: Annotated[
        bool,
        Knob(
            "Knock this head out",
            "What the head has gathered is 0: all below is of the model without it.",
            group=_WATCHING,
            live=True,
        ),
    ] = False
    deep: Annotated[
        bool,
        Knob(
            "Gradients and lens of large models",
            "Of a model with more than 20 million numbers they take some seconds, so they are shown only if you "
            "wish; of small ones they are always there.",
            group=_WATCHING,
            live=True,
        ),
    ] = False


class PretrainedSpec(SamplingSpec, ModelSpec):
    """All settings of the lab: those of the model, and how the next symbol is drawn."""

    @model_validator(mode="after")
    def _has_a_text(self) -> Self:
        if not self.text:
            raise Misfit(
                "text: expected at least one character, received none.",
                "Sentence: expected at least one character, received none.",
            )
        return self


def prepares(spec: PretrainedSpec) -> Preparation | None:
    """Return that a model of a hub is to be downloaded, where it is not here yet; raises DataError."""
    if not _is_to_come(spec):
        return None
    return Preparation(
        hub.order(spec.own_model),
        "Downloading the model",
        "Downloading this model was called off, here or by preparing another in another tab.",
        "Download it",
    )


def _is_to_come(spec: ModelSpec) -> bool:
    return spec.model == OWN and spec.own_model.startswith(hub.KIND) and not hub.is_here(spec.own_model)


def size(spec: ModelSpec) -> Size:
    """Return what kind of model it is, and how large; raises DataError where it is not here."""
    if spec.model != OWN:
        return Size(spec.model, MADE_BLOCKS, MADE_HEADS)
    if _is_to_come(spec):
        return Size("gpt2", MADE_BLOCKS, MADE_HEADS)  # until it is there, nothing is shown
    config = size_of(spec.own_model)
    return Size(config.kind, config.blocks, config.heads)


def panels(spec: PretrainedSpec) -> tuple[Panel, ...]:
    """Return the panels of a model; raises DataError where it is not here."""
    kind, blocks, heads = size(spec)
    levels = ["what is read", *(f"block {block}" for block in range(blocks))]
    seen = attending.attending_panels({"attention": "Attention"}, levels)
    return fill_rows(
        [
            figures.type_panel(MOST_TEXT),
            figures.model_panel(),
            figures.choice_panel(kind),
            *(attending.in_whole_rows(seen) if heads > FEW_HEADS else seen),
        ]
    )


PRESETS = (
    Preset(
        "mask",
        "A masked symbol",
        "BERT is asked which symbol stands behind a mask. This one has learnt nothing, so its answer is chance.",
        {"model": "bert", "text": "the cat [MASK] on the mat"},
        Question(
            "BERT reads the whole sentence. Does the place of the mask look at what comes behind it, too?",
            (
                "No: nobody looks ahead",
                "Yes: it looks to both sides",
                "Only at itself",
            ),
            1,
            "Nothing is masked in BERT's attention but filling: each row of each head has weights to the left and to "
            "the right of the diagonal. That is why it is asked for a hidden word, and not for the next one.",
        ),
    ),
    Preset(
        "knocked-out",
        "Without one head",
        "One head is knocked out: what it gathers is 0, and the probabilities of the next symbol change.",
        {"knocked": True, "block": 3, "head": 1},
        Question(
            "What the head has gathered is set to 0. What do its attention weights become?",
            (
                "All of them 0",
                "All of them equal",
                "They stay as they are",
            ),
            2,
            "The weights are computed as before, from queries and keys; only what is gathered with them does not go "
            "into the stream any more, so blocks above see other vectors, and those below and beside it do not.",
        ),
    ),
)

LAB = Lab(
    name="pretrained",
    title="Pretrained",
    summary="Open GPT-2 or BERT from a folder, type a sentence, and see who looks where, each number written out.",
    task="Type a sentence with a word that comes twice. Which head looks from its second place to the first?",
    spec=PretrainedSpec,
    experiment="engine.labs.pretrained_experiment:PretrainedExperiment",
    panels=panels,
    picture=CardPicture(
        "Small heatmaps in rows: who looks where in each head of a transformer.",
        "engine.labs.pretrained_picture:draw",
    ),
    presets=PRESETS,
    learns=False,
    prepares=prepares,
)
