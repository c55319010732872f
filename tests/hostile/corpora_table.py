# ruff: noqa: E501
"""Every text that might harm whoever learns from it, one row for each: what a person is told, or what is learnt."""

import gzip
import random

from tests.engine.words.texts import test_cutting, test_own
from tests.engine.words.train import test_labelled_own
from tests.hostile import corpora as c
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row, held
from tests.pages import test_labels

CORPORA = "Texts to learn words from"
TALE = b"the king and the queen, the dog and the cat. "
LATIN = "ein süßes Café. ".encode("cp1252")
NOT_TEXT = "t.txt is no text in UTF-8: "
KINDS = {
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture (PNG)"),
    "JPEG": (b"\xff\xd8\xff\xe0" + bytes(50), "a picture (JPEG)"),
    "PDF": (b"%PDF-1.7\n" + bytes(50), "a PDF"),
    "zip": (b"PK\x03\x04" + bytes(50), "a zip archive, as those of Excel are"),
    "pickle": (b"\x80\x04\x95\x10" + bytes(50), "a pickle"),
    "npy": (b"\x93NUMPY\x01\x00" + bytes(50), "an array of NumPy"),
    "SQLite": (b"SQLite format 3\0" + bytes(50), "a database"),
    "bzip2": (b"BZh91AY&SY" + bytes(50), "compressed (bzip2)"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(50), "compressed (zstd)"),
    "gzip in gzip": (gzip.compress(gzip.compress(TALE)), "packed twice"),
}
MARKUP = " ".join(PAYLOADS).encode()


def table(*rows: str, header: str = "id,said") -> bytes:
    return "\n".join([header, *rows]).encode() + b"\n"


