"""Presets: settings that somebody has chosen because there is something to be seen with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.spec import Spec

S = TypeVar("S", bound=Spec)


@dataclass(frozen=True, slots=True)
class Question:
    """What to predict before one looks: ``answers``, of which ``right`` is the place of the right one, and ``because``,
    a sentence or two that tell why, to be read afterwards.
    """

    text: str
    answers: tuple[str, ...]
    right: int
    because: str


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of a lab with a name, which is its word in links.

    ``about`` says what there is to see, ``settings`` are those that are not at their defaults. A net that is broken has
    a ``cure``: the settings that mend it; nothing else has to change.
    """

    name: str
    title: str
    about: str
    settings: Mapping[str, Any]
    question: Question | None = None
    cure: Mapping[str, Any] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Tell whether the net has a fault that is to be found and mended."""
        return bool(self.cure)

    def spec(self, lab: type[S]) -> S:
        """Return the spec of this preset; raises SpecError if it does not fit the lab."""
        return lab().replace(**self.settings)

    def mended(self, lab: type[S]) -> S:
        """Return the same with the fault mended."""
        return self.spec(lab).replace(**self.cure)
