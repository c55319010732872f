"""What a net has learnt before it learns half of the classes, and what of it holds still: the settings; light.

Yosinski, Clune, Bengio and Lipson 2014 (arXiv 1411.1792) cut a net behind its first n layers, learn what comes after
them anew, and let these n layers learn on or not.
"""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.images.spec import HALVES, ImagesSpec
from engine.nets.images.plan import plan
from engine.nets.images.spec import ImageNetSpec
from engine.spec import Knob

Frozen = Literal["none", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "body"]
_LABELS = {
    "none": "No layer held still",
    "1": "The first layer held still",
    **{str(number): f"The first {number} layers held still" for number in range(2, 15)},
    "body": "All layers but the last held still",
}
_OF_A_HALF = {"classes": HALVES}


class TransferSpec(ImageNetSpec, ImagesSpec):
    """The images, the net, and with what it begins where it learns half of the classes."""

    pretrain_epochs: Annotated[
        int,
        Field(ge=0, le=50),
        Knob(
            "Epochs on the other half before",
            "0: the net begins from scratch. Otherwise it has learnt the other classes before, all images of them for "
            "so many epochs, at the usual rate; all layers but the last are taken along.",
            group="Transfer",
            when=_OF_A_HALF,
            alters=("weights",),
        ),
    ] = 0
    frozen: Annotated[
        Frozen,
        Knob(
            "Hold still",
            "These layers get no update, and their norms keep their averages: what they see was decided before.",
            group="Transfer",
            when=_OF_A_HALF,
            labels=_LABELS,
            choices=lambda spec: fitting(spec),
        ),
    ] = "none"

    @property
    def transfers(self) -> bool:
        """Tell whether the net has learnt other classes before."""
        return self.classes != "all" and self.pretrain_epochs > 0


def body(spec: ImageNetSpec) -> tuple[str, ...]:
    """Return the names of all layers with weights but the last, in the order of their work."""
    return plan(spec).weighted[:-1]


def head(spec: ImageNetSpec) -> str:
    """Return the name of the last layer, which tells the classes."""
    return plan(spec).weighted[-1]


def held_still(spec: TransferSpec) -> tuple[str, ...]:
    """Return the names of the layers that hold still; of a net with fewer than are asked for, all but the last."""
    if spec.classes == "all" or spec.frozen == "none":
        return ()
    return body(spec) if spec.frozen == "body" else body(spec)[: int(spec.frozen)]


def fitting(spec: ImageNetSpec) -> tuple[str, ...]:
    """Return what ``frozen`` may be for a net; all of its layers but the last have a name of their own."""
    return ("none", *map(str, range(1, len(body(spec)))), *(["body"] if body(spec) else []))
