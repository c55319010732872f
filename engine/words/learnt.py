"""Spaces that runs have learnt: what stood in a run at one step, kept as a space and written as files to take away.

One is called ``run:RUN:STEP``, and ``run:RUN:STEP:MARK`` where something was changed in the run until then: a run that
was reset may come to the same step by another way. ``engine.runs.learnt`` reads the run and does the work.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError
from engine.jobs import Forge, Limits, Order
from engine.keeping import drafts
from engine.memory import usual_limit
from engine.words import stored
from engine.words.formats.forms import ENDINGS, Form
from engine.words.sources import Source, unknown

KIND = "run:"
FILES = "words-files"
FILE_SECONDS = 24 * 3600.0
"""So long a file that was made to be taken away stays, since it was made or asked for last."""
_ID = re.compile(r"run:([0-9A-Za-z_-]{1,64}):([0-9]{1,15})(?::([0-9a-f]{8}))?")
_ABOUT = "learnt.json"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the run ``run`` has learnt until ``step``; ``mark`` is that of what was changed on the way."""

    run: str
    step: int
    mark: str = ""

    @property
    def id(self) -> str:
        """Return the id of its source."""
        return f"{KIND}{self.run}:{self.step}{f':{self.mark}' if self.mark else ''}"

    @property
    def name(self) -> str:
        """Return what its folders are called."""
        return "-".join(filter(None, ("run", self.run, str(self.step), self.mark)))

    def folder(self, home: Path) -> Path:
        """Return where its space is kept."""
        return home / "words" / self.name

    def order(self, home: Path) -> Order:
        """Return the order to keep its space."""
        return Order.of("engine.runs.learnt:keep", asked=self.id, home=str(home.absolute()))

    def file(self, home: Path, form: Form) -> Path:
        """Return where a file of it lies once it was made."""
        name = f"vectors-{self.run[:6]}-{self.step}{ENDINGS[form]}"
        return home / FILES / f"{self.name}-{form}" / name

    def file_order(self, home: Path, form: Form) -> Order:
        """Return the order to make a file of it."""
        return Order.of("engine.runs.learnt:write", asked=self.id, home=str(home.absolute()), form=form)


def named(asked: str) -> Learnt:
    """Return what an id names; raises DataError."""
    found = _ID.fullmatch(asked)
    if found is None:
        raise unknown(asked)
    return Learnt(found[1], int(found[2]), found[3] or "")


def mark_of(changes: Sequence[tuple[int, str, str]]) -> str:
    """Return what stands for some changes (step, name, value) of a run; nothing where there are none."""
    said = [list(change) for change in changes]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8] if said else ""


def forge() -> Forge:
    """Return what starts the processes of such orders; each may take as much memory as a run."""
    return Forge(("engine.runs.learnt",), Limits(memory=usual_limit(), seconds=4 * 3600, file_bytes=64 * 2**30))


def source(home: Path, asked: str) -> Source:
    """Return the source of an id; raises DataError where there is none."""
    one = named(asked)
    return _source(one, one.folder(home))


def listed(home: Path, owner: str) -> Iterator[Source]:
    """Yield what is kept of somebody's runs, the newest first."""
    found: list[tuple[float, Source]] = []
    with suppress(OSError):
        for folder in (home / "words").glob("run-*"):
            with suppress(OSError, ValueError, KeyError, TypeError, DataError):
                about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
                if about["owner"] == _hidden(owner):
                    one = named(about["id"])
                    found.append(((folder / _ABOUT).stat().st_mtime, _source(one, folder)))
    for _, one in sorted(found, key=lambda pair: -pair[0]):
        yield one


def note(folder: Path, one: Learnt, owner: str) -> None:
    """Note beside a space whose run it is of."""
    (folder / _ABOUT).write_text(json.dumps({"id": one.id, "owner": _hidden(owner)}), encoding="utf-8")


def tidy(home: Path) -> None:
    """Delete the files that were made to be taken away and that nobody has asked for any more for a day."""
    drafts.tidy(home / FILES)
    with suppress(OSError):
        for folder in (home / FILES).glob("[!.]*"):
            with suppress(OSError):
                if time.time() - max(file.stat().st_mtime for file in folder.iterdir()) > FILE_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)


def _source(one: Learnt, folder: Path) -> Source:
    try:
        record = stored.Provenance.from_json((folder / stored.RECORD).read_text(encoding="utf-8"))
    except (OSError, DataError):
        return Source(one.id, f"A run, step {one.step:,}", "What a run of Train words has learnt.", private=True)
    words = f"{record.rows:,} words in {record.dimensions:,} dimensions, learnt here from {record.source}."
    return Source(one.id, f"{record.source}, step {one.step:,}", words, private=True)


def _hidden(owner: str) -> str:
    """Return what stands for a person in a file: it is of no use to whoever reads it."""
    return hashlib.sha256(owner.encode()).hexdigest()
