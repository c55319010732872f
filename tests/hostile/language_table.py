# ruff: noqa: E501
"""Every text that might harm whoever has a net go on with it, and every question that is none, one row for each."""

import gzip
import pickle
import random
from itertools import repeat

from tests.engine.labs import test_generation, test_generation_answers
from tests.engine.language import test_going_on, test_pieces
from tests.hostile import language as g
from tests.hostile.corpora_table import KINDS
from tests.hostile.greedy import Touch
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row, held

LANGUAGE = "Texts to be gone on with"
MEGABYTE = 2**20
MARKUP = " ".join(PAYLOADS)
EMPTY = "t.txt is empty: expected a text with words in it."
WORDS = {"symbols": "words"}
UNKNOWN = "Not known to the net, so read as the unknown symbol: "


def refuses(item: str, what: str, made: g.Made, sentence: str, name: str = "t.txt", **settings: str) -> Row:
    return Row(LANGUAGE, item, what, run=g.refused(g.opened, made, sentence, name, **settings))


def learns(item: str, what: str, made: g.Made, different: int, name: str = "t.txt", **settings: str) -> Row:
    return Row(LANGUAGE, item, what, run=g.learnt(made, different, name, **settings))


def unattended(item: str, what: str, made: g.Made, sentence: str, **settings: str) -> Row:
    return Row(LANGUAGE, f"attended to: {item}", what, run=g.refused(g.opened_by_attention, made, sentence, **settings))


def attended(item: str, what: str, made: g.Made, different: int, typed: str, **settings: str) -> Row:
    return Row(LANGUAGE, f"attended to: {item}", what, run=g.attended(made, different, typed, **settings))


def asked(what: str, text: bytes, says: str) -> Row:
    return Row(LANGUAGE, "typed and asked", what, run=g.asked(text, says))


def not_asked(what: str, kind: str, sentence: str, **settings: object) -> Row:
    return Row(LANGUAGE, "questions that are none", what, run=g.not_asked(kind, settings, sentence))


def kinds_of(text: str) -> int:
    return len(set(text))


