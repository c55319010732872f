"""How images are changed before a net sees them; light, so that a form can be made of it without torch."""

from typing import Annotated

from pydantic import Field

from engine.spec import Knob, Spec


class AugmentationSpec(Spec):
    """By how much each image is changed, anew whenever it is learnt from; what is held out stays as it is."""

    flip: Annotated[
        bool,
        Knob("Flip", group="Augmentation", help="Half of the images are mirrored, left for right. Digits then lie."),
    ] = False
    rotate: Annotated[
        int,
        Field(ge=0, le=45),
        Knob("Rotate", group="Augmentation", help="Turned by up to so many degrees, to either side."),
    ] = 0
    shift: Annotated[
        float,
        Field(ge=0, le=0.3),
        Knob("Shift", group="Augmentation", step=0.01, help="Moved by up to such a share of its side, each way."),
    ] = 0.0
    crop: Annotated[
        float,
        Field(ge=0, le=0.5),
        Knob("Crop", group="Augmentation", step=0.05, help="Up to such a share of each side is cut off."),
    ] = 0.0
    colour: Annotated[
        float,
        Field(ge=0, le=0.8),
        Knob(
            "Colour",
            group="Augmentation",
            step=0.05,
            help="Brightness, contrast and colours change by such a share.",
        ),
    ] = 0.0
    erase: Annotated[
        float,
        Field(ge=0, le=0.5),
        Knob("Erase", group="Augmentation", step=0.05, help="A rectangle of up to such a share of the image is noise."),
    ] = 0.0

    @property
    def augments(self) -> bool:
        """Tell whether anything is changed at all."""
        return bool(self.moves or self.colour or self.erase)

    @property
    def moves(self) -> bool:
        """Tell whether any pixel is taken from another place."""
        return bool(self.flip or self.rotate or self.shift or self.crop)
