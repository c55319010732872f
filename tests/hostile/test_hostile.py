"""The one table of hostile things: each row is run here, or names the test that holds it; all of them are counted."""

import importlib
import inspect
from collections import Counter

import pytest

from tests.hostile.corpora_table import CORPORA
from tests.hostile.images_table import IMAGES
from tests.hostile.language_table import LANGUAGE
from tests.hostile.models_table import MODELS
from tests.hostile.row import Row
from tests.hostile.sequences_table import SEQUENCES
from tests.hostile.table import FILES, LINKS, TABLE, WEB, WORKERS
from tests.hostile.translation_table import TRANSLATION
from tests.hostile.vectors_disguised import COMPRESSED, DISGUISED
from tests.hostile.vectors_table import BINARY, TEXT

RUN = [row for row in TABLE if row.run]
HELD = [row for row in TABLE if row.held]
LATER = [row for row in TABLE if row.later]
ITEMS = {
    WEB: (
        *(f"twelve payloads through {place}" for place in (
            "run names", "class names", "labels", "file names", "CSV column names and cells", "errors", "links",
            "axis titles", "hover", "CSV exports", "class table", "sentences that are cut", "explanation box",
            "steps of a sequence", "notes' try blocks", "the script of a run", "words")),
        "a markdown image pointing elsewhere", "__proto__ keys into components", "textContent only",
        "WebSocket with a foreign, null or missing Origin", "POST with a foreign, null or missing Origin",
        "foreign Host", "guessed run ids", "another person's control token", "upload over the limit", "lying length",
        "sixty uploads in a session", "../../x as a name", "Range with 1,000 parts",
        "50,000 rerun messages a second from one client", "a watcher that never reads",
        "answers that nobody reads", "uploads that hardly come", "three thousand uploads",
        "questions that take a minute",
        "connections without a request", "questions that are not answered", "every route listed with its guard",
    ),
    LINKS: (
        "nan", "inf", "unknown keys", "a key twice", "10 KB values", "wrong enum", "seed 10^400",
        "a look 10^400 away", "two tabs that open two files",
        "a link to a deleted run", "a link to another version's spec", "SQL in names", "SQL in sort columns",
        "two sessions edit one run", "double click starts one run", "database locked", "database deleted",
        "database corrupt", "database read-only", "disk full at a frame", "disk full at a checkpoint",
        "disk full at an upload", "schema newer than the app",
        "nonsense for the index page",
        "measurements that are damaged",
    ),
    WORKERS: (
        "kill -9 in a step", "kill -9 in a checkpoint", "a hung worker", "out of memory", "loss becomes NaN",
        "a step that never ends", "changes without end", "a flood of questions to a net",
        "questions that are none", "a process that answers about the past hangs", "a flood of frames",
        "a garbage frame", "the server killed",
        "SIGTERM drains", "forty who ask and leave", "two who download for an hour",
        "a file that is another once its turn comes",
        "socket lost for a minute", "30 runs started in 5 s", "one person starts 50", "no network at all",
        "a download cut", "a download with a wrong hash", "a download redirected to a file: or link-local address",
    ),
    TRANSLATION: (
        "ragged pair files", "empty sides", "no bytes", "a line of 10,000 words", "50 MB in one line",
        "another thing under the name of pairs", "mixed encodings", "the same source again",
        "twelve payloads through pairs", "asked of a net",
    ),
    FILES: (
        "limits on memory, CPU time and file size", "no bytes", "one token", "50 MB in one line",
        "10^6 different tokens", "punctuation only", "mixed encodings", "a PNG under another name",
        "a pickle under any name", "compressed", "CSV with ragged rows", "CSV with open quotes",
        "CSV with 10,000 columns", "CSV with formulas", "CSV with headers twice", "CSV with a header alone",
        "numbers that are none", "a right-to-left override", "decimal commas", "tables of random bytes",
        "JSON 100,000 deep", "a 50,000 x 50,000 PNG read as a picture", "a cut JPEG read as a picture",
        "SVG with script read as a picture", "a token pattern like (a+)+$",
        "pictures of one's own",
    ),
    TEXT: (
        "limits on memory, CPU time and file size", "empty", "header only", "fewer rows than the header",
        "more rows than the header", "no header (GloVe)", "header 10^12 x 300", "negative, fractional, zero counts",
        "3,000,000 x 300 with one row", "wrong number of columns in a row", "not a number", "decimal comma",
        "NaN, inf, 1e400", "all-zero vector", "duplicate words", "words with spaces", "an empty word",
        "a blank-only word", "a word with NUL", "a word with U+2028", "a word with a right-to-left override",
        "a word 1 MB long", "one 100 MB line", "Latin-1", "UTF-16", "a byte order mark", "lone surrogates",
        "CRLF, CR only, tabs", "markup as words", "words that begin with = + - @", "1e38 values",
    ),
    BINARY: (
        "word2vec .bin", "word2vec .bin cut short", "word2vec .bin with more rows", "huge header", "endless word",
        "text given as .bin", "big-endian", "NaN inside", "words that are none", "random bytes", "fastText .bin",
        "fastText .bin random", "fastText of another version", "fastText compressed", "huge or negative vocabulary",
        "huge dimension or bucket count", "a word without NUL", "cut at every tenth",
    ),
    DISGUISED: (
        "a pickle under any name", "joblib", ".pt with __reduce__", "object .npy", ".npy header of 400 GB",
        ".npz and .zip", "safetensors", "a FAISS index", ".onnx with external data", "other kinds",
    ),
    COMPRESSED: (
        "gz", "gz of 1 GB in one line", "gz of zeros", "caps of bytes and ratio", "zip ratio 1000", "nested zips",
        "cut", "bad CRC", "plain text named .gz", "several gz members in a row",
    ),
    CORPORA: (
        "limits on memory, CPU time and file size", "no bytes", "one token", "50 MB in one line",
        "10^6 different tokens", "punctuation only", "mixed encodings", "another thing under the name of a text",
        "CSV with ragged rows", "CSV with open quotes", "CSV with 10,000 columns", "CSV with formulas",
        "JSON 100,000 deep", "a token pattern like (a+)+$", "compressed", "markup as words", "../../x as a name",
        "texts with labels",
    ),
    IMAGES: (
        "no bytes", "one of many that cannot be read", "all that cannot be read", "pictures of all kinds", "zips",
        "too few", "IDX", "CIFAR-10", "another thing under the name of images", "limits of a person and of the disk",
        "../../x as a name", "one that brings its reader to an end", "half of the classes, and few images",
        "names through the script of a run", "pictures on the server that change meanwhile",
    ),
    SEQUENCES: (
        "no bytes", "one character", "one class", "50 MB in one line", "another thing under the name of texts",
        "left out, the others are learnt", "NUL", "right to left and emoji", "other encodings", "CSV with ragged rows",
        "CSV with open quotes", "CSV with formulas", "CSV with 10,000 columns", "10,000 classes", "names as markup",
        "zips", "asked of a net", "../../x as a name", "limits of a person and of the disk",
    ),
    LANGUAGE: (
        "no text", "one character", "one class", "50 MB in one line", "not text", "other encodings",
        "right to left and emoji", "many different symbols", "markup", "tables", "typed and asked",
        "questions that are none", "explained with bad indices", "numbers that are none", "a look that takes long",
        "attended to: no text", "attended to: one character", "attended to: one class",
        "attended to: 50 MB in one line", "attended to: not text", "attended to: other encodings",
        "attended to: right to left and emoji", "attended to: many different symbols", "attended to: markup",
    ),
    MODELS: (
        "a model that is whole", "config.json", "a missing tensor", "a wrong-shaped tensor", "a tensor too many",
        "numbers that are none", "a pickle", "safetensors", "several files", "symbols", "files that are brought",
        "a zip archive", "ids of models", "a sentence", "a folder that changes",
    ),
}  # fmt: skip


