"""The settings of a net that reads sequences; light, so that a form can be made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

CellName = Literal["rnn_tanh", "rnn_relu", "gru", "lstm", "peephole_lstm"]
Beginning = Literal["uniform", "orthogonal", "identity"]
LSTMS: tuple[CellName, ...] = ("lstm", "peephole_lstm")
GATES: dict[CellName, tuple[str, ...]] = {
    "rnn_tanh": ("update",),
    "rnn_relu": ("update",),
    "gru": ("reset", "update", "candidate"),
    "lstm": ("input", "forget", "candidate", "output"),
    "peephole_lstm": ("input", "forget", "candidate", "output"),
}
"""The gates of a cell, each of which has weights of its own."""
SHOWN: dict[CellName, tuple[str, ...]] = {
    "rnn_tanh": ("hidden",),
    "rnn_relu": ("hidden",),
    "gru": ("hidden", "reset", "update", "candidate"),
    "lstm": ("hidden", "cell", "input", "forget", "candidate", "output"),
    "peephole_lstm": ("hidden", "cell", "input", "forget", "candidate", "output"),
}
"""What a cell computes at each step, one number for each unit."""


class RecurrentSpec(Spec):
    """A recurrent net: its cells, how many of them, and their first weights."""

    cell: Annotated[
        CellName,
        Knob(
            "Cell",
            group="Net",
            alters=("tensors",),
            labels={
                "rnn_tanh": "Plain (tanh)",
                "rnn_relu": "Plain (ReLU)",
                "gru": "GRU",
                "lstm": "LSTM",
                "peephole_lstm": "LSTM with peepholes",
            },
            help="What is done at each step with what is read and with what is remembered.",
        ),
    ] = "lstm"
    units: Annotated[
        int,
        Field(ge=1, le=64),
        Knob("Units", group="Net", alters=("weights",), help="How many numbers the state of a layer has."),
    ] = 24
    layers: Annotated[
        int,
        Field(ge=1, le=3),
        Knob("Layers", group="Net", alters=("tensors",), help="Each reads what the one below it says at each step."),
    ] = 1
    bidirectional: Annotated[
        bool,
        Knob(
            "From both ends",
            group="Net",
            alters=("weights",),
            help="A second cell in each layer reads from the end to the beginning. Not where the future is asked for.",
        ),
    ] = False
    norm: Annotated[
        bool,
        Knob("Layer norm", group="Net", advanced=True, alters=("tensors",), help="In each gate, before it is bent."),
    ] = False
    beginning: Annotated[
        Beginning,
        Knob(
            "First weights between states",
            group="Net",
            alters=("weights",),
            labels={"uniform": "Small numbers", "orthogonal": "A rotation", "identity": "The identity"},
            help="A rotation makes a state neither longer nor shorter; the identity leaves it as it is.",
        ),
    ] = "orthogonal"
    forget_bias: Annotated[
        float,
        Field(ge=-5, le=5),
        Knob(
            "Bias of the forget gate",
            group="Net",
            step=0.5,
            advanced=True,
            when={"cell": LSTMS},
            alters=("weights",),
            help="At first. With 1 an LSTM begins by remembering.",
        ),
    ] = 1.0
    embedding: Annotated[
        int,
        Field(ge=1, le=32),
        Knob(
            "Numbers for a symbol",
            group="Net",
            advanced=True,
            alters=("weights",),
            help="Letters and words are looked up in a table that is learnt too: so many numbers for each.",
        ),
    ] = 12
    dropout: Annotated[
        float,
        Field(ge=0, le=0.9),
        Knob(
            "Dropout between layers",
            group="Net",
            step=0.05,
            advanced=True,
            help="The share of what a layer hands up that is left out in each step of training; with one layer none.",
        ),
    ] = 0.0
    truncated: Annotated[
        int,
        Field(ge=0, le=150),
        Knob(
            "Back through steps at most",
            group="Training",
            help="Truncated back-propagation: the gradient goes back so many steps in a piece; 0: to the beginning.",
        ),
    ] = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the names of all cells, from the lowest layer up: ``0.ahead``."""
        ways = ("ahead", "back") if self.bidirectional else ("ahead",)
        return tuple(f"{layer}.{way}" for layer in range(self.layers) for way in ways)


def cell_title(cell: str) -> str:
    """Return what a cell is called: ``layer 1``, or ``layer 1, back``."""
    layer, _, way = cell.partition(".")
    return f"layer {int(layer) + 1}" + (", back" if way == "back" else "")


def gate_title(gate: str) -> str:
    """Return what something is called that a cell computes: ``input gate``."""
    names = {"hidden": "hidden state", "cell": "cell", "candidate": "candidate"}
    return names.get(gate, f"{gate} gate")
