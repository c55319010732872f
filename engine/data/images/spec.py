"""Which images are learnt: the settings; light, so that a form can be made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.images.names import Alphabet
from engine.spec import Altered, Knob, Spec

Images = Literal["handwritten", "drawn_digits", "drawn_letters", "own"]
OWN: Images = "own"
Colour = Literal["grey", "colour"]
Classes = Literal["all", "first_half", "second_half"]
HALVES: tuple[Classes, ...] = ("first_half", "second_half")
DRAWN: dict[Images, Alphabet] = {"drawn_digits": "digits", "drawn_letters": "letters"}
_ALL: tuple[Altered, ...] = ("data", "weights")
_MADE = {"images": tuple(DRAWN)}
_OWN = {"images": (OWN,)}
MOST = 70_000
SIDE = 28
"""Pixels each way of the images that the app has, whatever they had: so nets for one kind fit the other."""


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
                OWN: "Images of yours, or MNIST and its like",
            },
            help="What there is to tell apart. Those that are drawn come from some twenty fonts, each another way.",
        ),
    ] = "handwritten"
    own_images: Annotated[str, Field(max_length=400), _knob("Your images", _ALL, hidden=True, when=_OWN)] = ""
    """The id of images that are kept here, see ``engine.data.images.own``; ``server:PLACE/relative/path``; or
    ``published:NAME``.
    """
    own_side: Annotated[
        int,
        Field(ge=8, le=64),
        _knob("Pixels each way", _ALL, when=_OWN, help="All are brought to this size; of one not square the middle."),
    ] = 28
    own_colour: Annotated[
        Colour,
        _knob(
            "Colour",
            _ALL,
            when=_OWN,
            labels={"grey": "Grey", "colour": "In colour"},
            help="Grey is quicker, and fits digits; photographs are told apart by their colours too.",
        ),
    ] = "grey"
    own_most: Annotated[
        int,
        Field(ge=20, le=MOST),
        _knob(
            "How many at most",
            log=True,
            when=_OWN,
            help="Of training and validation images together; which of them, the seed of the images decides.",
        ),
    ] = 5_000
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
        float,
        Field(ge=0.1, le=0.9),
        _knob(
            "Share for training", step=0.05, help="The rest is held out. Images with a test part of their own keep it."
        ),
    ] = 0.75
    train_images: Annotated[
        int,
        Field(ge=2, le=MOST),
        _knob(
            "Training images at most",
            log=True,
            help="So many are learnt from, each class in turn, however many there are; those held out stay the same.",
        ),
    ] = MOST
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        _knob("Seed of the images", help="What is drawn, which labels are wrong and which images are held out."),
    ] = 1
    classes: Annotated[
        Classes,
        Knob(
            "Classes learnt",
            "Half of the classes alone, such as the digits 0 to 4, or 5 to 9: what is learnt from one half may help "
            "with the other.",
            group="Transfer",
            labels={
                "all": "All classes",
                "first_half": "The first half of the classes",
                "second_half": "The second half of the classes",
            },
            alters=_ALL,
        ),
    ] = "all"

    @property
    def narrows(self) -> bool:
        """Tell whether half of the classes, or so many of the training images, may be left out."""
        return self.classes != "all" or self.train_images < MOST


def size_of(spec: ImagesSpec) -> tuple[int, int]:
    """Return the pixels each way and the channels of the images that a net takes."""
    if spec.images == OWN:
        return spec.own_side, 3 if spec.own_colour == "colour" else 1
    return SIDE, 1
