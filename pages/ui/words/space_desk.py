"""What one person has before them on a page that works on one space: which vectors, and what has become of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from engine.spec import Knob, Spec
from pages.ui.words.page_desk import PageDesk

CATALOGUE = "catalogue:"
MOST_SOURCE_CHARS = 400
MOST_ROWS = 100_000_000


class OfSpace(Spec):
    """Which vectors a page is about: part of all that its address says."""

    source: Annotated[str, Field(max_length=MOST_SOURCE_CHARS), Knob("Vectors")] = "world"
    limit: Annotated[
        int,
        Field(ge=0, le=MOST_ROWS),
        Knob("Only the first rows", help="0 opens all rows. The first are as a rule the frequent words."),
    ] = 0


@dataclass(slots=True)
class SpaceDesk(PageDesk):
    """``asked`` has ``OfSpace`` among its parts. ``folder`` is where the open space is kept, ``called_off`` what was
    being opened when that was called off, ``had`` where what was open last is kept.
    """

    page: ClassVar[str] = "space"
    folder: Path | None = None
    called_off: str = ""
    had: Path | None = None

    @property
    def opening(self) -> str:
        """Return what is to be opened, as text."""
        return f"{self.asked.source} {self.asked.limit}"

    def open(self, source: str) -> None:
        """Open other vectors."""
        self.put(source=source, limit=0)
        self.wait_for_download()

    def wait_for_download(self) -> None:
        """Download nothing before that is asked for: it may be gigabytes, and a link alone is no reason."""
        self.called_off = self.opening if self.asked.source.startswith(CATALOGUE) else ""

    def follow(self, read: Callable[[dict[str, str]], None]) -> None:
        """Have ``read`` take in the page's address where that was changed from outside."""

        def taken(address: dict[str, str]) -> None:
            read(address)
            self.wait_for_download()

        PageDesk.follow(self, taken)  # with slots there is no super() of a dataclass
