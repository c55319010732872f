"""Which number is followed: what the desk asks for, or the largest there is where it asks for none."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.figures.squares import Range
from engine.nets.images.forward_pass import ForwardPass, Place, reach_of
from engine.nets.images.graph import IMAGE
from pages.ui.desk import asking
from pages.ui.desk.slot import Desk
from pages.ui.images.follow_asked import NONE, FollowAsked


@dataclass(frozen=True, slots=True)
class Following:
    """A forward pass, the ``place`` in it that is followed, and the class names; ``key`` begins the keys of widgets.

    A browser that is late says once more what it had chosen before: so after each jump to another place all widgets
    have other keys.
    """

    here: Desk
    one: ForwardPass
    place: Place
    classes: tuple[str, ...]
    key: str

    @property
    def asked(self) -> FollowAsked:
        """Return what the desk asks for."""
        return asked_of(self.here)

    def move(self, **changes: object) -> None:
        """Follow another number of the same layer."""
        asking.change(self.here, FollowAsked, **changes)

    def go(self, place: Place) -> None:
        """Follow a number of another layer, where it was summed up."""
        jump(self.here, self.one.station(place))

    def ends(self, layer: str, values: np.ndarray) -> Range:
        """Return the numbers at both ends of the colours of one map of a layer."""
        if layer == IMAGE:
            return image_ends(self.one.maps(layer))
        maps, scale = self.one.maps(layer), self.asked.scale
        alone = scale == "map" and maps[0].size > 1  # of units without maps each would be as strong as colours get
        reach = self.one.reach if scale == "net" else reach_of(values if alone else maps)
        return -(reach or 1.0), reach or 1.0


def asked_of(desk: Desk) -> FollowAsked:
    """Return what is asked at a desk."""
    return asking.asked_of(desk, FollowAsked)


def jump(desk: Desk, place: Place) -> None:
    """Follow a number of another layer; it begins anew which of its inputs is written out."""
    asking.change(
        desk, FollowAsked, layer=place.layer, unit=place.unit, row=place.row, column=place.column, channel=NONE
    )
    st.session_state[_jumps(desk)] = jumps(desk) + 1


def jumps(desk: Desk) -> int:
    """Return how often somebody has gone to another layer."""
    return st.session_state.get(_jumps(desk), 0)


def chosen(one: ForwardPass, asked: FollowAsked) -> Place:
    """Return the place that is asked for; where it is none of this net, or not said, the largest number of the unit,
    of the layer, or of the first layer: one that an activation lets through, if there is any.
    """
    stations = [node.name for node in one.graph.stations]
    layer = asked.layer if asked.layer in stations else stations[0]
    maps = one.maps(layer)
    known = asked.layer == layer and 0 <= asked.unit < len(maps)
    unit = asked.unit if known else _largest(maps)[0]
    height, width = maps.shape[1:]
    if known and 0 <= asked.row < height and 0 <= asked.column < width:
        return Place(layer, unit, asked.row, asked.column)
    return Place(layer, unit, *_largest(maps[unit]))


def image_ends(maps: np.ndarray) -> Range:
    """Return the darkest and the brightest number of an image."""
    found = maps[np.isfinite(maps)]
    return (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)


def _largest(numbers: np.ndarray) -> tuple[int, ...]:
    """Return where the largest is, of those that are numbers."""
    known = np.where(np.isfinite(numbers), numbers, -np.inf)
    found = np.unravel_index(int(known.argmax()), numbers.shape)
    return tuple(int(at) for at in found)


def _jumps(desk: Desk) -> str:
    return f"learnscope.follow.{desk.lab.name}.jumps"