OF_CORPORA = (
    Row(CORPORA, "limits on memory, CPU time and file size", "a text of many megabytes in a process that has few", run=c.within_limits(
        c.repeated(TALE * 2_000, 300), 40, tokens=300 * 2_000 * 10)),
    Row(CORPORA, "limits on memory, CPU time and file size", "more different words than there is memory for", run=c.within_limits(
        lambda: ((b" ".join(b"%x" % (n * 7919 + at) for at in range(7_000)) + b"\n") for n in range(0, 900_000, 1_000)), 40)),
    *held(CORPORA, "limits on memory, CPU time and file size", test_own.test_a_person_has_so_much_and_no_more,
          test_own.test_what_would_fill_the_disk_is_refused,
          test_own.test_what_a_killed_server_has_left_of_a_text_is_gone_with_the_next_tidying),
    *held(CORPORA, "texts with labels", test_labelled_own.test_what_cannot_be_learnt_from_is_told_in_a_sentence,
          test_labelled_own.test_what_is_too_long_is_told,
          test_labels.test_labels_and_words_of_others_are_shown_letter_by_letter),
    Row(CORPORA, "no bytes", run=c.refused(b"", "t.txt is empty: expected a text with words in it.")),
    Row(CORPORA, "no bytes", "packed", run=c.refused(gzip.compress(b""), "t.txt is empty: expected a text with words in it.")),
    Row(CORPORA, "no bytes", "blanks alone", run=c.refused(b" \r\n\t" * 999, "t.txt is empty: expected a text with words in it.")),
    Row(CORPORA, "no bytes", "a mark alone", run=c.refused(b"\xef\xbb\xbf", "t.txt is empty: expected a text with words in it.")),
    Row(CORPORA, "one token", run=c.learnt(b"one", 1, ("one",))),
    Row(CORPORA, "50 MB in one line", "words", run=c.learnt(c.repeated(TALE * 23_302, 10), 10 * 23_302 * 10, ("the",))),
    Row(CORPORA, "50 MB in one line", "no blank in it", run=c.refused(c.repeated(b"a" * c.MEGABYTE, 50), "t.txt holds no token")),
    Row(CORPORA, "50 MB in one line", "no blank, then a word", run=c.learnt(
        lambda: iter([*([b"a" * c.MEGABYTE] * 50), b" end"]), 1, ("end",), note="25 tokens of more than 200 letters were left out.")),
    Row(CORPORA, "10^6 different tokens", run=c.learnt(
        lambda: (b" ".join(b"w%d" % n for n in range(start, start + 10_000)) + b"\n" for start in range(0, 1_000_000, 10_000)), 1_000_000)),
    Row(CORPORA, "punctuation only", run=c.refused(b"?! ... -- ,,, \xe2\x80\xa6 " * 999, "t.txt holds no token: expected a text with words in it.")),
    Row(CORPORA, "punctuation only", "ten million dots", run=c.refused(c.repeated(b"." * c.MEGABYTE, 10), "t.txt holds no token")),
    Row(CORPORA, "punctuation only", "cut between blanks it is tokens", run=c.learnt(b"?! ...\n" * 3, 6, ("?!", "..."), rule="blanks")),
    Row(CORPORA, "mixed encodings", run=c.refused("süß ".encode() + LATIN, f"{NOT_TEXT}byte 12 is none of it. Save it as UTF-8 text.")),
    Row(CORPORA, "mixed encodings", "behind a megabyte", run=c.refused(lambda: iter([TALE * 30_000, LATIN]), f"{NOT_TEXT}byte 1,350,006 is none of it.")),
    Row(CORPORA, "mixed encodings", "read as the one that takes all", run=c.learnt("süß ".encode() + LATIN, 4, encoding="cp1252")),
    Row(CORPORA, "mixed encodings", "Latin-1", run=c.refused(LATIN, f"{NOT_TEXT}byte 6 is none of it.")),
    Row(CORPORA, "mixed encodings", "UTF-16 without a mark", run=c.refused(TALE.decode().encode("utf-16-le"), f"{NOT_TEXT}it holds bytes that are zero.")),
    Row(CORPORA, "mixed encodings", "UTF-16 with its mark", run=c.learnt(TALE.decode().encode("utf-16"), 10, ("the",))),
    Row(CORPORA, "mixed encodings", "half a character at the end", run=c.refused(TALE + "é".encode()[:1], f"{NOT_TEXT}it ends within a character.")),
    Row(CORPORA, "mixed encodings", "lone surrogates", run=c.refused(b"a \xed\xa0\x80 b", f"{NOT_TEXT}byte 3 is none of it.")),
    Row(CORPORA, "mixed encodings", "NUL inside", run=c.refused(TALE + b"\0" + TALE, f"{NOT_TEXT}it holds bytes that are zero.")),
    Row(CORPORA, "mixed encodings", "random bytes", run=c.refused(random.Random(1).randbytes(5_000), NOT_TEXT)),
    *held(CORPORA, "mixed encodings", test_cutting.test_the_byte_that_cannot_be_read_is_told_also_behind_a_character_cut_in_two,
          test_cutting.test_no_word_that_nobody_would_write_is_offered),
    *(Row(CORPORA, "another thing under the name of a text", kind, run=c.refused(data, f"t.txt is {said}: expected a text, or a table with a column of text."))
      for kind, (data, said) in KINDS.items()),
    Row(CORPORA, "another thing under the name of a text", "a PNG packed", run=c.refused(gzip.compress(KINDS["PNG"][0]), "t.txt is a picture (PNG)")),
    Row(CORPORA, "another thing under the name of a text", "a PNG as a table", run=c.refused(KINDS["PNG"][0], "t.csv is a picture (PNG)", name="t.csv")),
    Row(CORPORA, "CSV with ragged rows", run=c.learnt(table("1,the dog", "2", "", "3,the cat,x,y"), 4, ("the",), name="t.csv")),
    Row(CORPORA, "CSV with ragged rows", "a column that is not there", run=c.refused(
        table("1,the dog"), "t.csv has no column 'who': expected one of 'id', 'said'.", name="t.csv", column="who")),
    Row(CORPORA, "CSV with ragged rows", "no names of columns", run=c.refused(b"\n1,2\n", "t.csv has no columns: expected a first line with their names.", name="t.csv")),
    Row(CORPORA, "CSV with ragged rows", "a header alone", run=c.refused(table(), "t.csv holds no token", name="t.csv")),
    Row(CORPORA, "CSV with ragged rows", "names twice", run=c.learnt(table("1,dog", header="a,a"), 1, ("1",), name="t.csv", column="a")),
    Row(CORPORA, "CSV with open quotes", run=c.learnt(table('1,"the dog', "2,the cat"), 5, ("the",), name="t.csv")),
    Row(CORPORA, "CSV with open quotes", "for megabytes", run=c.refused(
        lambda: iter([b'id,said\n1,"', *([TALE * 23_302] * 3)]), "t.csv cannot be read as a table: field larger than field limit", name="t.csv")),
    Row(CORPORA, "CSV with 10,000 columns", run=c.refused(
        (",".join(f"c{n}" for n in range(10_000)) + "\n").encode(), "t.csv has 10,000 columns: expected at most 1,000.", name="t.csv")),
    Row(CORPORA, "CSV with formulas", run=c.learnt(table('1,"=HYPERLINK(""http://evil.example"")"', "2,@SUM(A1)"), 6, name="t.csv")),
    Row(CORPORA, "JSON 100,000 deep", run=c.refused(b"[" * 100_000, "t.txt holds no token")),
    Row(CORPORA, "JSON 100,000 deep", "with words", run=c.learnt(b'{"a":' * 100_000 + b"1", 100_001, ("a", "1"))),
    *(Row(CORPORA, "a token pattern like (a+)+$", what, run=c.learnt(data * (2 * c.MEGABYTE // len(data)) + b" end", tokens))
      for what, data, tokens in (("dots", b".", 1), ("dots and brackets", b".)", 1), ("marks", b"?!", 1), ("half lines", b"\n ", 1), ("apostrophes", b"' ", 1))),
    Row(CORPORA, "a token pattern like (a+)+$", "one word of two million parts", run=c.learnt(b"a-" * c.MEGABYTE + b" end", 1, ("end",))),
    *held(CORPORA, "a token pattern like (a+)+$", test_cutting.test_a_million_dots_are_cut_at_once),
    Row(CORPORA, "compressed", run=c.learnt(gzip.compress(TALE), 10, ("the",), name="t.txt.gz")),
    Row(CORPORA, "compressed", "a bomb", run=c.refused(c.packed(bytes(c.MEGABYTE) + b"a ", 40), "t.txt is ")),
    Row(CORPORA, "compressed", "a bomb of words", run=c.refused(c.packed(b"a " * (c.MEGABYTE // 2), 40), "t.txt unpacks to more than ")),
    Row(CORPORA, "compressed", "cut", run=c.refused(c.packed(TALE * 999, 1, cut=9), "t.txt is cut short: its packed bytes (gzip) end in the middle.")),
    Row(CORPORA, "compressed", "a bad sum", run=c.refused(gzip.compress(TALE)[:-8] + bytes(8), "t.txt is damaged: its packed bytes (gzip) do not unpack.")),
    Row(CORPORA, "compressed", "plain text named .gz", run=c.learnt(TALE, 10, ("the",), name="t.txt.gz")),
    Row(CORPORA, "compressed", "several members in a row", run=c.learnt(gzip.compress(TALE) * 3, 30, ("the",))),
    Row(CORPORA, "markup as words", run=c.learnt(MARKUP, len(MARKUP.split()), rule="blanks")),
    *held(CORPORA, "../../x as a name", (test_own.test_a_name_is_never_a_path, "../../../etc/passwd"),
          (test_own.test_what_is_no_id_is_told_in_a_sentence, "../x"),
          test_own.test_files_on_the_server_are_those_of_the_folders_named),
)  # fmt: skip
