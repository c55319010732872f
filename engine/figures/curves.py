"""Curves over steps: loss, score."""

from engine.data.catalogue import Problem
from engine.figures.panel import Bind, PlotPanel
from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR, curve, figure_over_steps


def loss_panel(examples: str = "points") -> PlotPanel:
    """Return the panel of the losses on training and validation ``examples``, with that of the batches behind them."""
    batches = curve("batches", "#999999", opacity=0.55, line={"width": 1})
    return PlotPanel(
        id="loss",
        title="Loss",
        width=6,
        height=260,
        help=f"How wrong the net is, on training and on validation {examples}; grey is what the steps saw of it.",
        alt="Curves of the training and the validation loss over steps.",
        figure=figure_over_steps([batches, *halves()], ""),
        bindings=(
            Bind(0, "y", "batch_loss", "series"),
            Bind(1, "y", "loss", "series"),
            Bind(2, "y", "val_loss", "series"),
        ),
        smoothing=True,
        log=True,
        spread=("loss", "val_loss"),
    )


def score_panel(problem: Problem, examples: str = "points") -> PlotPanel:
    """Return the panel of the score: accuracy, or R² where a number is told."""
    regression = problem.kind == "regression"
    help_ = (
        "R²: the share of the variance that the net explains; 0 is no better than always telling the mean."
        if regression
        else f"The share of {examples} that are told right."
    )
    # An untrained net may tell far worse than the mean: the axis stays where a trained one moves.
    return PlotPanel(
        id="score",
        title="R²" if regression else "Accuracy",
        width=6,
        height=260,
        help=help_,
        alt="Curves of the training and the validation score over steps.",
        figure=figure_over_steps(halves(), "", yaxis={"range": [-0.5 if regression else 0, 1.03]}),
        bindings=(Bind(0, "y", "score", "series"), Bind(1, "y", "val_score", "series")),
        smoothing=True,
        spread=("score", "val_score"),
    )


def rate_panel() -> PlotPanel:
    """Return the panel of the learning rate over steps."""
    return PlotPanel(
        id="rate",
        title="Learning rate",
        width=6,
        height=240,
        help="The learning rate of each step: the setting, times the schedule, times the warm-up.",
        alt="Curve of the learning rate over steps.",
        figure=figure_over_steps([curve("learning rate", TRAIN_COLOUR)], "", yaxis={"rangemode": "tozero"}),
        bindings=(Bind(0, "y", "learning_rate", "series"),),
        log=True,
    )


def halves() -> list[dict]:
    """Return two empty lines: of what is learnt, and of what is held out."""
    return [curve("training", TRAIN_COLOUR), curve("validation", VALIDATION_COLOUR, line={"dash": "dot"})]
