"""Translation: a net reads one text and writes another, and is seen looking back at what it reads."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.data.translation.number_words import SPOKEN
from engine.data.translation.spec import OWN, TranslationDataSpec
from engine.figures import curves, gradients, translation, translation_decoding
from engine.figures.attending import asked_of_panel, attention_panels
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab
from engine.labs.translation_presets import PRESETS
from engine.labs.translation_watching import WatchingSpec, attending
from engine.nets.translation.names import contexts, heads, matrices
from engine.nets.translation.spec import TranslatorSpec
from engine.spec import Knob
from engine.training.settings import FITTING, Loss, TrainingSpec
from engine.translation.writing_spec import WritingSpec
from engine.words.texts.bringing import brought

EXAMPLES = {
    OWN: "What is to be translated",
    "digits": "21",
    "dates": "May 3, 2021",
    "pig_latin": "pig latin",
    "reverse": "abcde",
    "sort": "badce",
    "copy": "abcde",
}


class TranslationSpec(WatchingSpec, WritingSpec, TrainingSpec, TranslatorSpec, TranslationDataSpec):
    """All settings of the lab: the pairs, the net, the training, and what is looked at."""

    batch_size: Annotated[
        int, Field(ge=1, le=256), Knob("Batch size", group="Training", help="Pairs of about one length in a step.")
    ] = 32
    max_epochs: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the pairs that are learnt."),
    ] = 200
    smoothing: Annotated[
        float,
        Field(ge=0, le=0.5),
        Knob(
            "Label smoothing",
            "The share of each target that is spread over all symbols, so that the net need not be ever surer.",
            group="Training",
            step=0.05,
            advanced=True,
            when={"loss": ("auto", "cross_entropy")},
        ),
    ] = 0.0
    clip: Annotated[
        float,
        Field(ge=0, le=10),
        Knob(
            "Longest gradient",
            "A longer one is shortened to it, all weights together, ahead of the update; 0 for any length.",
            group="Training",
            step=0.5,
            advanced=True,
            live=True,
        ),
    ] = 1.0

    @model_validator(mode="after")
    def _loss_fits(self) -> Self:
        self.check_loss("classes")
        return self

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit symbols, which are classes."""
        return ("auto", *FITTING["classes"])


def panels(spec: TranslationSpec) -> tuple[Panel, ...]:
    """Return the panels of a run; raises DataError where its pairs are not here."""
    if spec.pairs == OWN:
        brought(spec.own)
    example = SPOKEN[spec.language](21) if spec.pairs == "numbers" else EXAMPLES[spec.pairs]
    layers, seen, taken, parts = matrices(spec), heads(spec), contexts(spec), attending(spec)
    tensors = tuple(f"{name}.weight" for name in layers)
    return fill_rows(
        [
            translation.type_panel(example),
            translation.written_panel(),
            *([translation.alignment_panel(seen), translation.energies_panel(seen)] if seen else []),
            *([translation.context_panel(taken)] if taken else []),
            *([*attention_panels(parts), asked_of_panel(patches=False)] if parts else []),
            translation_decoding.beams_panel(),
            translation.length_panel(spec.symbols),
            curves.loss_panel("pairs"),
            translation.exact_panel(),
            translation.symbols_panel(),
            translation_decoding.bleu_curve_panel(),
            translation_decoding.bleu_parts_panel(),
            translation_decoding.bleu_words_panel(),
            translation_decoding.worst_panel(),
            translation.weights_panel(layers),
            gradients.words_panel(),
            gradients.size_panel(layers),
            gradients.map_panel(tensors, tuple(layers.values())),
            gradients.update_panel(layers),
            curves.rate_panel(),
        ]
    )


LAB = Lab(
    name="translation",
    title="Translation",
    summary="A net reads a text and writes another: number words become digits, and you see where it looks.",
    task="How long does a text have to be for the net with one vector to fail where the one with attention does not?",
    spec=TranslationSpec,
    experiment="engine.labs.translation_experiment:TranslationExperiment",
    panels=panels,
    picture=CardPicture(
        "A heatmap: digits that were written, below each other, beside the words that each of them was taken from.",
        "engine.labs.translation_picture:draw",
    ),
    presets=PRESETS,
)
