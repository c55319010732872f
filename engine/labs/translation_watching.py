"""What is looked at of a net that translates: the settings; and which parts of one attend."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from engine.nets.translation.spec import TranslatorSpec
from engine.spec import Knob, Spec

Part = Literal["read", "written", "crossed"]
PARTS: Mapping[Part, str] = {"read": "encoder.attention", "written": "decoder.attention", "crossed": "decoder.crossed"}
"""What attends in a transformer that translates, by the names of its arrays."""
CHOOSING: Mapping[str, Mapping[str, str]] = {name: {"part": part} for part, name in PARTS.items()}
"""By which setting one of them is looked at."""
TITLES: Mapping[Part, str] = {
    "read": "what is read, to itself",
    "written": "what is written, to itself",
    "crossed": "what is written, to what is read",
}
_TRANSFORMER: Mapping[str, tuple[str, ...]] = {"net": ("transformer",)}


class WatchingSpec(Spec):
    """Which pair is looked at, and of a transformer which head, and which place."""

    example: Annotated[
        int,
        Field(ge=0, le=9_999),
        Knob(
            "Pair held out",
            "Which of the pairs held out is looked at; behind the last one they are counted from the first again.",
            group="Watching",
            live=True,
            looks=True,
        ),
    ] = 0
    part: Annotated[
        Part,
        Knob(
            "Attention looked at",
            "That of the source to itself, that of the text written to itself, or that from there to the source.",
            group="Watching",
            live=True,
            looks=True,
            when=_TRANSFORMER,
            labels={"read": "Source", "written": "Written", "crossed": "Written to source"},
        ),
    ] = "read"
    block: Annotated[
        int,
        Field(ge=0, le=3),
        Knob(
            "Block looked at",
            "Counted from 0, as in the names of tensors; behind the last the first comes again.",
            group="Watching",
            live=True,
            looks=True,
            when=_TRANSFORMER,
        ),
    ] = 0
    head: Annotated[
        int,
        Field(ge=0, le=7),
        Knob(
            "Head looked at",
            "Counted from 0; behind the last one the first comes again.",
            group="Watching",
            live=True,
            looks=True,
            when=_TRANSFORMER,
        ),
    ] = 0
    place: Annotated[
        int,
        Field(ge=-1, le=64),
        Knob(
            "Place that asks",
            "Counted from 0; it is written out with all numbers, and gradients are of what is told there. −1: the last "
            "one.",
            group="Watching",
            live=True,
            looks=True,
            when=_TRANSFORMER,
        ),
    ] = -1


def attending(spec: TranslatorSpec) -> Mapping[str, str]:
    """Return what attends in a net as its arrays are named, and what each is called; of others than transformers
    nothing.
    """
    return {PARTS[part]: title for part, title in TITLES.items()} if spec.net == "transformer" else {}
