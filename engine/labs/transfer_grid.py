"""What a net gains from having learnt other classes before, by how few examples it then has: three ways to begin,
several seeds. Light: no torch.

After Yosinski, Clune, Bengio and Lipson 2014 (arXiv 1411.1792), who ask of each layer how far it serves another task.
"""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.labs.sweep import Place, Sweep
from engine.spec import Knob, Spec, settings_by_name
from engine.training.transfer_spec import TransferSpec

Way = Literal["frozen", "free", "scratch"]
WAYS: Mapping[Way, str] = {
    "frozen": "Learnt before, held still",
    "free": "Learnt before, free",
    "scratch": "From scratch",
}
ALL = "all"
STEPS = 100
"""A net learns for as many whole epochs as make at least so many steps, however few examples it has."""
PRETRAIN_EPOCHS = 5
Finding = Mapping[str, Any]


class TransferGridSpec(Spec):
    """Which nets are trained."""

    images: Annotated[
        Literal["drawn_digits", "drawn_letters", "handwritten"],
        Knob(
            "Images",
            "The first half of the classes is learnt before, the second half then.",
            labels=settings_by_name(TransferSpec)["images"].knob.labels,
        ),
    ] = "drawn_digits"
    net: Annotated[
        Literal["lenet", "dense", "vgg"],
        Knob(
            "Net",
            "The small VGG takes several times as long.",
            labels={"lenet": "LeNet-5", "dense": "Dense, two hidden layers", "vgg": "Small VGG"},
        ),
    ] = "lenet"
    frozen: Annotated[
        Literal["1", "2", "3", "body"],
        Knob(
            "Held still",
            "In one of the three ways. The two layers of LeNet-5 that convolve are its first two.",
            labels={
                "1": "The first layer",
                "2": "The first two layers",
                "3": "The first three layers",
                "body": "All layers but the last",
            },
        ),
    ] = "2"
    sizes: Annotated[
        tuple[Literal["10", "20", "50", "100", "200", "all"], ...],
        Field(min_length=1, max_length=6),
        Knob("Examples of the second half", "So many images are learnt from, each class in turn.", labels={ALL: "all"}),
    ] = ("10", "20", "50", "100", "200", "all")
    seeds: Annotated[
        int,
        Field(ge=1, le=20),
        Knob("Seeds", "For each another draw of examples and of images held out, and other initial weights."),
    ] = 5


def places(spec: TransferGridSpec) -> tuple[Place, ...]:
    """Return seed and number of examples, 0 for all of them: seed by seed, so that all sizes are seen soon."""
    sizes = [0 if size == ALL else int(size) for size in sizes_of(spec)]
    return tuple((seed, size) for seed in seeds_of(spec) for size in sizes)


def sizes_of(spec: TransferGridSpec) -> tuple[str, ...]:
    """Return the numbers of examples as they are written, the fewest first."""
    return tuple(sorted(set(spec.sizes), key=lambda size: (size == ALL, len(size), size)))


def seeds_of(spec: TransferGridSpec) -> range:
    """Return the seeds of each number of examples."""
    return range(1, spec.seeds + 1)


def settings_of(spec: TransferGridSpec, place: Place, way: Way, epochs: int) -> dict[str, Any]:
    """Return the settings of the vision lab with which a net of a place is trained for so many epochs."""
    seed, size = place
    few = {"train_images": size} if size else {}
    learnt = {} if way == "scratch" else {"pretrain_epochs": PRETRAIN_EPOCHS}
    still = {"frozen": spec.frozen} if way == "frozen" else {}
    return {
        "images": spec.images,
        "net": spec.net,
        "classes": "second_half",
        "seed": seed,
        "data_seed": seed,
        "max_epochs": epochs,
        **few,
        **learnt,
        **still,
    }


def epochs_for(examples: int, batch_size: int) -> int:
    """Return how many epochs make at least ``STEPS`` steps; a single one left over joins the batch before it."""
    steps = max(1, examples // batch_size + (examples % batch_size > 1))
    return -(-STEPS // steps)


def by_size(spec: TransferGridSpec, findings: Sequence[Finding]) -> dict[str, list[tuple[Place, Finding]]]:
    """Return the findings until now, with their places, by the number of examples as it is written."""
    found: dict[str, list[tuple[Place, Finding]]] = {size: [] for size in sizes_of(spec)}
    for place, finding in zip(places(spec), findings, strict=False):
        found[str(place[1]) if place[1] else ALL].append((place, finding))
    return found


def typical(some: Sequence[tuple[Place, Finding]], way: Way) -> tuple[Place, Finding]:
    """Return the place, and its finding, whose score is nearest to the mean; the first of several."""
    middle = mean(finding["scores"][way] for _, finding in some)
    return min(some, key=lambda one: abs(one[1]["scores"][way] - middle))


def gain(some: Sequence[tuple[Place, Finding]], way: Way) -> tuple[float, int]:
    """Return by how much a way tells more right than one from scratch, on average over the seeds, and in how many of
    them it does.
    """
    more = [finding["scores"][way] - finding["scores"]["scratch"] for _, finding in some]
    return mean(more), sum(one > 0 for one in more)


TRANSFER = Sweep("transfer", TransferGridSpec, places, "engine.labs.transfer_grid_training:train")
