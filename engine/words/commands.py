"""``python -m engine words FILE ...``: the questions that one asks of a space, without a browser."""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

from engine.errors import DataError
from engine.words.space import Method, Metric, Ranked, Space

SUITES = {
    "question-words": "questions-words.txt",
    "wordsim353": "wordsim353.tsv",
    "simlex999": "simlex999.txt",
}
"""Suites by name, as gensim brings them along."""


def add_commands(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], Iterator[str]]) -> None:
    """Describe the commands about a file of vectors; each is carried out by ``run``."""
    parser.add_argument("file", metavar="FILE", help="vectors of word2vec, GloVe or fastText, as text or binary, or gz")
    questions = parser.add_subparsers(required=True, metavar="QUESTION", dest="question")
    neighbours = questions.add_parser("neighbours", help="the words nearest to one, or to a mix: king - man + woman")
    neighbours.add_argument("query", metavar="WORD")
    neighbours.add_argument("--metric", choices=get_args(Metric), default="cosine")
    analogy = questions.add_parser("analogy", help="the answers to king - man + woman")
    analogy.add_argument("query", metavar="FORMULA")
    analogy.add_argument("--method", choices=get_args(Method), default="3cosadd")
    analogy.add_argument("--with-inputs", action="store_true", help="the words of the question may be answers")
    score = questions.add_parser("score", help="how good the space is at a suite")
    score.add_argument("suite", metavar="SUITE", help=f"{', '.join(SUITES)}, or a file")
    score.add_argument("--restrict", type=_count, metavar="N", default=300_000, help="only the first N words")
    score.add_argument("--case-sensitive", action="store_true", help="King and king are two words")
    info = questions.add_parser("info", help="what is in the file, and what was left out")
    for command in (neighbours, analogy):
        command.add_argument("--k", type=_count, metavar="N", default=10, help="so many answers")
    for command in (neighbours, analogy, score, info):
        command.add_argument("--limit", type=_count, metavar="N", help="only the first N rows of the file")
        command.add_argument("--json", action="store_true", help="one JSON object")
        command.set_defaults(command=run)


def answer(options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines that answer a question; raises DataError."""
    from engine.words import load

    space = load(options.file, options.limit)
    told = QUESTIONS[options.question](space, options)
    if options.json:
        yield _readable(json.dumps(without_nan(told), ensure_ascii=False))
    else:
        yield from _lines(told)


def _neighbours(space: Space, options: argparse.Namespace) -> dict[str, Any]:
    from engine.words.formula import parse

    query = options.query if options.query in space else parse(options.query).mix
    if not isinstance(query, str) and list(query.values()) == [1.0]:
        (query,) = query
    found = space.neighbours(query, options.k, options.metric)
    return {"query": options.query, "metric": options.metric, "neighbours": _ranked(found)}


def _analogy(space: Space, options: argparse.Namespace) -> dict[str, Any]:
    from engine.words.formula import parse

    asked = parse(options.query)
    found = space.analogy(
        asked.positive, asked.negative, options.k, options.method, exclude_inputs=not options.with_inputs
    )
    return {"formula": str(asked), "method": options.method, "answers": _ranked(found)}


def _score(space: Space, options: argparse.Namespace) -> dict[str, Any]:
    from engine.words import evaluate

    file = suite_file(options.suite)
    settings = (options.restrict, not options.case_sensitive)
    if not _has_sections(file):
        found = evaluate.word_similarity(space, file, *settings)
        return {"suite": options.suite, **{name: getattr(found, name) for name in found.__slots__}}
    accuracy = evaluate.question_words(space, file, *settings)
    rows = [
        {"section": s.name, "accuracy": s.accuracy, "correct": s.correct, "asked": s.asked, "skipped": s.skipped}
        for s in (*accuracy.sections, accuracy.total)
    ]
    return {"suite": options.suite, "sections": rows}


def _info(space: Space, _options: argparse.Namespace) -> dict[str, Any]:
    record = space.provenance
    return {
        "source": record.source,
        "kind": record.kind,
        "words": len(space),
        "dimensions": space.dimensions,
        "sha256": record.sha256,
        "limit": record.limit,
        "subwords": record.subwords._asdict() if record.subwords else None,
        "notes": list(record.notes),
        "dropped": [{"why": d.why, "rows": d.count, "first": d.first} for d in record.dropped],
    }


QUESTIONS: Mapping[str, Callable[[Space, argparse.Namespace], dict[str, Any]]] = {
    "neighbours": _neighbours,
    "analogy": _analogy,
    "score": _score,
    "info": _info,
}


def _readable(text: str) -> str:
    """Return JSON in which what a terminal takes for orders, or turns around, is escaped."""
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def _ranked(found: Ranked) -> list[dict[str, Any]]:
    return [{"word": word, "score": score} for word, score in found]


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Write an answer as lines for a person: one for each value, and one for each row of a table."""
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield "  ".join(value[0])
            for row in value:
                yield "  ".join(_written(cell) for cell in row.values())
        elif value not in (None, []):
            yield f"{name}: {_written(value)}"


def _written(value: Any) -> str:
    if isinstance(value, float):
        return "-" if math.isnan(value) else f"{value:.4f}"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, int):
        return f"{value:,}"
    # A word may hold anything, also what a terminal takes for orders.
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def without_nan(value: Any) -> Any:
    """Return a value for JSON, which has no word for NaN."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: without_nan(one) for name, one in value.items()}
    return [without_nan(one) for one in value] if isinstance(value, list) else value


def suite_file(name: str) -> Path:
    """Return the file of a suite; gensim is asked where it lies, not imported."""
    gensim = find_spec("gensim") if name in SUITES else None
    if gensim and gensim.submodule_search_locations:
        return Path(gensim.submodule_search_locations[0]) / "test" / "test_data" / SUITES[name]
    if name in SUITES:
        raise DataError(f"The suite {name} comes with gensim, which is not installed: give the path of a file.")
    if not Path(name).is_file():
        raise DataError(f"There is no suite {name[:60]!r}: expected one of {', '.join(SUITES)}, or a file.")
    return Path(name)


def _has_sections(file: Path) -> bool:
    """Tell whether a suite is one of analogies."""
    with file.open("rb") as stream:
        return stream.read(1_000).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b":")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10**9):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, received {text[:60]!r}")
    return int(text)
