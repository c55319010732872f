"""The panels that a model trained by others has besides those of any transformer: the sentence, and what is told."""

from typing import Literal

from engine.figures.language import FATES
from engine.figures.panel import ChoicePanel, TypePanel, WordsPanel


def type_panel(most: int) -> TypePanel:
    """Return the field in which a person types a sentence."""
    return TypePanel(
        id="type",
        title="Your sentence",
        width=12,
        height=110,
        help="Type a sentence: all panels below are of it, symbol by symbol. Empty: the sentence of the settings.",
        alt="A field for a sentence.",
        words="next",
        most=most,
        placeholder="Type a sentence, and see what the model makes of it",
    )


def model_panel() -> WordsPanel:
    """Return the panel that says which model it is, and what is read."""
    return WordsPanel(
        id="model",
        title="The model",
        width=6,
        height=300,
        help="How large the model is, how the sentence is cut into symbols, and what changes without the head that is "
        "knocked out.",
        alt="The size of the model, and the symbols of the sentence.",
        keys=("model", "cut", "beyond", "knocked"),
    )


def choice_panel(kind: Literal["gpt2", "bert"]) -> ChoicePanel:
    """Return the panel of the distribution of the next symbol, or of that behind a mask."""
    where = "behind the chosen place" if kind == "gpt2" else "at the mask, or else at the chosen place"
    return ChoicePanel(
        id="choice",
        title="The next symbol" if kind == "gpt2" else "The masked symbol",
        width=6,
        height=300,
        help=f"The twenty symbols that the model finds likeliest {where}. Grey: its own probability. Blue: the one "
        "with which each is drawn, when temperature, top k and nucleus are done with it.",
        alt="Bars of the probabilities of symbols, before and after the strategy.",
        told="choice.told",
        drawn="choice.drawn",
        fate="choice.fate",
        chosen="choice.chosen",
        fates=FATES,
        symbols="choices",
        about="choice",
    )
