"""A file of vectors to measure with: 400,000 words of 300 numbers, made once, as text and as word2vec's binary form.

They lie as words do: in topics, on some sixty directions of falling weight, with noise beside; frequent words are a
little longer. The words of gensim's question-words come first, and are to each other about as they should be, so that
a suite has answers right and wrong.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gensim.test.utils import datapath

ROWS, DIMENSIONS = 400_000, 300
DIRECTIONS, TOPICS = 60, 2_000
DECIMALS = 5
SUITE = Path(datapath("questions-words.txt"))
BLOCK_ROWS = 10_000


def folder() -> Path:
    """Return where the files are kept from one measurement to the next; it is there from now on."""
    found = Path(os.environ.get("LEARNSCOPE_BENCH") or Path(tempfile.gettempdir()) / "learnscope-bench")
    found.mkdir(parents=True, exist_ok=True)
    return found


def files(rows: int = ROWS) -> tuple[Path, Path]:
    """Return the text and the binary file, made if they are not there."""
    text, binary = folder() / f"words-{rows}.txt", folder() / f"words-{rows}.bin"
    if not (text.exists() and binary.exists()):
        _write(words(rows), vectors(rows), text, binary)
    return text, binary


def questions() -> list[list[tuple[str, str, str, str]]]:
    """Return the questions of the suite, section by section, each of four words."""
    sections: list[list[tuple[str, str, str, str]]] = []
    for line in SUITE.read_text().splitlines():
        if line.startswith(":"):
            sections.append([])
        else:
            a, b, c, d = line.split()
            sections[-1].append((a, b, c, d))
    return sections


def words(rows: int) -> list[str]:
    """Return the words: those of the suite, then made-up ones."""
    suite = list(dict.fromkeys(word for section in questions() for four in section for word in four))
    return (suite + [f"word{number}" for number in range(rows)])[:rows]


def vectors(rows: int) -> np.ndarray:
    """Return the vectors, (rows, 300) float32, in steps of 0.00001."""
    rng = np.random.default_rng(7)
    weights = np.arange(1, DIRECTIONS + 1) ** -0.5
    basis = (rng.normal(size=(DIRECTIONS, DIMENSIONS)) * weights[:, None]).astype(np.float32)
    topics = rng.normal(size=(TOPICS, DIRECTIONS)).astype(np.float32)
    found = (topics[rng.integers(0, TOPICS, rows)] + 0.7 * rng.standard_normal((rows, DIRECTIONS), np.float32)) @ basis
    found += 0.35 * found.std() * rng.standard_normal((rows, DIMENSIONS), np.float32)
    _relate(found, words(rows), rng)
    found *= (1 + 20 * (np.arange(rows, dtype=np.float32)[:, None] + 10) ** -0.5) * 0.17 / found.std()
    return np.round(found * 10**DECIMALS) / np.float32(10**DECIMALS)


def _relate(found: np.ndarray, names: list[str], rng: np.random.Generator) -> None:
    """Put the second word of each pair of the suite beside the first, in the direction of its section."""
    row_of = {word: row for row, word in enumerate(names)}
    for section in questions():
        direction = rng.normal(size=DIMENSIONS) * found[0].std()
        for a, b in dict.fromkeys((a, b) for a, b, _, _ in section):
            if a in row_of and b in row_of:
                noise = rng.normal(size=DIMENSIONS) * 0.6 * found[0].std()
                found[row_of[b]] = found[row_of[a]] + direction + noise


def _write(names: list[str], found: np.ndarray, text: Path, binary: Path) -> None:
    header = f"{len(names)} {DIMENSIONS}\n".encode()
    drafts = [path.with_suffix(".draft" + path.suffix) for path in (text, binary)]
    with drafts[0].open("wb") as lines, drafts[1].open("wb") as rows:
        lines.write(header)
        rows.write(header)
        for some, line in zip(_blocks(names, found), _lines(names, found), strict=True):
            rows.write(some)
            lines.write(line)
    for draft, path in zip(drafts, (text, binary), strict=True):
        draft.replace(path)


def _blocks(names: list[str], found: np.ndarray) -> Iterator[bytes]:
    for start in range(0, len(names), BLOCK_ROWS):
        block = range(start, min(start + BLOCK_ROWS, len(names)))
        yield b"".join(names[row].encode() + b" " + found[row].tobytes() + b"\n" for row in block)


def _lines(names: list[str], found: np.ndarray) -> Iterator[bytes]:
    steps = np.round(found * 10**DECIMALS).astype(np.int64)
    least = int(steps.min())
    written = [f"{step / 10**DECIMALS:.{DECIMALS}f}" for step in range(least, int(steps.max()) + 1)]
    for start in range(0, len(names), BLOCK_ROWS):
        block = range(start, min(start + BLOCK_ROWS, len(names)))
        lines = (f"{names[row]} {' '.join([written[step - least] for step in steps[row].tolist()])}\n" for row in block)
        yield "".join(lines).encode()
