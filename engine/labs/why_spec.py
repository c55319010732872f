"""What can be asked about why a net for images answers as it does: settings, and the ways to ask; light, for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from engine.nets.images.plan import Plan, told_layers
from engine.nets.images.spec import ImageNetSpec
from engine.spec import Knob, Spec

Brightness = Literal["black", "mean", "white"]
BRIGHTNESS: Mapping[Brightness, str] = {"black": "black", "mean": "the mean pixel", "white": "white"}
TOLD, SECOND, LABEL = "told", "second", "label"
"""Classes that are not named: the one that the net tells, its runner-up, and the image's label."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to ask which pixels an answer comes from; of one that is ``signed`` numbers below 0 speak against it."""

    title: str
    signed: bool
    formula: str
    about: str
    paper: str


METHODS: Mapping[str, Method] = {
    "saliency": Method(
        "Saliency",
        False,
        r"\max_c \left|\frac{\partial z}{\partial x_c}\right|",
        "How much the sum of the class, z, would change with each pixel: the size of the gradient, the largest over "
        "the colours.",
        "Simonyan and others 2013, arXiv 1312.6034",
    ),
    "smooth": Method(
        "SmoothGrad",
        False,
        r"\max_c \left|\frac1n \sum_i \frac{\partial z}{\partial x_c}(x + \varepsilon_i)\right|",
        "The same of the mean gradient at many noisy copies of the picture: what merely flickers is averaged away.",
        "Smilkov and others 2017, arXiv 1706.03825",
    ),
    "integrated": Method(
        "Integrated gradients",
        True,
        r"\sum_c (x_c - b_c) \int_0^1 \frac{\partial z}{\partial x_c}(b + t(x - b))\,dt",
        "What each pixel has added to the sum of the class on the straight way from the baseline b to the picture. All "
        "pixels together add up to the whole difference.",
        "Sundararajan and others 2017, arXiv 1703.01365",
    ),
    "cam": Method(
        "Grad-CAM",
        False,
        r"\operatorname{ReLU}\left(\sum_k \overline{\frac{\partial z}{\partial A_k}}\, A_k\right)",
        "The maps A of a convolution, each with its mean gradient as its weight, added up; what speaks against the "
        "class is left out. It has as many cells as the maps.",
        "Selvaraju and others 2016, arXiv 1610.02391",
    ),
    "occlusion": Method(
        "Occlusion",
        True,
        r"z(x) - z(x\ \mathrm{with\ a\ square\ covered})",
        "By how much the sum of the class falls where a square covers the picture: for each pixel the mean of all "
        "squares that cover it. No gradient is needed.",
        "Zeiler and Fergus 2013, arXiv 1311.2901",
    ),
}


class PixelsSpec(Spec):
    """How the methods ask which pixels an answer comes from."""

    samples: Annotated[
        int, Field(ge=1, le=200), Knob("Noisy copies", group="SmoothGrad", log=True, help="Gradients in the mean.")
    ] = 50
    deviation: Annotated[
        float,
        Field(ge=0, le=0.5),
        Knob(
            "Noise",
            group="SmoothGrad",
            step=0.05,
            help="Its standard deviation, as a share of the way from the picture's darkest pixel to its brightest.",
        ),
    ] = 0.15
    baseline: Annotated[
        Brightness,
        Knob(
            "Baseline",
            group="Integrated gradients",
            labels=BRIGHTNESS,
            help="The picture that says nothing, at which the way begins.",
        ),
    ] = "black"
    steps: Annotated[
        int,
        Field(ge=1, le=200),
        Knob(
            "Steps on the way",
            group="Integrated gradients",
            log=True,
            help="Gradients in the integral, at the places of Gauss and Legendre. The more, the smaller the gap.",
        ),
    ] = 50
    side: Annotated[
        int, Field(ge=1, le=16), Knob("Side of the square", group="Occlusion", help="In pixels, each way.")
    ] = 5
    stride: Annotated[
        int, Field(ge=1, le=8), Knob("Stride", group="Occlusion", help="Pixels from one square to the next.")
    ] = 2
    filling: Annotated[
        Brightness, Knob("Covered with", group="Occlusion", labels=BRIGHTNESS, help="What the square is filled with.")
    ] = "black"
    layer: Annotated[
        str,
        Field(max_length=80),
        Knob("Layer", group="Grad-CAM", help="Whose maps are added up; the last convolution says most about a class."),
    ] = ""
    seed: Annotated[
        int, Field(ge=0, le=999), Knob("Seed", group="Chance", help="Of the noise, and of weights drawn anew.")
    ] = 0


class UnitSpec(Spec):
    """How images are looked for that excite a unit, and how one is made."""

    looked: Annotated[
        int,
        Field(ge=100, le=2_000),
        Knob("Training images", log=True, help="The first ones, at most so many, are passed through the net."),
    ] = 1_000
    steps: Annotated[int, Field(ge=1, le=500), Knob("Steps up", log=True, help="Of gradient ascent.")] = 100
    decay: Annotated[
        float,
        Field(ge=0, le=0.1),
        Knob("Decay", step=0.005, help="The share of its distance to the mean pixel that each pixel loses in a step."),
    ] = 0.02
    blur: Annotated[
        float,
        Field(ge=0, le=2),
        Knob("Blur", step=0.25, help="Deviation in pixels of a Gaussian that smooths the image every fourth step."),
    ] = 0.75
    jitter: Annotated[
        int, Field(ge=0, le=4), Knob("Jitter", help="The image is moved by at most so many pixels before each step.")
    ] = 1
    seed: Annotated[int, Field(ge=0, le=999), Knob("Seed", help="Of the noise that the ascent begins with.")] = 0


def units_of(spec: ImageNetSpec, shown: Plan) -> tuple[str, ...]:
    """Return the layers whose units can be asked about: those with weights, what is added up, and where norms stand
    between, the ReLUs behind them: what goes into these is asked about.

    Not those that only choose or join what others gave, nor a ReLU to which the layer before it gives all that it has.
    """
    pairs = zip(("", *shown.drawn), shown.drawn, strict=False)
    return tuple(layer for before, layer in pairs if _makes(layer, shown) or _behind_a_norm(spec, shown, before, layer))


def _makes(layer: str, shown: Plan) -> bool:
    return layer in shown.weighted or layer.endswith(".add")


def _behind_a_norm(spec: ImageNetSpec, shown: Plan, before: str, layer: str) -> bool:
    """Tell whether ``layer`` is a ReLU that is not given just what the layer drawn ``before`` it makes."""
    kind, _, name = layer.rpartition(".")
    if spec.net == "own" and kind == "layers":
        number, told = int(name), told_layers(spec.layers)
        return told[number] == "relu" and before.split(".")[:2] != ["layers", str(number - 1)]
    return name.startswith("relu") and not _makes(before, shown)
