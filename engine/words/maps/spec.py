"""How a map of words is asked for: the settings, which maps are the same, and the order of the work; light."""

import hashlib
import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from engine.jobs import Order
from engine.spec import MAX_VALUE_CHARS, Knob, Misfit, Spec, knobs

MOST_WORDS = 100_000
LAST_RANK = 100_000_000
WORK = "engine.words.maps."
FORM = 2
"""Goes up whenever maps of the same settings come out differently, so that those kept before are not shown any more."""
_WORDS, _LAYOUT, _CLUSTERS = "Which words", "Layout", "Clusters"
_BY_NEIGHBOURS = ("umap", "tsne")


class MapSpec(Spec):
    """Which words are laid out on a map, how, and into which clusters they are put."""

    of: Annotated[
        Literal["top", "neighbourhood", "filter", "selection"],
        Knob(
            "Words",
            group=_WORDS,
            labels={
                "top": "The first ones of the file",
                "neighbourhood": "Around one word",
                "filter": "Those that look alike",
                "selection": "Words that you name",
            },
            help="Most files list their words by frequency, the most frequent first.",
        ),
    ] = "top"
    top: Annotated[
        int,
        Field(ge=100, le=MOST_WORDS),
        Knob(
            "How many",
            group=_WORDS,
            log=True,
            when={"of": ("top", "filter")},
            help=(
                "The first so many words of the file, or of those that pass the filter. A map of 2,000 takes seconds, "
                "one of 100,000 minutes."
            ),
        ),
    ] = 2_000
    around: Annotated[
        str,
        Field(max_length=200),
        Knob("Around", group=_WORDS, when={"of": ("neighbourhood",)}, help="The word whose neighbours are laid out."),
    ] = ""
    around_count: Annotated[
        int,
        Field(ge=5, le=10_000),
        Knob(
            "How many around it",
            group=_WORDS,
            log=True,
            when={"of": ("neighbourhood",)},
            help="So many of its nearest words, by the cosine in all dimensions, beside the word itself.",
        ),
    ] = 200
    pattern: Annotated[
        str,
        Field(max_length=200),
        Knob(
            "Pattern",
            group=_WORDS,
            when={"of": ("filter",)},
            help=(
                "A star stands for any letters: un* begins with un, *ing ends in ing, *port* has port in it. Without a "
                "star it is looked for anywhere. Capitals do not matter. Empty: all words."
            ),
        ),
    ] = ""
    first_rank: Annotated[
        int,
        Field(ge=1, le=LAST_RANK),
        Knob(
            "From rank",
            group=_WORDS,
            when={"of": ("filter",)},
            help="Rank 1 is the first word of the file, in most files the most frequent one.",
        ),
    ] = 1
    last_rank: Annotated[
        int,
        Field(ge=1, le=LAST_RANK),
        Knob("To rank", group=_WORDS, when={"of": ("filter",)}, help="Words behind this one are left out."),
    ] = LAST_RANK
    selection: Annotated[
        str,
        Field(max_length=MAX_VALUE_CHARS),
        Knob(
            "These words",
            group=_WORDS,
            when={"of": ("selection",)},
            help='With blanks or commas between them; a word with blanks in it stands in double quotes: "New York".',
        ),
    ] = ""
    method: Annotated[
        Literal["umap", "tsne", "pca"],
        Knob(
            "Method",
            group=_LAYOUT,
            labels={"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"},
            help=(
                "UMAP and t-SNE keep neighbours together and let distances between groups go; PCA turns the space so "
                "that one sees it from its widest side, and changes nothing else."
            ),
        ),
    ] = "umap"
    dimensions: Annotated[int, Field(ge=2, le=3), Knob("Dimensions of the map", group=_LAYOUT)] = 2
    metric: Annotated[
        Literal["cosine", "euclidean"],
        Knob(
            "Near means",
            group=_LAYOUT,
            labels={"cosine": "In the same direction (cosine)", "euclidean": "At a small distance (Euclidean)"},
            help="How far two words are apart in the space: the angle between their vectors, or a straight line.",
        ),
    ] = "cosine"
    neighbours: Annotated[
        int,
        Field(ge=2, le=200),
        Knob(
            "Neighbours",
            group=_LAYOUT,
            log=True,
            when={"method": ("umap",)},
            help="So many are kept together, the word itself is one. Few show small groups, many the large picture.",
        ),
    ] = 15
    min_dist: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "Least distance",
            group=_LAYOUT,
            step=0.01,
            when={"method": ("umap",)},
            help="How near words may come on the map: 0 packs groups densely, 1 spreads them out.",
        ),
    ] = 0.1
    spread: Annotated[
        float,
        Field(ge=0.5, le=5),
        Knob(
            "Spread",
            group=_LAYOUT,
            step=0.1,
            advanced=True,
            when={"method": ("umap",)},
            help="The scale of the map, against which the least distance is measured.",
        ),
    ] = 1.0
    perplexity: Annotated[
        float,
        Field(ge=2, le=100),
        Knob(
            "Perplexity",
            group=_LAYOUT,
            step=1,
            when={"method": ("tsne",)},
            help="About so many neighbours count for each word. Few show small groups, many the large picture.",
        ),
    ] = 30.0
    exaggeration: Annotated[
        float,
        Field(ge=1, le=50),
        Knob(
            "Early exaggeration",
            group=_LAYOUT,
            step=0.5,
            advanced=True,
            when={"method": ("tsne",)},
            help="How much harder neighbours pull at first, so that groups find each other before they settle.",
        ),
    ] = 12.0
    seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        Knob(
            "Seed",
            group=_LAYOUT,
            when={"method": _BY_NEIGHBOURS},
            help="The same seed gives the same map. What another seed moves, the space does not say.",
        ),
    ] = 1
    clusters: Annotated[
        Literal["kmeans", "hdbscan", "none"],
        Knob(
            "Clusters",
            group=_CLUSTERS,
            labels={"kmeans": "k-means", "hdbscan": "HDBSCAN", "none": "None"},
            help="k-means deals all words out among so many; HDBSCAN finds dense groups, and leaves words out.",
        ),
    ] = "kmeans"
    cluster_on: Annotated[
        Literal["space", "map"],
        Knob(
            "Clusters of",
            group=_CLUSTERS,
            advanced=True,
            when={"clusters": ("kmeans", "hdbscan")},
            labels={"space": "The space, in all its dimensions", "map": "What the map shows"},
            help="Groups that are found on the map may be its own doing.",
        ),
    ] = "space"
    cluster_count: Annotated[
        int,
        Field(ge=2, le=40),
        Knob("How many clusters", group=_CLUSTERS, when={"clusters": ("kmeans",)}),
    ] = 10
    cluster_size: Annotated[
        int,
        Field(ge=3, le=500),
        Knob(
            "Smallest cluster",
            group=_CLUSTERS,
            log=True,
            when={"clusters": ("hdbscan",)},
            help="Groups of fewer words than this are none.",
        ),
    ] = 10

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        """Refuse what no map could be made of."""
        if self.method == "umap" and self.min_dist > self.spread:
            raise Misfit(
                f"min_dist={self.min_dist:g} is more than spread={self.spread:g}: expected at most as much.",
                f"The least distance ({self.min_dist:g}) is more than the spread ({self.spread:g}): make it smaller.",
            )
        if self.of == "filter" and self.first_rank > self.last_rank:
            raise Misfit(
                f"first_rank={self.first_rank} is behind last_rank={self.last_rank}: expected it before that.",
                f"The first rank ({self.first_rank:,}) is behind the last one ({self.last_rank:,}).",
            )
        return self


