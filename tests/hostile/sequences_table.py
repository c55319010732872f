# ruff: noqa: E501
"""Every text with a class that might harm whoever learns from it, or asks a net about it, one row for each."""

import gzip
import pickle
import random

from engine.data import zipped
from engine.data.sequences.gathering import How
from engine.data.sequences.reader import MOST_CELL
from tests.engine.data.sequences import test_own, test_own_reading
from tests.hostile import images as i
from tests.hostile import sequences as s
from tests.hostile.corpora_table import KINDS
from tests.hostile.greedy import Touch
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row, held
from tests.pages import test_own_sequences

SEQUENCES = "Texts with classes to learn from"
MEGABYTE = 2**20
LINES = ("Moreau", "Dumont", "Vautier", "Nowak", "Lisowski")
CLASSES = ("French", "Polish")
ONCE = "expected a text file for each class"
GOOD_TABLE = ("Moreau,French", "Dumont,French", "Nowak,Polish", "Lis,Polish")
IN_TABLE = ("Moreau", "Dumont", "Nowak", "Lis")
LATIN = "Zoë\nRené\n".encode("cp1252")
EMOJI = "👩‍🚀 здравствуй\u202eevil\u202c\nשלום עולם\nمرحبا\n"
LEFT = "left out, the others are learnt"


def beside(what: str, name: str, contents: bytes, why: str, shown: str = "") -> Row:
    """Return a row: of an archive one file is left out."""
    run = s.learnt(s.with_one(name, contents), LINES, CLASSES, f"{shown or name} {why}")
    return Row(SEQUENCES, LEFT, what, run=run)


def refuses(item: str, what: str, made: s.Made, sentence: str, how: How | None = None) -> Row:
    return Row(SEQUENCES, item, what, run=s.refused(made, sentence, how))


def learns(
    item: str, what: str, made: s.Made, texts: tuple[str, ...], classes: tuple[str, ...], left_out: str = "", warned: str = "",
    how: How | None = None,
) -> Row:  # fmt: skip
    return Row(SEQUENCES, item, what, run=s.learnt(made, texts, classes, left_out, warned, how))


def asked(what: str, text: bytes, says: str, **settings: str) -> Row:
    return Row(SEQUENCES, "asked of a net", what, run=s.asked(text, says, **settings))


def not_asked(what: str, text: bytes, sentence: str, **settings: str) -> Row:
    return Row(SEQUENCES, "asked of a net", what, run=s.not_asked(text, sentence, **settings))


def noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(5_000)


