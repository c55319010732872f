# ruff: noqa: E501
"""The rows of files of vectors in the one table of hostile things: those that are text, and those that are binary."""

import math

from tests.engine.words import test_kept_whole
from tests.hostile import vectors_opened as v
from tests.hostile.row import Row, held
from tests.hostile.vectors import (
    GOOD,
    MEGABYTE,
    ROWS,
    binary,
    fasttext,
    gzipped,
    random_bytes,
    random_model,
    repeated,
    row,
)
from tests.pages import test_words

TEXT, BINARY = "Embedding text files", "Binary vectors"
NO_HEADER = "v.txt, line 1: a header is two whole numbers above zero, how many rows there are and how many numbers in each; received "
FEWER, NONE = v.FEWER, "there are fewer than 3 numbers, or one of them is none"
COMMA, INFINITE = "a number is written with a decimal comma", "a number is NaN or infinite"
ONE_WIDE = b"word " + b" ".join([b"0.5"] * 300) + b"\n"
ONE_WIDE_BINARY = binary({b"word": [0.5] * 300}, head=b"3000000 300\n")
NOTE = "The header promises 3,000,000 rows, and there are 1."
UTF_16 = "v.txt is text in UTF-16: expected vectors as "

OF_TEXT = (
    Row(TEXT, "limits on memory, CPU time and file size", "memory", run=v.beyond_its_limits("hoard", "This needs more memory than there is")),
    Row(TEXT, "limits on memory, CPU time and file size", "writing", run=v.beyond_its_limits("write", "This cannot be done just now")),
    Row(TEXT, "limits on memory, CPU time and file size", "a crash", run=v.beyond_its_limits("crash", "The process that worked on this has ended")),
    Row(TEXT, "limits on memory, CPU time and file size", "no file is read in the server", run=v.nothing_is_read_here),
    *held(TEXT, "limits on memory, CPU time and file size", test_kept_whole.test_a_reading_that_stands_still_is_given_up,
          test_kept_whole.test_a_reading_that_goes_on_for_too_long_is_given_up,
          test_kept_whole.test_what_a_killed_opening_left_is_tidied_away_and_what_one_writes_is_not),
    Row(TEXT, "empty", "as an upload", run=v.refused_at_once(b"", "v.txt is empty: expected vectors as ")),
    Row(TEXT, "empty", "on the server", run=v.refused_on_the_server(b"", "v.txt is empty: expected vectors as ")),
    Row(TEXT, "empty", "blanks alone", run=v.refused(b" \n\n \t\n", "v.txt is empty: expected vectors as ")),
    Row(TEXT, "header only", run=v.refused(b"3 3", "v.txt has a header and no rows: expected vectors as ")),
    Row(TEXT, "header only", "and the end of its line", run=v.refused(b"3 3\n", "v.txt has a header and no rows: expected vectors as ")),
    Row(TEXT, "fewer rows than the header", run=v.loaded(b"9 3\n" + GOOD, note="The header promises 9 rows, and there are 3.")),
    Row(TEXT, "more rows than the header", run=v.loaded(b"1 3\n" + GOOD, note="The header promises 1 rows, and there are 3.")),
    Row(TEXT, "no header (GloVe)", run=v.loaded(GOOD, words=("the", "of", "and"))),
    Row(TEXT, "header 10^12 x 300", "no rows", run=v.refused(
        b"1000000000000 300\n", "v.txt, line 1: the header promises 1,000,000,000,000 rows, expected at most 2,147,483,647.", most=20)),
    Row(TEXT, "header 10^12 x 300", "one row", run=v.refused(
        b"1000000000000 300\n" + ONE_WIDE, "v.txt, line 1: the header promises 1,000,000,000,000 rows", most=20)),
    Row(TEXT, "header 10^12 x 300", "10^400", run=v.refused(b"1" + b"0" * 400 + b" 3\n" + GOOD, NO_HEADER + "'1000")),
    Row(TEXT, "header 10^12 x 300", "3 x 10^9", run=v.refused(
        b"3 999999999\n" + GOOD, "v.txt is no file of vectors: line 1, its header, promises rows of 999,999,999 numbers, expected 2 to 10,000.", most=20)),
    *(Row(TEXT, "negative, fractional, zero counts", said, run=v.refused(f"{said}\n".encode() + GOOD, f"{NO_HEADER}{said!r}."))
      for said in ("-3 3", "3 -3", "3.5 3", "3 2.5", "0 3", "3 0", "0 0", "1e12 300", "3,000 3")),
    Row(TEXT, "3,000,000 x 300 with one row", run=v.loaded(b"3000000 300\n" + ONE_WIDE, 1, note=NOTE, most=48)),
    Row(TEXT, "wrong number of columns in a row", "too few", run=v.loaded(row(b"to", b"1 2"), dropped={FEWER: (1, 4)})),
    Row(TEXT, "wrong number of columns in a row", "below a header", run=v.loaded(b"4 3\n" + row(b"to", b"1 2"), dropped={FEWER: (1, 5)})),
    Row(TEXT, "wrong number of columns in a row", "a word alone", run=v.loaded(GOOD + b"to\n", dropped={FEWER: (1, 4)})),
    Row(TEXT, "wrong number of columns in a row", "too many, which belong to the word", run=v.loaded(row(b"to", b"1 2 3 4"), 4, words=("to 1",))),
    Row(TEXT, "wrong number of columns in a row", "in all of them", run=v.refused(
        b"It was a bright cold day in April.\nNot a vector in sight.\n", "v.txt is no file of vectors: its first rows end in 0 numbers, expected 2 to 10,000.")),
    *(Row(TEXT, "not a number", said, run=v.loaded(row(b"to", f"1 {said} 3".encode()), dropped={NONE: (1, 4)}))
      for said in ("x", "0x10", "1_000", "--1", "1e", "1.2.3", "None", "\u0661", "__import__('os').mkdir('hacked')")),
    Row(TEXT, "decimal comma", run=v.loaded(row(b"to", b"1,5 2,5 3,5"), dropped={COMMA: (1, 4)})),
    Row(TEXT, "decimal comma", "in all rows", run=v.refused(
        b"the 1,5 2,5 3,5\nof 1,5 2,5 3,5\n", "v.txt is no file of vectors: its first rows end in 0 numbers")),
    *(Row(TEXT, "NaN, inf, 1e400", said, run=v.loaded(row(b"to", f"1 {said} 3".encode()), dropped={INFINITE: (1, 4)}))
      for said in ("nan", "NaN", "inf", "-Infinity", "1e400", "-1e39")),
    Row(TEXT, "NaN, inf, 1e400", "all rows", run=v.refused(
        b"3 3\nx nan 1 2\ny inf 1 2\n", "v.txt holds not one row that can be used: a number is NaN or infinite (row 2).")),
    Row(TEXT, "all-zero vector", run=v.loaded(row(b"to", b"0 0 0"), 4, words=("to",), also=v.without_direction("to"))),
    Row(TEXT, "all-zero vector", "all but zero", run=v.loaded(row(b"to", b"1e-45 0 -1e-45"), 4, words=("to",), also=v.without_direction("to"))),
    Row(TEXT, "duplicate words", run=v.loaded(GOOD + b"the 9 9 9\nthe 8 8 8\n", dropped={"the word was there before": (2, 4)}, also=v.is_at("the", 1, 2, 3))),
    Row(TEXT, "words with spaces", "as in GloVe 840B", run=v.loaded(GOOD + b". . . 1 2 3\nat name@domain.com 1 2 3\n", 5, words=(". . .", "at name@domain.com"))),
    Row(TEXT, "words with spaces", "that end in a number", run=v.loaded(row(b"year 1984"), 4, words=("year 1984",))),
    Row(TEXT, "an empty word", run=v.loaded(row(b""), dropped={"the word is empty": (1, 4)})),
    Row(TEXT, "a blank-only word", run=v.loaded(row(b"  "), dropped={"the word is empty": (1, 4)})),
    *(Row(TEXT, "a blank-only word", f"U+{ord(blank):04X}", run=v.loaded(row(blank.encode()), dropped={"the word is empty": (1, 4)}))
      for blank in "\u00a0\u3000\u2028"),
    Row(TEXT, "a word with NUL", run=v.loaded(row(b"a\0b"), dropped={"the word holds a NUL byte": (1, 4)})),
    *(Row(TEXT, f"a word with {name}", run=v.loaded(row(f"a{mark}b".encode()), 4, words=(f"a{mark}b",)))
      for name, mark in (("U+2028", "\u2028"), ("a right-to-left override", "\u202e"))),
    Row(TEXT, "a word 1 MB long", run=v.loaded(row(b"x" * MEGABYTE), dropped={"the word is longer than 1,000 bytes": (1, 4)})),
    Row(TEXT, "a word 1 MB long", "of blanks and letters", run=v.loaded(row(b"x " * (MEGABYTE // 2)), dropped={"the word is longer than 1,000 bytes": (1, 4)})),
    Row(TEXT, "one 100 MB line", run=v.refused(
        lambda _: repeated(b"1 " * (MEGABYTE // 2), 100, before=GOOD), "v.txt, line 4: a row of 3 numbers has at most 2,097,152 bytes, received one of at least ", most=64)),
    Row(TEXT, "one 100 MB line", "without a blank", run=v.refused(
        lambda _: repeated(b"1" * MEGABYTE, 100), "v.txt is no file of vectors: its first rows end in 0 numbers", most=64)),
    Row(TEXT, "Latin-1", run=v.loaded(row("café".encode("latin-1")), dropped={"the word is not written in UTF-8": (1, 4)})),
    *(Row(TEXT, "UTF-16", name, run=v.refused(GOOD.decode().encode(name), UTF_16)) for name in ("utf-16",)),
    Row(TEXT, "UTF-16", "the other way round", run=v.refused(b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), UTF_16)),
    Row(TEXT, "UTF-16", "without a mark", run=v.refused(GOOD.decode().encode("utf-16-le"), "v.txt is no file of vectors: its first rows end in 0 numbers")),
    Row(TEXT, "a byte order mark", run=v.loaded(b"\xef\xbb\xbf" + GOOD, words=("the",))),
    Row(TEXT, "a byte order mark", "before a header", run=v.loaded(b"\xef\xbb\xbf3 3\n" + GOOD, words=("the",))),
    *(Row(TEXT, "lone surrogates", name, run=v.loaded(row(word), dropped={"the word is not written in UTF-8": (1, 4)}))
      for name, word in (("the first half", b"\xed\xa0\x80"), ("the second half", b"\xed\xb0\x80"), ("both", b"\xed\xa0\x80\xed\xb0\x80"))),
    *(Row(TEXT, "CRLF, CR only, tabs", name, run=v.loaded(data, words=("the", "of", "and"), also=v.is_at("of", 4, 5, 6))) for name, data in (
        ("CRLF", GOOD.replace(b"\n", b"\r\n")), ("CR only", GOOD.replace(b"\n", b"\r")), ("tabs", GOOD.replace(b" ", b"\t")),
        ("CRLF with a header", b"3 3\r\n" + GOOD.replace(b"\n", b"\r\n")), ("CR only with a header", b"3 3\r" + GOOD.replace(b"\n", b"\r")),
        ("all of them", GOOD.replace(b"\n", b" \r\n", 1).replace(b" ", b"\t ", 2)))),
    *(Row(TEXT, "markup as words", word, run=v.loaded(row(word.encode()), 4, words=(word,)))
      for word in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")),
    *(Row(TEXT, "words that begin with = + - @", word, run=v.loaded(row(word.encode()), 4, words=(word,)))
      for word in ("=1+1", "+1", "-1", "@SUM(A1)")),
    *held(TEXT, "words that begin with = + - @", test_words.test_what_is_taken_away_is_no_formula_to_a_spreadsheet),
    Row(TEXT, "1e38 values", run=v.loaded(GOOD + b"to 1e38 1e38 1e38\nby -1e38 1e38 1e38\n", 5, also=v.similar("to", "by", 1 / 3))),
)  # fmt: skip

OF_BINARY = (
    Row(BINARY, "word2vec .bin", run=v.loaded(binary(), words=("the", "of", "and"), also=v.is_at("of", 4, 5, 6))),
    Row(BINARY, "word2vec .bin cut short", "in a number", run=v.refused(
        binary()[:-4], "v.txt is cut short: expected 12 bytes of row 3 at byte 41, received 9.")),
    Row(BINARY, "word2vec .bin cut short", "in a word", run=v.refused(
        binary()[:-15], "v.txt is no such file, or is damaged: expected the end of the word of row 3 within 1,001 bytes of byte 37.")),
    Row(BINARY, "word2vec .bin cut short", "between rows", run=v.loaded(
        binary()[:-17], 2, note="The header promises 3 rows, and there are 2.")),
    Row(BINARY, "word2vec .bin with more rows", run=v.loaded(
        binary(head=b"2 3\n"), 2, note="The header promises 2 rows, and there are more: those are not read.")),
    Row(BINARY, "huge header", "10^12 rows", run=v.refused(
        binary(head=b"1000000000000 3\n"), "v.txt, line 1: the header promises 1,000,000,000,000 rows", most=20)),
    Row(BINARY, "huge header", "3,000,000 x 300 with one row", run=v.loaded(ONE_WIDE_BINARY, 1, note=NOTE, most=48)),
    Row(BINARY, "huge header", "10^9 numbers a row", run=v.refused(
        binary(head=b"3 999999999\n"), "v.txt is no file of vectors: line 1, its header, promises rows of 999,999,999 numbers", most=20)),
    Row(BINARY, "huge header", "10,000 numbers a row", run=v.refused(
        binary(head=b"3 10000\n"), "v.txt is cut short: expected 40,000 bytes of row 1 at byte 12, received ", most=20)),
    Row(BINARY, "endless word", run=v.refused(
        lambda _: repeated(b"\x01" * MEGABYTE, 20, before=b"2 3\n"),
        "v.txt is no such file, or is damaged: expected the end of the word of row 1 within 1,001 bytes of byte 4.", most=20)),
    Row(BINARY, "endless word", "in the second row", run=v.refused(
        binary({b"a": [1.0, 2.0, 3.0], b"x" * 1_001: [1.0, 2.0, 3.0]}),
        "v.txt is no such file, or is damaged: expected the end of the word of row 2 within 1,001 bytes of byte 19.")),
    Row(BINARY, "endless word", "as long as one may be", run=v.loaded(
        binary({b"a": [1.0, 2.0, 3.0], b"x" * 1_000: [1.0, 2.0, 3.0]}), 2, words=("x" * 1_000,))),
    Row(BINARY, "text given as .bin", run=v.loaded(b"3 3\n" + GOOD, name="v.bin", words=("the", "of", "and"))),
    Row(BINARY, "text given as .bin", "and binary as .txt in gz", run=v.loaded(gzipped(binary(), 1), words=("the", "of", "and"))),
    Row(BINARY, "big-endian", run=v.refused(binary(order=">"), "v.txt has its numbers the wrong way round: expected little-endian float32.")),
    Row(BINARY, "big-endian", "many numbers", run=v.refused(
        binary({b"w%d" % n: [math.sin(n + i) for i in range(300)] for n in range(50)}, order=">"), "v.txt has its numbers the wrong way round: expected little-endian float32.")),
    Row(BINARY, "big-endian", "odd numbers in the right order", run=v.loaded(binary({b"a": [1e30, 1e-30, 0.0], b"b": [1e-44, 1.0, 1.0]}), 2)),
    *(Row(BINARY, "NaN inside", str(number), run=v.loaded(binary({**ROWS, b"to": [1.0, number, 2.0]}), dropped={INFINITE: (1, 4)}))
      for number in (math.nan, math.inf, -math.inf)),
    Row(BINARY, "words that are none", "not UTF-8", run=v.loaded(binary({**ROWS, b"caf\xe9": ROWS[b"the"]}), dropped={"the word is not written in UTF-8": (1, 4)})),
    Row(BINARY, "words that are none", "empty", run=v.loaded(binary({**ROWS, b"": ROWS[b"the"]}), dropped={"the word is empty": (1, 4)})),
    Row(BINARY, "words that are none", "with NUL", run=v.loaded(binary({**ROWS, b"a\0b": ROWS[b"the"]}), dropped={"the word holds a NUL byte": (1, 4)})),
    Row(BINARY, "words that are none", "twice", run=v.loaded(binary(ROWS, head=b"6 3\n") + binary(ROWS, head=b"\n")[1:], dropped={"the word was there before": (3, 4)})),
    *(Row(BINARY, "random bytes", str(seed), run=v.refused(random_bytes(seed, 5_000), "v.txt ")) for seed in range(4)),
    Row(BINARY, "random bytes", "behind a header", run=v.refused(b"9 300\n" + random_bytes(5, 5_000), "v.txt is ")),
    Row(BINARY, "fastText .bin", run=v.loaded(fasttext(), words=("one", "two", "six"))),
    Row(BINARY, "fastText .bin random", run=v.refused(random_model(0), "v.txt ", most=20)),
    Row(BINARY, "fastText .bin random", "behind good settings", run=v.refused(
        fasttext()[:92] + random_bytes(1, 5_000), "v.txt is ", most=20)),
    Row(BINARY, "fastText of another version", run=v.refused(fasttext(version=13), "v.txt is a fastText model of version 13: expected version 11 or 12.")),
    Row(BINARY, "fastText compressed", run=v.refused(fasttext(quantised=1), "v.txt is a compressed fastText model (.ftz)")),
    *(Row(BINARY, "huge or negative vocabulary", f"{name} {count:,}", run=v.refused(fasttext(**{name: count}), "v.txt is damaged: it says that it has ", most=20))
      for name, count in (("size", -3), ("nwords", -3), ("nwords", 0), ("nlabels", -1), ("size", 2**31 - 1))),
    Row(BINARY, "huge or negative vocabulary", "2^31 - 1 words", run=v.refused(
        fasttext(size=2**31 - 1, nwords=2**31 - 1), "v.txt is damaged: entry 4 is of kind ", most=20)),
    Row(BINARY, "huge or negative vocabulary", "2^31 - 1 labels", run=v.refused(
        fasttext(size=2**31 - 1, nlabels=2**31 - 4), "v.txt ", most=20)),
    *(Row(BINARY, "huge dimension or bucket count", f"{count:,} dimensions", run=v.refused(
        fasttext(dim=count), f"v.txt says that it has {count:,} dimensions: expected 1 to 10,000.", most=20)) for count in (2**31 - 1, -1, 0)),
    *(Row(BINARY, "huge dimension or bucket count", f"{count:,} buckets", run=v.refused(fasttext(bucket=count), "v.txt is damaged: ", most=20))
      for count in (2**31 - 1, -1)),
    Row(BINARY, "huge dimension or bucket count", "and a matrix that says the same", run=v.refused(
        fasttext(bucket=2**31 - 1, rows=2**31 + 2), "v.txt needs 16 GB for its first row already", most=20)),
    *(Row(BINARY, "huge dimension or bucket count", f"{name} {count:,}", run=v.refused(fasttext(**{name: count}), "v.txt is damaged: its matrix has ", most=20))
      for name, count in (("rows", 2**62), ("rows", -1), ("columns", 2**62), ("columns", 3))),
    *(Row(BINARY, "huge dimension or bucket count", f"{name} {count:,}", run=v.refused(fasttext(**{name: count}), "v.txt is damaged: it says that it cuts words into ", most=20))
      for name, count in (("maxn", 2**31 - 1), ("minn", -1), ("minn", 2**30))),
    Row(BINARY, "a word without NUL", run=v.refused(fasttext(end=1), "v.txt is ", most=20)),
    Row(BINARY, "a word without NUL", "10 MB long", run=v.refused(
        lambda _: repeated(b"x" * MEGABYTE, 10, before=fasttext()[:92]),
        "v.txt is no such file, or is damaged: expected the end of entry 1 within 1,001 bytes of byte 92.", most=20)),
    *(Row(BINARY, "cut at every tenth", f"{tenth} of 10", run=v.refused(fasttext()[: len(fasttext()) * tenth // 10], "v.txt ")) for tenth in range(1, 10)),
)  # fmt: skip