def map_key(space_key: str, spec: MapSpec) -> str:
    """Return the name of a map's folder, 32 hexadecimal digits; what does not matter to it makes no difference.

    ``space_key`` says which space: the name of the folder in which it is kept, for that is another one for each file,
    limit and form.
    """
    said = {setting.name: getattr(spec, setting.name) for setting in knobs(MapSpec) if setting.applies(spec)}
    return hashlib.sha256(json.dumps([FORM, space_key, said], sort_keys=True).encode()).hexdigest()[:32]


def map_order(space: Path, spec: MapSpec) -> Order:
    """Return the order of a map of the space that is kept in the folder ``space``."""
    return Order.of(f"{WORK}work:lay_out", **_arguments(space, spec))


def wobble_order(space: Path, spec: MapSpec) -> Order:
    """Return the order of measuring how much a map owes to its seed."""
    return Order.of(f"{WORK}wobbling:wobble", **_arguments(space, spec))


def key_of(order: Order) -> str:
    """Return the name of the folder of the map that is ordered."""
    arguments = json.loads(order.arguments)
    return map_key(Path(arguments["space"]).name, spec_of(order))


def spec_of(order: Order) -> MapSpec:
    """Return what is ordered."""
    return MapSpec.from_json(json.loads(order.arguments)["spec"])


def needs_compiling(spec: MapSpec) -> bool:
    """Tell whether a map is for the forge that has compiled UMAP; all others are for a light one."""
    return spec.method == "umap"


def maps_folder() -> Path:
    """Return the folder of all maps."""
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope") / "maps"


def _arguments(space: Path, spec: MapSpec) -> dict[str, Any]:
    same = {setting.name: getattr(spec, setting.name) for setting in knobs(MapSpec) if setting.applies(spec)}
    return {"space": str(space), "spec": MapSpec(**same).to_json()}
