"""Sequences: a net reads one thing after the other, and what it remembers can be seen meanwhile."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.data.sequences.spec import UNROLLED, SequencesDataSpec, kind_of, problem_of
from engine.figures import confusion, curves, gradients, sequences
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import CardPicture, Lab
from engine.labs.own_sequences import prepares
from engine.labs.sequences_presets import PRESETS
from engine.nets.sequences.plan import matrices
from engine.nets.sequences.spec import RecurrentSpec
from engine.spec import Knob, Misfit
from engine.training.settings import FITTING, Loss, TrainingSpec


class SequencesSpec(TrainingSpec, RecurrentSpec, SequencesDataSpec):
    """All settings of the lab: the sequences, the net, the training, and what is looked at."""

    max_epochs: Annotated[
        int,
        Field(ge=1, le=1_000),
        Knob("Epochs at most", group="Stop", log=True, help="Passes over the training sequences."),
    ] = 100
    clip: Annotated[
        float,
        Field(ge=0, le=100),
        Knob(
            "Gradient at most",
            group="Training",
            live=True,
            help=(
                "Clipping: a longer gradient, all weights together, is cut to this length before the update; 0: as "
                "long as it is. May change while it runs."
            ),
        ),
    ] = 0.0
    example: Annotated[
        int,
        Field(ge=0, le=99_999),
        Knob(
            "Sequence looked at",
            group="Watching",
            live=True,
            looks=True,
            help="Which validation sequence is followed through the net, by its number; may change while it runs.",
        ),
    ] = 0

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        self.check_loss(kind_of(self))
        if self.bidirectional and (self.forecasts or self.sequences == UNROLLED):
            raise Misfit(
                "bidirectional: expected false for waves, for what comes next is asked; received true.",
                "From both ends: expected off for waves, for who reads from the end knows what comes next.",
            )
        if self.bidirectional and self.truncated:
            raise Misfit(
                f"truncated: expected 0 with bidirectional, received {self.truncated}.",
                "Back through steps at most: expected 0 where the net reads from both ends, for there are two ways "
                f"back; received {self.truncated}.",
            )
        return self

    def fitting_losses(self) -> tuple[Loss, ...]:
        """Return the losses that fit what is asked."""
        return ("auto", *FITTING[kind_of(self)])


def panels(spec: SequencesSpec) -> tuple[Panel, ...]:
    """Return the panels of a run."""
    problem = problem_of(spec)
    named = matrices(spec, symbols=sequences.has_symbols(spec))
    layers = {name: matrix.title for name, matrix in named.items()}
    moved = {name: title for name, title in layers.items() if not name.endswith(".W")}
    cells = gradients.map_panel(tuple(matrix.tensor for matrix in named.values()), tuple(layers.values()))
    return fill_rows(
        [
            sequences.type_panel(spec),
            sequences.example_panel(),
            *sequences.told_panels(spec, problem),
            sequences.states_panel(spec),
            sequences.unrolled_panel(spec),
            sequences.time_panel(spec),
            curves.loss_panel("sequences"),
            curves.score_panel(problem, "sequences"),
            *sequences.answer_panels(spec, problem),
            *([confusion.confusion_panel(problem, "sequences")] if problem.classes else []),
            *gradients.flow_panels(layers, cells, moved),
            curves.rate_panel(),
        ]
    )


LAB = Lab(
    name="sequences",
    title="Sequences",
    summary="A net reads letter by letter, or number by number: watch what it remembers, and how it learns that.",
    task="At which letter does the net know the language, and which gate opens there?",
    spec=SequencesSpec,
    experiment="engine.labs.sequences_experiment:SequencesExperiment",
    panels=panels,
    picture=CardPicture(
        "The hidden state of a net that reads a name, unit by unit, with the letters under it.",
        "engine.labs.sequences_picture:draw",
    ),
    presets=PRESETS,
    prepares=prepares,
    rehearsed=({"sequences": "sine"}, {"sequences": "copying", "cell": "gru"}),
)
