"""How a map of words is looked at: told by the browser, kept in the link, told to the browser again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

MOST_CHOSEN = 200
MOST_LETTERS = 200
MOST_TEXT = 6_000
"""Letters that a link may hold of it; browsers and servers take twice as much for a whole address."""
_FARTHEST = 1e9
_NUMBERS = 6


@dataclass(frozen=True, slots=True)
class MapLook:
    """A view of a map: ``view`` is x, y, z, zoom, yaw and pitch, or None for the one that it begins with; ``colour`` a
    channel.

    ``word`` is the selected one, ``chosen`` are those enclosed by a lasso, the first ``MOST_CHOSEN`` of them.
    """

    view: tuple[float, ...] | None = None
    word: str = ""
    colour: str = ""
    chosen: tuple[str, ...] = ()

    @classmethod
    def of_browser(cls, value: object) -> Self:
        """Read what a browser or a link says, which may be anything: what makes no sense is as if it were not there."""
        told: Mapping[str, Any] = value if isinstance(value, dict) else {}
        return cls(
            _view(told.get("view")), _text(told.get("word")), _text(told.get("colour")), _words(told.get("chosen"))
        )

    @classmethod
    def of_link(cls, text: str) -> Self:
        """Read what ``to_link`` wrote; anything else is the look that a map begins with."""
        try:
            return cls.of_browser(json.loads(text[:MOST_TEXT]))
        except (ValueError, RecursionError):
            return cls()

    def to_link(self) -> str:
        """Return this look as short text for a link; empty for the one that a map begins with.

        Where many words are chosen only so many are kept as fit into a link.
        """
        chosen = list(self.chosen)
        while len(text := _written({**self.to_json(), "chosen": chosen})) > MOST_TEXT and chosen:
            chosen = chosen[: len(chosen) * 2 // 3]
        return "" if self == MapLook() else text

    def to_json(self) -> dict[str, Any]:
        """Return this look as the browser takes it."""
        view = None if self.view is None else list(self.view)
        return {"view": view, "word": self.word, "colour": self.colour, "chosen": list(self.chosen)}


def _written(values: Mapping[str, Any]) -> str:
    said = {name: value for name, value in values.items() if value}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _view(value: object) -> tuple[float, ...] | None:
    if not isinstance(value, list | tuple) or len(value) != _NUMBERS:
        return None
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None
        if not abs(number) <= _FARTHEST:  # nor is NaN; of a whole number with 400 digits no float can be asked anything
            return None
    return tuple(float(number) for number in value) if value[3] > 0 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= MOST_LETTERS else ""


def _words(value: object) -> tuple[str, ...]:
    words = value if isinstance(value, list | tuple) else ()
    return tuple(word for word in map(_text, words[:MOST_CHOSEN]) if word)
