"""The settings of a multilayer perceptron; light, so that a form can be made of them without torch."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Activation = Literal["relu", "leaky_relu", "tanh", "sigmoid", "elu", "gelu", "silu", "softplus", "linear"]
MOST_LAYERS = 6
OUTPUT = "output"
WIDE = "wide"
Frozen = Literal["1", "2", "3", "4", "5", "6", "output", "wide"]


class MLPSpec(Spec):
    """How a multilayer perceptron is built."""

    units: Annotated[
        tuple[Annotated[int, Field(ge=1, le=16)], ...],
        Field(max_length=MOST_LAYERS),
        Knob(
            "Hidden layers",
            group="Net",
            alters=("weights",),
            help="Units of each hidden layer, from the inputs on; none for a linear net.",
        ),
    ] = (8, 8, 8)
    frozen: Annotated[
        tuple[Frozen, ...],
        Field(min_length=0, max_length=MOST_LAYERS + 2),
        Knob(
            "Hold still",
            group="Net",
            live=True,
            labels={
                **{str(number): f"layer {number}" for number in range(1, MOST_LAYERS + 1)},
                OUTPUT: "output layer",
                WIDE: "wide part",
            },
            choices=lambda spec: spec.freezable,
            help="The weights of these layers do not move; their gradients are still shown. May change while it runs.",
        ),
    ] = ()
    wide: Annotated[
        bool,
        Knob(
            "Wide part",
            group="Net",
            alters=("tensors",),
            help=(
                "The inputs also go straight to the outputs, by weights of their own that begin at zero. Without "
                "hidden layers that is all that a net does."
            ),
        ),
    ] = False
    activation: Annotated[
        Activation,
        Knob(
            "Activation",
            group="Net",
            labels={
                "relu": "ReLU",
                "leaky_relu": "Leaky ReLU",
                "tanh": "Tanh",
                "sigmoid": "Sigmoid",
                "elu": "ELU",
                "gelu": "GELU",
                "silu": "SiLU (swish)",
                "softplus": "Softplus",
                "linear": "None (linear)",
            },
            help="The bend after each weighted sum; without one, layers collapse into a single linear one.",
        ),
    ] = "tanh"
    initialisation: Annotated[
        Literal["zeros", "normal", "xavier", "he", "orthogonal"],
        Knob(
            "Initial weights",
            group="Net",
            alters=("weights",),
            labels={
                "zeros": "Zeros",
                "normal": "Normal",
                "xavier": "Xavier (Glorot)",
                "he": "He (Kaiming)",
                "orthogonal": "Orthogonal",
            },
            help="All units start equal with zeros, and stay equal: nothing tells them apart.",
        ),
    ] = "xavier"
    initial_sd: Annotated[
        float,
        Field(ge=0, le=5),
        Knob(
            "Their standard deviation",
            group="Net",
            step=0.01,
            alters=("weights",),
            when={"initialisation": ("normal",)},
        ),
    ] = 0.1
    normalisation: Annotated[
        Literal["none", "batch", "layer"],
        Knob(
            "Normalisation",
            group="Net",
            alters=("tensors",),
            labels={"none": "None", "batch": "Batch norm", "layer": "Layer norm"},
            help="Brings the sums of each layer to mean 0 and deviation 1: over the batch, or over the layer's units.",
        ),
    ] = "none"
    dropout: Annotated[
        float,
        Field(ge=0, le=0.9),
        Knob(
            "Dropout",
            group="Net",
            step=0.05,
            help="The share of units that is silenced at random in each training step.",
        ),
    ] = 0.0

    @property
    def has_wide(self) -> bool:
        """Tell whether there is a wide part beside hidden layers; a net without them is one by itself."""
        return self.wide and bool(self.units)

    @property
    def freezable(self) -> tuple[str, ...]:
        """Return what can be held still, by the names that ``frozen`` takes."""
        return (*map(str, range(1, len(self.units) + 1)), OUTPUT, *([WIDE] if self.has_wide else []))
