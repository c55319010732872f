"""Which images are learnt: the settings; light, so that a form can be made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.images.names import Alphabet
from engine.spec import Altered, Knob, Spec

Images = Literal["handwritten", "drawn_digits", "drawn_letters"]
DRAWN: dict[Images, Alphabet] = {"drawn_digits": "digits", "drawn_letters": "letters"}
_ALL: tuple[Altered, ...] = ("data", "weights")
_MADE = {"images": tuple(DRAWN)}


def _knob(label: str, alters: tuple[Altered, ...] = ("data",), **rest: object) -> Knob:
    return Knob(label, group="Images", alters=alters, **rest)  # type: ignore[arg-type]


class ImagesSpec(Spec):
    """Which images are learnt, and which of them are held out."""

    images: Annotated[
        Images,
        _knob(
            "Images",
            _ALL,
            labels={
                "handwritten": "Handwritten digits (1,797)",
                "drawn_digits": "Digits, drawn by the app",
                "drawn_letters": "Letters, drawn by the app",
            },
            help="What there is to tell apart. Those that are drawn come from some twenty fonts, each another way.",
        ),
    ] = "handwritten"
    samples: Annotated[
        int,
        Field(ge=100, le=20_000),
        _knob("How many", log=True, when=_MADE, help="Training and validation together: as many as you like."),
    ] = 2_000
    glyph_rotation: Annotated[
        int, Field(ge=0, le=45), _knob("Turned by", when=_MADE, help="Each by up to so many degrees, to either side.")
    ] = 12
    glyph_shift: Annotated[
        int, Field(ge=0, le=6), _knob("Moved by", when=_MADE, help="Each by up to so many pixels, each way.")
    ] = 2
    glyph_noise: Annotated[
        float,
        Field(ge=0, le=0.5),
        _knob("Noise", step=0.01, when=_MADE, help="The standard deviation of each pixel; 1 is from black to white."),
    ] = 0.05
    wrong_labels: Annotated[
        float,
        Field(ge=0, le=1),
        _knob("Wrong labels", step=0.01, help="The share of the training images whose labels are dealt out at random."),
    ] = 0.0
    train_share: Annotated[
        float, Field(ge=0.1, le=0.9), _knob("Share for training", step=0.05, help="The rest is held out.")
    ] = 0.75
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        _knob("Seed of the images", help="What is drawn, which labels are wrong and which images are held out."),
    ] = 1