OF_SEQUENCES = (
    refuses("no bytes", "", {"t.csv": b""}, "t.csv is empty: expected texts in it."),
    refuses("no bytes", "blanks alone", {"t.csv": b" \r\n\t" * 9}, f"t.csv is empty: {ONCE}"),
    refuses("no bytes", "a mark alone", {"t.csv": b"\xef\xbb\xbf"}, f"t.csv is empty: {ONCE}"),
    refuses("no bytes", "an archive of nothing", {"n.zip": s.archive({})}, "n.zip has too few classes: expected at least two, with two texts each, received none."),
    refuses("no bytes", "blank files in an archive", {"n.zip": s.archive({"a.txt": b"\n \n", "b.txt": b"\n"})}, "n.zip has too few classes"),
    refuses("no bytes", "one of two files", {"a.txt": b"", "b.txt": b"x\ny"}, "a.txt is empty: expected texts in it."),
    refuses("one character", "", {"t.txt": b"a"}, f"t.txt is one text file, and holds no classes: {ONCE}"),
    refuses("one character", "in each class", {"a.txt": b"a", "b.txt": b"b"}, "a.txt and b.txt has too few classes: expected at least two, with two texts each, received none; first of what was left out: 'a' of 'a' is the only text of its class."),
    refuses("one character", "a comma", {"t.csv": b","}, f"t.csv is empty: {ONCE}"),
    learns("one character", "texts of one character", {"a.txt": b"a\nb", "b.txt": b"c\nd"}, ("a", "b", "c", "d"), ("a", "b")),
    refuses("one class", "in a table", {"t.csv": s.table("a,x", "b,x", "c,x")}, "t.csv has too few classes: expected at least two, with two texts each, received only 'x'."),
    refuses("one class", "in files", {"n.zip": s.archive({"a/1.txt": b"x\ny", "a/2.md": b"z"})}, "n.zip has too few classes: expected at least two, with two texts each, received only '1'; first of what was left out: a/2.md is no .txt file."),
    learns("one class", "of one text beside others", {**s.GOOD, "Turkish.txt": b"Kaya\n"}, LINES, CLASSES, "'Kaya' of 'Turkish' is the only text of its class"),
    learns("one class", "whose texts are all the same", {**s.GOOD, "Turkish.txt": b"Kaya\n" * 9}, LINES, CLASSES, "'Kaya' of 'Turkish' is the only text of its class",
           "1 text came more than once in its class and counts once."),
    learns("50 MB in one line", "among files", lambda: {**s.GOOD, "x.txt": b"a" * 50 * MEGABYTE}, LINES, CLASSES, "x.txt, line 1 is longer than 1,000 characters"),
    learns("50 MB in one line", "of wide letters", lambda: {**s.GOOD, "x.txt": "😀".encode() * (12 * MEGABYTE)}, LINES, CLASSES, "x.txt, line 1 is longer than 1,000 characters"),
    refuses("50 MB in one line", "in a table", lambda: {"t.csv": b"a,b\n" + b"x" * 50 * MEGABYTE}, f"t.csv, line 2: expected cells of at most {MOST_CELL:,} characters"),
    refuses("50 MB in one line", "of commas", lambda: {"t.csv": b"a" + b"," * 50 * MEGABYTE}, "t.csv has "),
    refuses("50 MB in one line", "alone", lambda: {"t.txt": b"a" * 50 * MEGABYTE}, "t.txt is one text file, and holds no classes"),
    refuses("50 MB in one line", "65 MB", lambda: {"t.csv": b"a" * 65 * MEGABYTE}, "t.csv is too large: expected at most 64 MB, and this is more."),
    refuses("50 MB in one line", "50 MB of line ends", lambda: {"t.csv": b"a,b\n" + b"\n" * 50 * MEGABYTE}, "t.csv "),
    *(refuses("another thing under the name of texts", kind, {"t.csv": data}, f"t.csv is {said}: {ONCE}")
      for kind, (data, said) in KINDS.items() if kind not in ("zip", "zstd", "gzip in gzip")),
    refuses("another thing under the name of texts", "packed with gzip", {"t.csv": gzip.compress(s.table(*GOOD_TABLE))}, f"t.csv is compressed (gzip): {ONCE}"),
    refuses("another thing under the name of texts", "a pickle that would run", lambda: {"t.csv": pickle.dumps(Touch("hacked"))}, "t.csv is a pickle"),
    refuses("another thing under the name of texts", "random bytes", {"t.csv": noise(1)}, "t.csv is no text: it holds bytes that are zero"),
    refuses("another thing under the name of texts", "a spreadsheet of Excel", {"t.xlsx": s.archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})}, "t.xlsx has too few classes"),
    *(beside(kind, "Turkish.txt", data, f"is {said}") for kind, (data, said) in KINDS.items() if kind not in ("zstd", "gzip in gzip")),
    beside("no text file", "readme.md", b"hello", "is no .txt file"),
    beside("empty", "Turkish.txt", b"", "is empty"),
    beside("NUL", "Turkish.txt", b"Kaya\nAk\0soy\n", "is no text in UTF-8: line 2 holds a byte that is zero; save it as UTF-8"),
    beside("a line too long", "Turkish.txt", b"x" * 1_001, "is longer than 1,000 characters", "Turkish.txt, line 1"),
    refuses("NUL", "in a table", {"t.csv": s.table(*GOOD_TABLE, "a\0b,French")}, "t.csv is no text in UTF-8: line 6 holds a byte that is zero; save it as UTF-8."),
    refuses("NUL", "beyond the beginning", lambda: {"t.csv": s.table(*[f"{n},x" for n in range(50_000)], "a\0b,y")}, "t.csv is no text in UTF-8: line 50,002 holds a byte that is zero"),
    learns("right to left and emoji", "", {"😀.txt": EMOJI.encode(), "שלום.txt": b"a\nb\n"},
           ("👩‍🚀 здравствуй\u202eevil\u202c", "שלום עולם", "مرحبا", "a", "b"), ("שלום", "😀")),
    learns("right to left and emoji", "as classes of a table", {"t.csv": s.table("a,\u202eevil", "b,\u202eevil", "c,👩‍🚀", "d,👩‍🚀")}, ("a", "b", "c", "d"), ("evil", "👩🚀")),
    learns("right to left and emoji", "U+2028 and lines over lines", {**s.GOOD, "X.txt": "a\u2028b\x0b\x0cc\nd\u0085e\n".encode()}, (*LINES, "a b c", "d e"), (*CLASSES, "X")),
    refuses("other encodings", "Latin-1 in a table", {"t.csv": s.table("Caf\u00e9,x", "b,x", "c,y", "d,y").decode().encode("cp1252")}, "t.csv is no text in UTF-8: line 2 has a byte that is none of it (0xe9); save it as UTF-8. Or choose another encoding: as Windows-1252"),
    learns("other encodings", "Latin-1, chosen", {"A.txt": LATIN, "B.txt": b"x\ny"}, ("Zoë", "René", "x", "y"), ("A", "B"), how=How("cp1252")),
    Row(SEQUENCES, "other encodings", "mixed", run=s.learnt_partly({**s.GOOD, "X.txt": "Zoë\n".encode() + LATIN}, "X.txt is no text in UTF-8: line 2 has a byte that is none of it (0xeb)")),
    Row(SEQUENCES, "other encodings", "half a character at the end", run=s.learnt_partly({**s.GOOD, "X.txt": b"a\n\xc3"}, "X.txt is no text in UTF-8: line 2 has a byte that is none of it (0xc3)")),
    Row(SEQUENCES, "other encodings", "lone surrogates", run=s.learnt_partly({**s.GOOD, "X.txt": b"a \xed\xa0\x80 b\nc"}, "X.txt is no text in UTF-8: line 1 has a byte that is none of it (0xed)")),
    learns("other encodings", "UTF-16 with its mark", {"t.csv": s.table(*GOOD_TABLE).decode().encode("utf-16")}, IN_TABLE, CLASSES),
    refuses("other encodings", "UTF-16 without a mark", {"t.csv": s.table(*GOOD_TABLE).decode().encode("utf-16-le")}, "t.csv is no text in UTF-8: line 1 holds a byte that is zero"),
    learns("other encodings", "UTF-16 without a mark, chosen", {"t.csv": s.table(*GOOD_TABLE).decode().encode("utf-16-le")}, IN_TABLE, CLASSES, how=How("utf-16-le")),
    refuses("other encodings", "half of UTF-16", {"t.csv": s.table(*GOOD_TABLE).decode().encode("utf-16-le") + b"\0"}, "t.csv is no text in UTF-16-LE: byte ", How("utf-16-le")),
    *held(SEQUENCES, "other encodings", (test_own_reading.test_another_encoding_is_read_where_it_is_chosen, "shift_jis")),
    *held(SEQUENCES, "CSV with ragged rows", test_own_reading.test_lines_of_another_number_of_cells_are_left_out_and_told,
          test_own_reading.test_cells_over_lines_are_one_text_and_quotes_hold_commas),
    refuses("CSV with ragged rows", "a header alone", {"t.csv": s.table()}, "t.csv has too few classes: expected at least two, with two texts each, received none."),
    refuses("CSV with ragged rows", "one column", {"t.csv": b"name\nx\ny\n"}, "t.csv has 1 column: expected 2 to 200, one of texts and one of classes."),
    refuses("CSV with ragged rows", "a column that is not there", {"t.csv": s.table(*GOOD_TABLE)}, "t.csv has no column 'who': expected one of 'name', 'language'.", How("utf-8", "who")),
    refuses("CSV with ragged rows", "one column for both", {"t.csv": s.table(*GOOD_TABLE)}, "The column 'name' of t.csv is chosen for the texts and for the classes: expected two columns.", How("utf-8", "name", "name")),
    learns("CSV with ragged rows", "names twice", {"t.csv": s.table(*GOOD_TABLE, header="a,a")}, IN_TABLE, CLASSES),
    refuses("CSV with open quotes", "at the end", {"t.csv": s.table(*GOOD_TABLE, '"Kaya,Turkish')}, "t.csv, line 6: a quote opens in the row that begins here, and is never closed."),
    refuses("CSV with open quotes", "closed by another", {"t.csv": s.table('"Moreau,French', 'Nowak,"Polish')}, "t.csv, line 2: the quotes of the row that begins here do not fit"),
    refuses("CSV with open quotes", "in the header", {"t.csv": b'"name,language\nMoreau,French\n'}, "t.csv "),
    refuses("CSV with open quotes", "for megabytes", lambda: {"t.csv": b'a,b\n1,"' + b"the king\n" * 300_000}, f"t.csv, line 2: expected cells of at most {MOST_CELL:,} characters, so a quote may never be closed."),
    learns("CSV with formulas", "", {"t.csv": s.table('"=HYPERLINK(""http://evil.example"")",+1', "@SUM(A1),+1", "-2,=x", "=cmd|' /C calc'!A0,=x")},
           ('=HYPERLINK("http://evil.example")', "@SUM(A1)", "-2", "=cmd|' /C calc'!A0"), ("+1", "=x")),
    refuses("CSV with 10,000 columns", "", {"t.csv": (",".join(f"c{n}" for n in range(10_000)) + "\n").encode()}, "t.csv has 10,000 columns: expected 2 to 200"),
    refuses("10,000 classes", "in a table", lambda: {"t.csv": s.table(*[f"a{n},x{n % 10_000}" for n in range(30_000)], header="t,c")}, "t.csv has too many classes: expected at most 50, which many texts share each.", How("utf-8", "t", "c")),
    refuses("10,000 classes", "in files", lambda: {"n.zip": s.archive({f"{n}.txt": b"x\ny" for n in range(10_000)}, method=0)}, "n.zip has 10,000 classes: expected at most 50."),
    refuses("10,000 classes", "as labels", lambda: {"t.txt": b"".join(b"__label__%d x\n" % n for n in range(10_000))}, "t.txt has too many classes: expected at most 50"),
    refuses("10,000 classes", "too many texts", lambda: {"t.csv": b"a,x\n" * 100_001}, "t.csv holds too many texts: expected at most 100,000."),
    refuses("10,000 classes", "too many texts in files", lambda: {"a.txt": b"".join(b"%d\n" % n for n in range(100_001)), "b.txt": b"a\nb"}, "a.txt and b.txt holds too many texts: expected at most 100,000."),
    learns("names as markup", "in a table", lambda: {"t.csv": s.table(*['"{0} {1}","{0}"'.format(one.replace('"', '""'), n) for one in PAYLOADS[:3] for n in range(2)])},
           tuple(f"{one} {n}" for one in PAYLOADS[:3] for n in range(2)), ("<img src=x onerror=window.hacked=2>", "<script>window.hacked=1</script>", "<svg onload=window.hacked=3>")),
    *held(SEQUENCES, "names as markup", test_own_sequences.test_names_and_classes_of_others_are_shown_letter_by_letter),
    refuses("zips", "cut", {"n.zip": s.archive(s.GOOD)[:-30]}, "n.zip is cut, or damaged"),
    refuses("zips", "encrypted", {"n.zip": i.encrypted()}, "n.zip is encrypted: expected texts that can be read without a password."),
    refuses("zips", "400,000 empty files", lambda: {"n.zip": i.many_entries(400_000)}, "n.zip holds too many files: expected at most 80,000."),
    refuses("zips", "files one over the other", {"n.zip": i.overlapping()}, "n.zip is damaged: what is in it lies one over the other."),
    refuses("zips", "more than may be unpacked", lambda: {"n.zip": i.claiming(60 * MEGABYTE, 5)}, "n.zip is too large: expected texts of at most 256 MB, unpacked."),
    beside("a bomb", "Turkish.txt", bytes(2 * MEGABYTE), f"unpacks to more than {zipped.MOST_RATIO} times its size"),
    beside("a way out", "../../Turkish.txt", b"Kaya\nAksoy", "has a path that leads out of its folder", "../Turkish.txt"),
    beside("a path from the root", "/etc/Turkish.txt", b"Kaya\nAksoy", "has a path that leads out of its folder", "etc/Turkish.txt"),
    beside("a drive", "C:/Turkish.txt", b"Kaya\nAksoy", "has a path that leads out of its folder"),
    beside("an archive in an archive", "Turkish.zip", s.archive(s.GOOD), "is no .txt file"),
    learns("zips", "a link", lambda: {"n.zip": s.archive({**s.GOOD, "Turkish.txt": b"/etc/passwd"}, link=("Turkish.txt",))}, LINES, CLASSES, "Turkish.txt is a link"),
    learns("zips", "what systems put in", {"n.zip": s.archive({f"all/{name}": data for name, data in s.GOOD.items()} | {"__MACOSX/all/._French.txt": b"x", "all/.DS_Store": b"x"})}, LINES, CLASSES),
    asked("1 MB of text", b"bergqvist" * (MEGABYTE // 9), "the first 24 characters are read"),
    not_asked("1 MB in one word", b"x" * MEGABYTE, "None of this can be read: the net knows ", sequences="sentiment"),
    asked("1 MB of words", b"the film was not bad " * (MEGABYTE // 21), "the first 40 words are read", sequences="sentiment"),
    asked("lone surrogates", b"a\xed\xa0\x80b", "not known to the net: \ufffd"),
    not_asked("not UTF-8", b"\xff\xfe\x00", "None of this can be read"),
    not_asked("letters of another script", "小林".encode(), "None of this can be read"),
    not_asked("digits of a name", b"123", "None of this can be read"),
    not_asked("10,000 characters that turn what follows", "\u202e\u2066".encode() * 5_000, "None of this can be read"),
    not_asked("numbers with commas", b"0,5 0,25", "'0,5' is no number: write 0.5 with a point", sequences="sine"),
    not_asked("10,000 numbers that are none", b"nan " * 10_000, "'nan' is no number", sequences="sine"),
    not_asked("a number of 10,000 digits", b"1 " + b"9" * 10_000, " is no number from ", sequences="sine"),
    asked("NUL", b"ab\0c", "not known to the net: \ufffd"),
    asked("marks piled up on a letter", ("a" + "\u0301" * 9_000).encode(), "read as "),
    asked("right to left and emoji", "👩‍🚀\u202eevil".encode(), "not known to the net: "),
    asked("markup", PAYLOADS[0].encode(), "not known to the net: "),
    not_asked("blanks alone", b" \n\t", "There is nothing to read: expected at least one letter or number."),
    *held(SEQUENCES, "../../x as a name", (test_own.test_a_name_is_never_a_path, "../../x"),
          (test_own.test_what_is_no_id_is_told_in_a_sentence, "../x"),
          (test_own.test_no_name_leads_out_of_the_folders_of_the_server, "server:shelf/../secret"),
          test_own.test_no_link_in_a_folder_is_followed_and_a_file_that_goes_meanwhile_is_told),
    *held(SEQUENCES, "limits of a person and of the disk", test_own.test_a_person_has_so_much_and_no_more,
          test_own.test_what_would_fill_the_disk_is_refused, test_own.test_what_a_killed_server_has_left_is_gone_with_the_next,
          (test_own.test_of_a_set_that_was_half_deleted_the_files_can_be_brought_again, "about.json"),
          test_own_reading.test_what_was_half_deleted_is_read_again, test_own_reading.test_too_many_texts_are_told,
          test_own_sequences.test_files_that_are_uploaded_together_are_one_set),
)  # fmt: skip