@pytest.mark.timeout(400)  # whichever row comes first has a browser walk through all places before it
@pytest.mark.parametrize("row", RUN, ids=lambda row: row.name)
def test_it_is_borne(row: Row, request: pytest.FixtureRequest):
    assert row.run is not None
    row.run(**{name: request.getfixturevalue(name) for name in inspect.signature(row.run).parameters})


def cases(test: object) -> set[str]:
    """Return all single values that a test is run with, and the names of its cases."""
    found: set[str] = set()
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            for values in mark.args[1]:
                found |= {str(value) for value in (values if isinstance(values, tuple) else (values,))}
            found |= set(mark.kwargs["ids"]) if isinstance(mark.kwargs.get("ids"), list) else set()
    return found


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.name)
def test_it_is_held_by_a_test_that_runs(row: Row):
    """A test that was renamed or moved fails as the table is imported; one that is skipped holds nothing."""
    assert row.held is not None
    module = importlib.import_module(row.held.__module__)
    assert module.__name__.rpartition(".")[2].startswith("test_")
    assert getattr(module, row.held.__name__) is row.held
    assert row.held.__name__.startswith("test_")
    assert not {mark.name for mark in getattr(row.held, "pytestmark", ())} & {"skip", "skipif", "xfail"}
    assert not row.case or row.case in cases(row.held)


def test_every_item_has_its_rows_and_every_row_its_item():
    for section, items in ITEMS.items():
        assert len(set(items)) == len(items)
        assert {row.item for row in TABLE if row.section == section} == set(items), section
    assert {row.section for row in TABLE} == set(ITEMS)
    names = Counter((row.section, row.name) for row in TABLE)
    assert not [name for name, times in names.items() if times > 1]
    assert all(sum(map(bool, (row.run, row.held, row.later))) == 1 for row in TABLE)


def test_what_this_app_does_not_meet_yet_is_said_with_its_reason():
    assert {row.item for row in LATER} == {"a token pattern like (a+)+$"}


def test_the_rows_are_counted():
    counted = Counter(row.section for row in TABLE if not row.later)
    vectors = {TEXT: 92, BINARY: 65, DISGUISED: 50, COMPRESSED: 27}
    assert counted == {
        WEB: 91,
        LINKS: 41,
        WORKERS: 64,
        FILES: 78,
        **vectors,
        CORPORA: 73,
        IMAGES: 109,
        SEQUENCES: 118,
        LANGUAGE: 99,
        MODELS: 194,
        TRANSLATION: 35,
    }
