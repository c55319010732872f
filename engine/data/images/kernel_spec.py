"""All that one can ask of a kernel that slides, with its bounds: what the address says, and what the widgets show."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, field_validator

from engine.data.images.kernels import BY_HAND, Named, Side, Whole
from engine.data.images.sliding import Sliding
from engine.spec import Knob, Spec

Picture = Literal["drawn_letters", "drawn_digits", "handwritten", "own"]
Kernel = Literal[
    "identity",
    "sobel_across",
    "sobel_down",
    "scharr_across",
    "scharr_down",
    "box",
    "gaussian",
    "sharpen",
    "laplacian",
    "emboss",
    "own",
]
Activation = Literal["none", "relu"]
Pool = Literal["none", "largest", "mean"]
Steps = Literal["1", "2", "3"]
MOST_WEIGHT = 1_000.0
POOL = 2
"""Pixels each way of what is pooled."""
NUMBERS = 1_797
"""So many pictures there are of each kind: as many as scikit-learn has digits."""
MOST_PLACES = 90
SAME = "same"
_STEPS = {step: step for step in ("1", "2", "3")}


def _sizes(spec: "KernelSpec") -> tuple[str, ...]:
    return ("3", "5") if spec.kernel == "own" else tuple(map(str, BY_HAND[spec.kernel].sizes))


class KernelSpec(Spec):
    """A picture, a kernel, how it slides over it, what is made of its sums, and the place that is written out."""

    picture: Annotated[
        Picture,
        Knob(
            "Picture",
            labels={
                "drawn_letters": "A letter, drawn (28 × 28)",
                "drawn_digits": "A digit, drawn (28 × 28)",
                "handwritten": "A handwritten digit (8 × 8)",
                "own": "A picture of yours",
            },
        ),
    ] = "drawn_letters"
    number: Annotated[
        int,
        Field(ge=1, le=NUMBERS),
        Knob("Which one", help="1,797 of each kind. A number always brings the same picture."),
    ] = 1
    own: Annotated[str, Field(max_length=64), Knob("Picture of yours", hidden=True)] = ""
    kernel: Annotated[
        Kernel, Knob("Kernel", labels={name: one.title for name, one in BY_HAND.items()} | {"own": "My own numbers"})
    ] = "sobel_across"
    size: Annotated[Literal["3", "5"], Knob("Size", labels={"3": "3 × 3", "5": "5 × 5"}, choices=_sizes)] = "3"
    weights: Annotated[str, Field(max_length=400), Knob("Numbers of the kernel", hidden=True)] = ""
    turned: Annotated[
        bool,
        Knob(
            "Turn the kernel over",
            help="Nets lay the kernel on the picture as it is, which books call cross-correlation. A convolution in "
            "the books turns it by half a turn first. A net that learns its kernel would just learn it turned over.",
        ),
    ] = False
    stride: Annotated[
        Steps, Knob("Stride", help="So many pixels the kernel goes on from one place to the next.", labels=_STEPS)
    ] = "1"
    padding: Annotated[
        Literal["0", "1", "2", "same"],
        Knob(
            "Padding",
            help="A frame of zeros, so many pixels wide. Same: just so wide that with a stride of 1 the output is as "
            "large as the picture.",
            labels={"0": "0", "1": "1", "2": "2", "same": "Same"},
        ),
    ] = "0"
    dilation: Annotated[
        Steps,
        Knob(
            "Dilation",
            help="The numbers of the kernel lie so many pixels apart: it reaches further, with no more of them.",
            labels=_STEPS,
        ),
    ] = "1"
    bias: Annotated[
        int, Field(ge=-500, le=500), Knob("Bias", step=10, help="One number that is added to each sum.")
    ] = 0
    activation: Annotated[
        Activation,
        Knob("Activation", labels={"none": "None", "relu": "ReLU"}, help="ReLU makes zero of all that is below it."),
    ] = "none"
    pool: Annotated[
        Pool,
        Knob(
            "Pooling",
            labels={"none": "None", "largest": "Max 2 × 2", "mean": "Mean 2 × 2"},
            help="Of each 2 × 2 numbers side by side one is made: the largest, or their mean.",
        ),
    ] = "none"
    row: Annotated[int, Field(ge=0, le=MOST_PLACES), Knob("Row")] = 0
    column: Annotated[int, Field(ge=0, le=MOST_PLACES), Knob("Column")] = 0

    @field_validator("weights")
    @classmethod
    def _numbers(cls, text: str) -> str:
        if text:
            read_weights(text)
        return text

    @property
    def side(self) -> Side:
        """Return how many numbers the kernel has each way: of one that is not known in a size, the size that it has."""
        return 5 if self.size == "5" and "5" in _sizes(self) else 3

    def kernel_as_laid(self) -> np.ndarray:
        """Return the weights (k, k) as they are laid on the picture: turned over where that is asked for."""
        weights = self.kernel_as_written()
        return weights[::-1, ::-1] if self.turned else weights

    def kernel_as_written(self) -> np.ndarray:
        """Return the weights (k, k) as they are written."""
        known = self.whole()
        if known is not None:
            return known.weights
        return fitted(read_weights(self.weights), self.side) if self.weights else first_of_own(self.side)

    def whole(self) -> Whole | None:
        """Return the kernel in whole numbers; None for one of somebody's own."""
        return None if self.kernel == "own" else BY_HAND[self.kernel].sizes[self.side]

    def sliding(self) -> Sliding:
        """Return how the kernel slides."""
        dilation = int(self.dilation)
        around = dilation * (self.side - 1) // 2 if self.padding == SAME else int(self.padding)
        return Sliding(int(self.stride), around, dilation)


def read_weights(text: str) -> np.ndarray:
    """Return a kernel (3, 3) or (5, 5) of numbers with commas between them; raises ValueError for anything else."""
    try:
        found = np.array([float(part) for part in text.split(",")])
    except ValueError:
        raise ValueError("expected 9 or 25 numbers with commas between them") from None
    if len(found) not in (9, 25) or not (np.abs(found) <= MOST_WEIGHT).all():
        raise ValueError(f"expected 9 or 25 numbers from {-MOST_WEIGHT:g} to {MOST_WEIGHT:g} with commas between them")
    side = 3 if len(found) == 9 else 5
    return found.reshape(side, side)


def write_weights(weights: np.ndarray) -> str:
    """Return a kernel as text; ``read_weights`` undoes it."""
    return ",".join(f"{weight:.6g}" for weight in weights.ravel().tolist())


def fitted(weights: np.ndarray, side: Side) -> np.ndarray:
    """Return a kernel in another size: zeros around it, or its middle alone."""
    if len(weights) == side:
        return weights
    return np.pad(weights, 1) if len(weights) < side else weights[1:-1, 1:-1]


def first_of_own(side: Side) -> np.ndarray:
    """Return what a kernel of one's own begins with."""
    return BY_HAND["identity"].sizes[side].weights


def named(kernel: Kernel) -> Named | None:
    """Return which of those made by hand it is; None for one of somebody's own."""
    return None if kernel == "own" else kernel