OF_LANGUAGE = (
    refuses("no text", "no bytes", b"", EMPTY),
    refuses("no text", "blanks alone", b" \n\t" * 99, EMPTY),
    refuses("no text", "line ends alone", b"\n" * 5_000, EMPTY),
    refuses("no text", "a mark alone", b"\xef\xbb\xbf", EMPTY),
    refuses("one character", "", b"a", "t.txt is too short to be learnt: expected at least 200 characters, received 1."),
    refuses("one character", "one too few", b"ab" * 99 + b"c", "t.txt is too short to be learnt: expected at least 200 characters, received 199."),
    learns("one character", "just enough", b"ab" * 100, 2),
    refuses("one class", "one character over and over", b"a" * 5_000, "t.txt is always the same: expected at least 2 different characters, received 1"),
    refuses("one class", "one mark over and over, as words", b"." * 5_000, "t.txt is always the same: expected at least 2 different words, received 1", **WORDS),
    refuses("one class", "the sign for what cannot be shown", "\ufffd".encode() * 3_000, "t.txt is always the same: expected at least 2 different characters, received 0"),
    refuses("one class", "one word without end", b"a" * 5_000, "t.txt is too short to be learnt: expected at least 200 words, received 1.", **WORDS),
    learns("one class", "one word over and over", b"a " * 5_000, 3, **WORDS),
    learns("50 MB in one line", "by characters", lambda: repeat(b"ab " * 2**18, 67), 3),
    learns("50 MB in one line", "by words", lambda: repeat(b"ab " * 2**18, 67), 2, **WORDS),
    learns("50 MB in one line", "of emoji", lambda: repeat("😀🙂 ".encode() * 2**17, 45), 3),
    refuses("50 MB in one line", "one word", lambda: repeat(b"a" * MEGABYTE, 50), "t.txt is too short to be learnt: expected at least 200 words, received 1.", **WORDS),
    learns("50 MB in one line", "packed", lambda: [gzip.compress(b"ab " * (17 * MEGABYTE))], 3, "t.txt.gz"),
    *(refuses("not text", kind, data, f"t.txt is {said}") for kind, (data, said) in KINDS.items()),
    refuses("not text", "a pickle that would run", lambda: [pickle.dumps(Touch("hacked"))], "t.txt is a pickle"),
    refuses("not text", "random bytes", random.Random(1).randbytes(5_000), "t.txt is no text"),
    refuses("not text", "NUL", b"ab\0c" * 1_000, "t.txt is no text in UTF-8: it holds bytes that are zero."),
    refuses("not text", "lone surrogates", b"a \xed\xa0\x80 b" * 500, "t.txt is no text in UTF-8: byte 3 is none of it."),
    refuses("not text", "Latin-1", "Zoë ".encode("cp1252") * 500, "t.txt is no text in UTF-8: byte 3 is none of it."),
    learns("other encodings", "Latin-1, chosen", "Zoë ".encode("cp1252") * 500, 4, encoding="cp1252"),
    learns("other encodings", "UTF-16 with its mark", ("Zoe is here. " * 200).encode("utf-16"), kinds_of("Zoe is here. ")),
    learns("other encodings", "a byte order mark", b"\xef\xbb\xbf" + b"hello " * 999, kinds_of("hello ")),
    learns("right to left and emoji", "by characters", "שלום עולם \u202eevil\u202c مرحبا\n".encode() * 500, kinds_of("שלום עולם \u202eevil\u202c مرحبا\n")),
    learns("right to left and emoji", "by words", "שלום עולם \u202eevil\u202c مرحبا\n".encode() * 500, 7, **WORDS),
    learns("right to left and emoji", "signs put together of several", "👩‍🚀🙂e\u0301".encode() * 2_000, kinds_of("👩‍🚀🙂e\u0301")),
    learns("right to left and emoji", "U+2028 and lines over lines", "ab\u2028cd\u0085e\x0b\x0c".encode() * 500, 9),
    learns("right to left and emoji", "CR only", b"abc def\r" * 500, kinds_of("abc def\n")),
    learns("many different symbols", "twenty thousand signs", "".join(chr(0x4E00 + at) for at in range(20_000)).encode(), 1_999),
    learns("many different symbols", "as many words as there are", " ".join(f"w{at}" for at in range(4_000)).encode(), 3_518, most_words="8000", **WORDS),
    learns("markup", "by characters", MARKUP.encode() * 9, kinds_of(MARKUP)),
    learns("tables", "a column of one", b"a,b\n" + b"x,hello there\n" * 500, kinds_of("hello there\n"), "t.csv"),
    unattended("no text", "no bytes", b"", EMPTY),
    unattended("no text", "blanks alone", b" \n\t" * 99, EMPTY),
    unattended("one character", "one too few", b"ab" * 99 + b"c", "t.txt is too short to be learnt: expected at least 200 characters, received 199."),
    attended("one character", "just enough", b"ab" * 100, 2, "abab"),
    attended("one character", "just enough for the longest sequences", b"ab" * 100, 2, "abab", length="64"),
    unattended("one class", "one character over and over", b"a" * 5_000, "t.txt is always the same: expected at least 2 different characters, received 1"),
    *(unattended("not text", kind, data, f"t.txt is {said}") for kind, (data, said) in KINDS.items()),
    unattended("not text", "a pickle that would run", lambda: [pickle.dumps(Touch("hacked"))], "t.txt is a pickle"),
    unattended("not text", "Latin-1", "Zoë ".encode("cp1252") * 500, "t.txt is no text in UTF-8: byte 3 is none of it."),
    attended("other encodings", "Latin-1, chosen", "Zoë ".encode("cp1252") * 500, 4, "oë Z", encoding="cp1252"),
    attended("50 MB in one line", "", lambda: repeat(b"ab " * 2**18, 67), 3, "ab a"),
    attended("right to left and emoji", "", "שלום עולם \u202eevil\u202c مرحبا 😀\n".encode() * 500, kinds_of("שלום עולם \u202eevil\u202c مرحبا 😀\n"), "\u202eevil 😀"),
    attended("right to left and emoji", "CR only", b"abc def\r" * 500, kinds_of("abc def\n"), "abc"),
    attended("many different symbols", "sixteen thousand signs", "".join(chr(0x4E00 + at) for at in range(20_000)).encode(), 2_000, "\u4e00\u4e01\ufffd"),
    attended("markup", "", MARKUP.encode() * 9, kinds_of(MARKUP), PAYLOADS[0][:16]),
    asked("1 MB of text", b"The mill " * (MEGABYTE // 9), "Likeliest next: "),
    asked("lone surrogates", b"a\xed\xa0\x80b", f"{UNKNOWN}the unknown symbol."),
    asked("NUL", b"ab\0c", f"{UNKNOWN}«U+0000»."),
    asked("right to left", "\u202eevil".encode(), f"{UNKNOWN}«U+202E»."),
    asked("emoji", "👩‍🚀".encode(), f"{UNKNOWN}«👩», «U+200D», «🚀»."),
    asked("markup", PAYLOADS[0].encode(), UNKNOWN),
    asked("2,000 different signs", "".join(chr(0x4E00 + at) for at in range(2_000)).encode(), " and 1,995 more."),
    not_asked("a step of a beam without end", "continue", "beams: expected a whole number from 1 to 20", strategy="beam", beams=10**9),
    not_asked("a truth for a length", "continue", "expected a whole number from 1 to 400", length=True),
    not_asked("a text for the chances", "continue", "expected a whole number", draw="x"),
    not_asked("a temperature that is none", "continue", "temperature: expected", temperature="nan"),
    not_asked("a list for a sentence", "compare", "expected at most 2,000 characters", first=["a"], second="b"),
    not_asked("a sentence too long", "compare", "expected at most 2,000 characters", first="a" * 2_001, second="b"),
    not_asked("a question of another lab", "why", "A language model is asked one of look, continue, compare, not 'why'."),
    *(Row(LANGUAGE, "explained with bad indices", f"{array} {index}", run=g.not_explained(array, index)) for array, index in (
        ("choice.told", (99,)), ("choice.told", (-1,)), ("choice.told", ()), ("map.x", (40,)), ("map.near", (0, 5)),
        ("excerpt.unit", (0, 0)), ("units.states", (8, 0)), ("weights.head.weight", (-1, 0)), ("weights.nothing.weight", (0, 0)),
        ("scalars.nothing", ()), ("text.learnt", (0,)), ("__proto__", (0,)))),
    *held(LANGUAGE, "numbers that are none", (test_generation.test_a_net_whose_weights_are_no_numbers_is_still_looked_at, "beam"),
          test_pieces.test_what_is_carried_can_be_kept_and_taken_up,
          test_generation.test_a_checkpoint_of_no_step_is_told),
    *held(LANGUAGE, "a look that takes long", test_going_on.test_a_large_net_goes_on_for_as_far_as_there_is_time_and_a_small_one_for_as_far_as_is_asked),
    *held(LANGUAGE, "questions that are none", test_generation_answers.test_line_ends_are_typed_as_signs_and_nothing_typed_is_refused),
)  # fmt: skip
