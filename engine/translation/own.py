"""Pairs that somebody has brought: a source, a tab and its target in each line of a file; or the lines of two files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from engine.data.translation.spec import TranslationDataSpec
from engine.errors import DataError
from engine.keeping.encodings import offered
from engine.translation.vocabulary import Symbols, cut
from engine.words.corpus.source import FileSource, NotDecoded
from engine.words.texts.bringing import brought

MOST_LINE = 20_000
"""Characters of a line; what is longer is left out, without ever being held whole."""
EXPECTED = "expected in each line a source, a tab and its target, or the targets in a second file"
EXPECTED_OF_TWO = "expected in each line of one the source of what stands in that line of the other"


@dataclass(slots=True)
class Own:
    """Pairs of different sources, in the order of their lines; in words what was ``left_out``, each with how many and
    the first line of it. Where there are enough pairs before the end, ``more_behind`` is the line that was read last.
    """

    title: str
    pairs: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, tuple[int, int]] = field(default_factory=dict)
    more_behind: int = 0

    def drop(self, why: str, line: int) -> None:
        """Take down that a ``line`` was left out."""
        count, first = self.dropped.get(why, (0, line))
        self.dropped[why] = count + 1, first

    @property
    def left_out(self) -> str:
        """Return a sentence about what was left out; nothing where nothing was."""
        told = [
            f"line {first:,} {why}" + (f" ({count - 1:,} more as well)" if count > 1 else "")
            for why, (count, first) in self.dropped.items()
        ]
        if self.more_behind:
            told.append(f"all behind line {self.more_behind:,}, as there are {len(self.pairs):,} pairs by then")
        return f"Left out: {'; '.join(told)}." if told else ""


def own_pairs(spec: TranslationDataSpec) -> Own:
    """Return the first ``spec.samples`` pairs of what was brought; raises DataError where there are none."""
    sources, rest = _source(spec.own, spec), _source(spec.own_targets, spec) if spec.own_targets else None
    found = Own(sources.name if rest is None else f"{sources.name} and {rest.name}")
    try:
        _gather(found, _split(sources) if rest is None else _beside(sources, rest), spec)
    except NotDecoded as error:
        raise DataError(f"{error} {offered(error.around, spec.encoding)}".strip()) from None
    except OSError:
        raise DataError(f"{found.title} is not on this server any more: choose another text.") from None
    if not found.pairs:
        expected = EXPECTED if rest is None else EXPECTED_OF_TWO
        raise DataError(f"{found.title} holds no pairs: {expected}. {found.left_out}".strip())
    return found


def _source(asked: str, spec: TranslationDataSpec) -> FileSource:
    one = brought(asked)
    return FileSource(one.path, one.name, "", spec.encoding, exactly=one.exactly)


def _gather(found: Own, lines: Iterable[tuple[int, list[str] | None]], spec: TranslationDataSpec) -> None:
    last = 0
    for number, cells in lines:
        if len(found.pairs) >= spec.samples:
            found.more_behind = last
            return
        last = number
        why = _why_not(cells, spec.own_most, spec.symbols)
        if why or cells is None:
            found.drop(why, number)
            continue
        source, target = cells[::-1] if spec.swapped else cells
        if source in found.pairs:
            found.drop("has a source that came before", number)
        else:
            found.pairs[source] = target


def _why_not(cells: list[str] | None, most: int, symbols: Symbols) -> str:
    """Return why a line is no pair; nothing where it is one."""
    if cells is None:
        return f"is longer than {MOST_LINE:,} characters"
    if len(cells) < 2:
        return "has no tab"
    if not all(cells):
        return "has an empty side"
    if max(len(cut(cell, symbols)) for cell in cells) > most:
        return f"has more than {most} {symbols} on a side"
    return ""


def _split(source: FileSource) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the number of each line that is not blank, and its first two cells, blanks around them left out."""
    for number, line in enumerate(_lines(source.pieces()), 1):
        if line is None:
            yield number, None
        elif line.strip():
            yield number, [_plain(cell) for cell in line.split("\t")[:2]]


def _beside(first: FileSource, second: FileSource) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the lines of two files that belong together; raises DataError where one is over before the other."""
    both = zip_longest(_lines(first.pieces()), _lines(second.pieces()), fillvalue=first)
    for number, (one, other) in enumerate(both, 1):
        if one is first or other is first:
            shorter, longer = (first, second) if one is first else (second, first)
            raise DataError(
                f"{shorter.name} ends behind line {number - 1:,}, and {longer.name} goes on: expected two files whose "
                "lines belong together, one by one."
            )
        if not isinstance(one, str) or not isinstance(other, str):
            yield number, None
        elif one.strip() or other.strip():
            yield number, [_plain(one), _plain(other)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _lines(pieces: Iterable[str]) -> Iterator[str | None]:
    """Yield the lines of a text in pieces; None in the place of one that is too long."""
    held, too_long, waits = "", False, ""
    for piece in pieces:
        text = waits + piece
        waits = "\r" if text.endswith("\r") else ""  # the other half of a line's end may come with the next piece
        text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        *whole, last = text.split("\n")
        for part in whole:
            yield None if too_long or len(held) + len(part) > MOST_LINE else held + part
            held, too_long = "", False
        too_long = too_long or len(held) + len(last) > MOST_LINE
        held = "" if too_long else held + last
    if held or too_long:
        yield None if too_long else held
