"""What a hand does on the easel of the vision lab: strokes of a pen, as a person draws them."""

from collections.abc import Sequence
from math import cos, radians, sin

from tests.browser import Screen

Place = tuple[float, float]


def arc(middle: Place, radii: Place, first: float, last: float, count: int = 14) -> list[Place]:
    """Return places on a part of an ellipse, from one angle to another, in degrees."""
    angles = [radians(first + (last - first) * at / (count - 1)) for at in range(count)]
    return [(middle[0] + radii[0] * cos(angle), middle[1] + radii[1] * sin(angle)) for angle in angles]


THREE = [*arc((0.48, 0.33), (0.19, 0.16), -150, 90), *arc((0.48, 0.66), (0.22, 0.18), -90, 150)]


def draw(screen: Screen, places: Sequence[Place], pause_ms: float = 0) -> None:
    """Draw one stroke, with a pause between any two places."""
    easel = screen.get("ls-easel")
    easel.scroll_into_view_if_needed()
    box = easel.bounding_box()
    assert box is not None
    first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    mouse = screen.page.mouse
    mouse.move(*first)
    mouse.down()
    for place in rest:
        mouse.move(*place, steps=2)
        screen.page.wait_for_timeout(pause_ms)
    mouse.up()
