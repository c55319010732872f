"""Every pair of texts that might harm whoever learns from it, one row for each."""

import gzip
import random

from tests.engine.translation import test_own
from tests.hostile import translation as t
from tests.hostile.corpora_table import KINDS
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row, held

TRANSLATION = "Pairs to translate"
MEGABYTE = 2**20
ONCE = "expected in each line a source, a tab and its target, or the targets in a second file"


def refuses(item: str, what: str, data: t.Data, sentence: str, name: str = "p.txt") -> Row:
    return Row(TRANSLATION, item, what, run=t.refused(data, sentence, name))


def learns(item: str, what: str, data: t.Data, left_out: str = "", pairs: int = 30, **settings: object) -> Row:
    return Row(TRANSLATION, item, what, run=t.learnt(data, left_out, pairs, **settings))  # type: ignore[arg-type]


def asked(what: str, text: bytes, says: str) -> Row:
    return Row(TRANSLATION, "asked of a net", what, run=t.asked(text, says))


OF_TRANSLATION = (
    learns("ragged pair files", "a line without a tab", b"alone\n" + t.GOOD, "Left out: line 1 has no tab."),
    learns("ragged pair files", "more cells than two", b"a\tb\tc\td\n" + t.GOOD, "", 31),
    learns("ragged pair files", "blank lines between", t.GOOD.replace(b"\n", b"\n \n\n")),
    refuses(
        "ragged pair files",
        "no tab in any line",
        b"just\na text\n",
        f"p.txt holds no pairs: {ONCE}. Left out: line 1 has no tab (1 more as well).",
    ),
    *held(TRANSLATION, "ragged pair files", test_own.test_lines_of_two_files_belong_together),
    learns("empty sides", "a source", b"\tx\n" + t.GOOD, "Left out: line 1 has an empty side."),
    learns("empty sides", "a target", b"x\t\n" + t.GOOD, "Left out: line 1 has an empty side."),
    learns("empty sides", "of blanks", b"x\t \xe2\x80\xa8 \n" + t.GOOD, "Left out: line 1 has an empty side."),
    refuses(
        "empty sides",
        "in all lines",
        b"\tx\ny\t\n",
        f"p.txt holds no pairs: {ONCE}. Left out: line 1 has an empty side",
    ),
    refuses("no bytes", "", b"", "p.txt is empty"),
    refuses("no bytes", "tabs alone", b"\t\t\t\n", "p.txt is empty"),
    learns(
        "a line of 10,000 words",
        "",
        b"w " * 9_000 + b"\tx\n" + t.GOOD,
        "Left out: line 1 has more than 40 words on a side.",
    ),
    learns(
        "a line of 10,000 words",
        "longer than a line may be",
        b"word " * 10_000 + b"\tx\n" + t.GOOD,
        "Left out: line 1 is longer than 20,000 characters.",
    ),
    learns(
        "50 MB in one line",
        "ahead of pairs",
        lambda: b"a" * 50 * MEGABYTE + b"\n" + t.GOOD,
        "Left out: line 1 is longer than 20,000 characters.",
    ),
    refuses(
        "50 MB in one line",
        "alone",
        lambda: b"a" * 50 * MEGABYTE,
        f"p.txt holds no pairs: {ONCE}. Left out: line 1 is longer",
    ),
    refuses(
        "50 MB in one line",
        "packed",
        lambda: gzip.compress(b"a" * 50 * MEGABYTE + b"\n" + t.GOOD),
        "p.txt.gz unpacks to more than 16 MB from",
        "p.txt.gz",
    ),
    *(
        refuses("another thing under the name of pairs", kind, data, f"p.txt is {said}")
        for kind, (data, said) in KINDS.items()
    ),
    refuses(
        "another thing under the name of pairs",
        "random bytes",
        random.Random(1).randbytes(5_000),
        "p.txt is no text in UTF-8",
    ),
    refuses(
        "mixed encodings", "", "Zoë\tx\n".encode("cp1252") + t.GOOD, "p.txt is no text in UTF-8: byte 3 is none of it"
    ),
    learns(
        "the same source again", "", t.GOOD * 3, "Left out: line 31 has a source that came before (59 more as well)."
    ),
    learns(
        "twelve payloads through pairs",
        "",
        "".join(
            f"{one}\t{one}\n".replace("\r", " ") for one in dict.fromkeys(" ".join(one.split()) for one in PAYLOADS)
        ).encode(),
        "",
        len({" ".join(one.split()) for one in PAYLOADS}),
        own_most=120,
    ),
    asked("unknown characters", "twenty 中文 🤖".encode(), "The net does not know"),
    asked("markup", PAYLOADS[0].encode(), "The net does not know"),
    asked("1 MB of text", b"one " * (MEGABYTE // 4), "It is read up to symbol"),
    asked("not UTF-8", b"\xff\xfe\x00one", "The net does not know"),
    asked("lone surrogates", b"a\xed\xa0\x80b", "The net does not know"),
)
