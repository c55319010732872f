"""The confusion matrix, with precision, recall and F1 of each class beside it."""

from engine.data.catalogue import Problem
from engine.figures.panel import TablePanel

ROOMY = 4
"""From so many classes on the table takes a row of its own; in half of one its last columns would be cut off."""
ROW_HEIGHT = 32
"""Pixels of a row of the table: all of ten classes are in sight, of many one scrolls."""


def confusion_panel(problem: Problem, examples: str = "points") -> TablePanel:
    """Return the panel of the validation ``examples``, counted by true class (rows) and by the class told (columns)."""
    return TablePanel(
        id="confusion",
        title=f"Confusion on validation {examples}",
        width=6 if len(problem.classes) < ROOMY else 12,
        height=max(240, min(ROW_HEIGHT * (len(problem.classes) + 2), 480)),
        help=(
            "Rows: the true class; columns: the class predicted. Precision: how many of those predicted so are so; "
            "recall: how many of those that are so are predicted so; F1 is their harmonic mean."
        ),
        alt=f"Table of true against predicted classes on the validation {examples}, with precision, recall and F1.",
        arrays=("confusion.validation", "confusion.scores"),
        rows=problem.classes,
        corner="true ↓ predicted →",
        columns=(*problem.classes, "precision", "recall", "F1"),
    )
