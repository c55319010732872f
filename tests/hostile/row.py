"""A row of the table of hostile things."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``item`` is what of the list this row is about, ``what`` tells it from other rows of the same item."""

    section: str
    item: str
    what: str = ""
    run: Callable[..., None] | None = None
    held: Callable[..., None] | None = None
    case: str = ""
    later: str = ""

    @property
    def name(self) -> str:
        return f"{self.item}: {self.what}" if self.what else self.item


def held(section: str, item: str, *tests: Callable[..., None] | tuple[Callable[..., None], str]) -> tuple[Row, ...]:
    """Return a row for each of the tests that hold an item."""
    rows = []
    for test in tests:
        function, case = test if isinstance(test, tuple) else (test, "")
        module = function.__module__.rpartition("test_")[2]
        what = (
            f"{module}, {function.__name__.removeprefix('test_').replace('_', ' ')}{f' [{case[:60]}]' if case else ''}"
        )
        rows.append(Row(section, item, what, held=function, case=case))
    return tuple(rows)
