"""What a person asks a net about something of their own, a picture drawn by hand say, and what it answers."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from engine.errors import RunError
from engine.readings import Reading

NO_QUESTION = "This is no question to a net: expected what is asked, settings and values."


@dataclass(frozen=True, slots=True)
class Question:
    """``what`` is asked, with ``settings`` as plain data, about ``values``, bytes that may be empty.

    ``id`` is whatever the one who asks tells answers apart by.
    """

    what: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    values: bytes = b""
    id: int = 0

    def to_json(self) -> str:
        """Return the question as text."""
        values = base64.b64encode(self.values).decode()
        return json.dumps({"what": self.what, "settings": self.settings, "values": values, "id": self.id})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote; raises RunError on anything else."""
        try:
            return cls.of(json.loads(text))
        except (ValueError, RecursionError):
            raise RunError(NO_QUESTION) from None

    @classmethod
    def of(cls, data: Any) -> Self:
        """Read a question from plain data of whatever origin; raises RunError."""
        match data:
            case {"what": str(what), "settings": dict(settings), "values": str(values), "id": int(number)}:
                try:
                    return cls(what, settings, base64.b64decode(values, validate=True), number)
                except ValueError:  # binascii.Error is one, and so is what is said of a letter that is not in ASCII
                    raise RunError("The values of a question to a net are not in base64.") from None
        raise RunError(NO_QUESTION)


class Answer(NamedTuple):
    """What a net answers: readings in the names of those of frames where they are of the same kind, and words."""

    readings: Sequence[Reading]
    words: Mapping[str, str]
