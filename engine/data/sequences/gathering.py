"""What is in the files that somebody has brought becomes texts with classes, all of it read in quarantine: here lie
only bytes, and texts that come from there.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from engine import quarantine
from engine.data import layout
from engine.data.batch import UNREAD, Packed, packed
from engine.data.sequences.bringing import Brought
from engine.data.sequences.pack import Dropped, cut
from engine.data.sequences.reader import EXPECTED, LINES, MOST_CLASSES, MOST_TEXTS, TABLES, TEXTS
from engine.data.zipped import Entry, shown
from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping.sets import Part, read_bytes

MOST_CHARS = 5_000_000
"""Of all texts: they are in memory while they are learnt."""
BATCH_FILES, BATCH_BYTES = 400, 8 * 2**20
READER = "engine.data.sequences.reader:{}"
NO_CLASS = "lies outside the folder of the others"


class How(NamedTuple):
    """How texts are to be read: their ``encoding``, and of a table the columns of texts and of classes; by themselves
    those that fit.
    """

    encoding: str = "utf-8"
    text: str = ""
    label: str = ""


class Look(NamedTuple):
    """What is seen at the beginning of a file: its ``kind``, and the ``columns`` of a table."""

    kind: str
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathered:
    """What came of it: texts (n,) with their ``labels`` (n,), places in ``classes``; the ``columns`` that were read."""

    classes: tuple[str, ...] = ()
    texts: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, told: Iterable[Sequence[Any]]) -> None:
        """Take down what was left out, as (why, how many, where the first stood)."""
        for why, count, first in told:
            at = next((n for n, one in enumerate(self.dropped) if one.why == why), None)
            if at is None:
                self.dropped.append(Dropped(str(why), int(count), str(first)))
            else:
                old = self.dropped[at]
                self.dropped[at] = Dropped(old.why, old.count + int(count), old.first)

    def add(self, title: str, arrays: Mapping[str, np.ndarray], labels: Sequence[int]) -> None:
        """Take texts in, as they come from quarantine; raises DataError where they are too many."""
        self.texts += cut(arrays["text"].tobytes(), arrays["ends"])
        self.labels += labels
        if len(self.texts) > MOST_TEXTS or sum(map(len, self.texts)) > MOST_CHARS:
            raise DataError(
                f"{title} holds too much: expected at most {MOST_TEXTS:,} texts, and {MOST_CHARS:,} characters in all "
                "of them."
            )


Gathering = Generator[Progress, None, Gathered]


def gather(brought: Brought, how: How) -> Gathering:
    """Yield how far the reading is, and return what came of it. Raises DataError."""
    if brought.root is not None:
        root, sizes = brought.root, {path: size for path, size, _ in brought.tree}
        parts = {path: Part(shown("/".join(path)), root.joinpath(*path), sizes[path], exactly=True) for path in sizes}
        return (yield from _of_parts(brought.title, parts, how))
    if len(brought.parts) != 1:
        return (yield from _of_parts(brought.title, {(part.name,): part for part in brought.parts}, how))
    part = brought.parts[0]
    yield Progress(0.0, "looking at the file")
    data = read_bytes(part, TEXTS.most_bytes, "texts")
    kind = look(data, part.name, how.encoding).kind
    if kind == "zip":
        return (yield from _of_zip(data, part.name, how))
    if kind == "lines":
        raise DataError(f"{part.name} is one text file, and holds no classes: {EXPECTED}.")
    yield Progress(None, "reading its lines")
    return _of_one(kind, packed([(data, 0, len(data), -1)]), part.name, how)


def look(data: bytes, name: str, encoding: str) -> Look:
    """Return what is seen at the beginning of a file; raises DataError where it holds no texts."""
    told, _ = quarantine.read(READER.format("look"), data, name, encoding)
    return Look(told["kind"], tuple(told["columns"]))


def classes_of(paths: Sequence[tuple[str, ...]]) -> layout.Layout:
    """Return the classes of files by the parts of their paths: what the files are called, without their endings.

    Where they lie in several folders, these are the classes. Those that lie higher or deeper than most have none.
    """
    if not paths:
        return layout.Layout((), [])
    depth = Counter(map(len, paths)).most_common(1)[0][0]
    inside = [path for path in paths if len(path) == depth]
    if len({path[:-1] for path in inside}) > 1:
        found = layout.arranged(inside)
    else:
        stems = [path[-1].rsplit(".", 1)[0] for path in inside]
        kinds = sorted(set(stems))
        titles = layout.told_apart(kinds)
        found = layout.Layout(tuple(titles), [kinds.index(stem) for stem in stems])
    labels = iter(found.labels)
    return layout.Layout(found.classes, [next(labels) if len(path) == depth else -1 for path in paths])


def _of_one(kind: str, batch: bytes, name: str, how: How) -> Gathered:
    """Read one file that tells the class of each of its texts."""
    if kind == "labelled":
        told, arrays = quarantine.read(READER.format(kind), batch, name, how.encoding)
    else:
        told, arrays = quarantine.read(READER.format("table"), batch, name, *how)
    titles = layout.told_apart([layout.plain(label) for label in told["classes"]])
    gathered = Gathered(tuple(titles), columns=tuple(told.get("columns", ())))
    gathered.drop(told["dropped"])
    gathered.add(name, arrays, arrays["files"].tolist())
    return gathered


def _of_zip(data: bytes, name: str, how: How) -> Gathering:
    yield Progress(0.0, "looking into the archive")
    told, _ = quarantine.read(READER.format("index"), data, name)
    entries = [Entry(*entry) for entry in told["entries"]]
    paths = [tuple(path) for path in told["paths"]]

    def fetch(row: int) -> Packed:
        one = entries[row]
        return data[one.at : one.at + one.packed], one.method, one.size, one.crc

    if len(entries) == 1 and paths[0][-1].lower().endswith(TABLES):
        yield Progress(None, "reading its lines")
        return _of_one("table", packed([fetch(0)]), shown("/".join(paths[0])), how)
    return (yield from _of_files(name, paths, fetch, [(why, 1, one) for one, why in told["dropped"]], how))


def _of_parts(title: str, parts: Mapping[tuple[str, ...], Part], how: How) -> Gathering:
    paths = [path for path in parts if path[-1].lower().endswith(LINES)]
    dropped = [("is no .txt file", 1, parts[path].name) for path in parts if path not in set(paths)]

    def fetch(row: int) -> Packed:
        try:
            data = read_bytes(parts[paths[row]], TEXTS.most_bytes, "texts")
        except DataError:  # it was changed meanwhile, or is not for this server to read: the others are
            return b"", 0, UNREAD, -1
        return data, 0, len(data), -1

    return (yield from _of_files(title, paths, fetch, dropped, how))


def _of_files(
    title: str,
    paths: Sequence[tuple[str, ...]],
    fetch: Callable[[int], Packed],
    dropped: Iterable[tuple[str, int, str]],
    how: How,
) -> Gathering:
    """Read files with a text in each line, batch by batch."""
    arranged = classes_of(paths)
    gathered = Gathered(arranged.classes)
    gathered.drop(dropped)
    gathered.drop((NO_CLASS, 1, shown("/".join(paths[row]))) for row, at in enumerate(arranged.labels) if at < 0)
    rows = [row for row, label in enumerate(arranged.labels) if label >= 0]
    if len(arranged.classes) > MOST_CLASSES:
        raise DataError(f"{title} has {len(arranged.classes):,} classes: expected at most {MOST_CLASSES}.")
    done = 0
    while done < len(rows):
        yield Progress(done / len(rows), f"{done:,} of {len(rows):,} files read")
        some = _batch(fetch, rows[done : done + BATCH_FILES])
        these = rows[done : done + len(some)]
        names = "\n".join(shown("/".join(paths[row])) for row in these)
        told, arrays = quarantine.read(READER.format("lines"), packed(some), title, names, how.encoding)
        gathered.drop(told["dropped"])
        gathered.add(title, arrays, [arranged.labels[these[file]] for file in arrays["files"].tolist()])
        done += len(some)
    return gathered


def _batch(fetch: Callable[[int], Packed], rows: Sequence[int]) -> list[Packed]:
    """Return the first files of ``rows``, of not too many bytes together, unpacked."""
    some: list[Packed] = []
    total = 0
    for row in rows:
        some.append(fetch(row))
        data, _, size, _ = some[-1]
        total += max(len(data), size)
        if total > BATCH_BYTES:
            break
    return some
