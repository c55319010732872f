"""What to try with a kernel that slides: settings, and a question that one answers by looking."""

from dataclasses import dataclass

from engine.data.images.kernel_spec import KernelSpec


@dataclass(frozen=True, slots=True)
class Example:
    """The words on its button, its settings, and what is asked of whoever sees them."""

    title: str
    spec: KernelSpec
    question: str


EXAMPLES = (
    Example(
        "Edges, one way only",
        KernelSpec(kernel="sobel_down"),
        "Which strokes are gone, and why is each of the others orange at one rim and blue at the other? Now choose "
        "Sobel, across.",
    ),
    Example(
        "What a layer keeps",
        KernelSpec(kernel="sobel_across", padding="same", bias=-300, activation="relu", pool="largest"),
        "Sum, bias, ReLU, pooling: this is what one unit of a convolutional layer does. What does the bias of −300 "
        "sort out? Set it to 0 and look again.",
    ),
    Example(
        "Far sight with nine numbers",
        KernelSpec(kernel="box", padding="same", dilation="3"),
        "The nine numbers reach over 7 × 7 pixels now. A kernel of that size would need 49. What does the output lose "
        "that a dilation of 1 keeps?",
    ),
    Example(
        "Turned over",
        KernelSpec(kernel="sobel_across", turned=True),
        "Orange and blue have changed places. Which kernels stay the same when they are turned by half a turn, so that "
        "nothing changes?",
    ),
)


def example_of(spec: KernelSpec) -> Example | None:
    """Return the example whose settings these are, whichever picture it is and whichever place is written out."""
    free = {name: getattr(spec, name) for name in ("picture", "number", "own", "row", "column", "weights")}
    return next((one for one in EXAMPLES if one.spec.replace(**free) == spec), None)
