"""The words lab's budgets, each beside gensim in the same minutes, on 400,000 words of 300 numbers.

words.top10      milliseconds for the ten nearest words, exactly; most_similar             (<= 1/2, the same words)
words.suite      seconds for question-words among 300,000 words; evaluate_word_analogies   (<= 1/15, the same answers)
words.open       seconds to open a text file for the first time; load_word2vec_format      (<= 1/5)
words.reopen_ms  milliseconds to open it again; gensim's own form, mapped                  (<= 300 ms)
words.umap       seconds for the map of 10,000 of them by UMAP, live and judged; umap-learn's own  (<= 1)
words.click_ms   milliseconds from a click to the painted answer, the 95th percentile of the kind of question that takes
                 longest; of a page with one table (.cosine, .dot, .euclidean, .analogy: of each kind; .eight: of eight
                 people at once)                                                                           (<= 150 ms)
words.memory     MB that a process has for itself after opening and fifty questions, beyond what it had before (flat)

gensim takes minutes for the suite, as many for one question as for another: it is asked every fortieth, and what it
takes is multiplied.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench import words_click, words_file, words_map
from tests.bench.measure import PAIRS, result
from tests.bench.words_side import Ask, side

QUERIES = 50
PAUSE_SECONDS = 0.1  # until the threads of the other have stopped to look for more work
EVERY = 40
RESTRICT = 300_000


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    text, binary = words_file.files()
    with tempfile.TemporaryDirectory(dir=words_file.folder()) as kept:
        with side("ours") as ours, side("gensim") as gensim:
            yield result("words.open", [(ours("open", str(text), kept)[0], gensim("open", str(text), "")[0])])
            own = f"{kept}/own.kv"
            gensim("keep", own)
            rows = [(1e3 * ours("open", str(text), kept)[0], 1e3 * gensim("open", own, "")[0]) for _ in range(PAIRS)]
            yield result("words.reopen_ms", rows)
        with side("ours") as ours, side("gensim") as gensim:
            before = [ask("memory")[1] for ask in (ours, gensim)]
            ours("open", str(text), kept)
            gensim("open", str(binary), "")
            yield result("words.top10", top10(ours, gensim))
            after = [ask("memory")[1] for ask in (ours, gensim)]
            yield result("words.memory", [(after[0] - before[0], after[1] - before[1])])
            yield result("words.suite", [suite(ours, gensim, Path(kept)) for _ in range(PAIRS)])
    yield words_map.row()
    yield from words_click.rows()


def top10(ours: Ask, gensim: Ask) -> list[tuple[float, float]]:
    """Ask both for the neighbours of the same words, in turn; return milliseconds."""
    names = words_file.words(words_file.ROWS)
    rows = []
    for row in np.random.default_rng(1).integers(0, len(names), QUERIES + 1).tolist():
        asked = []
        for ask in (ours, gensim):
            time.sleep(PAUSE_SECONDS)
            asked.append(ask("top10", names[row]))
        (mine, own), (theirs, others) = asked
        if own != others:
            raise AssertionError(f"{names[row]}: {own} are not gensim's neighbours {others}")
        rows.append((1e3 * mine, 1e3 * theirs))
    return rows[1:]  # the first has brought both into memory


def suite(ours: Ask, gensim: Ask, folder: Path) -> tuple[float, float]:
    """Return our seconds for the whole suite, and gensim's, from some of its questions, to which answers are equal."""
    few, sections = folder / "few.txt", words_file.questions()
    some = [section[::EVERY] for section in sections]
    few.write_text("".join(": some\n" + "".join(" ".join(four) + "\n" for four in section) for section in some))
    seconds, answers = gensim("suite", str(few), RESTRICT)
    _, own = ours("suite", str(few), RESTRICT)
    if own != answers:
        raise AssertionError(f"{own} are not gensim's answers {answers}")
    whole, _ = ours("suite", str(words_file.SUITE), RESTRICT)
    return whole, seconds * sum(map(len, sections)) / sum(map(len, some))
