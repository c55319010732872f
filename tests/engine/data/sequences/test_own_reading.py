"""What is read of texts that people bring: files for classes, archives, tables, pasted lines; and what is left out."""

import csv
import io
from pathlib import Path

import pytest

from engine.data.sequences import gathering, reader, reading
from engine.data.sequences.gathering import How, classes_of
from engine.data.sequences.names import names
from engine.data.sequences.prepared import prepare
from engine.data.sequences.sentences import sentences
from engine.data.sequences.spec import SequencesDataSpec, kind_of, problem_of
from engine.errors import DataError
from tests.hostile import sequences as s

NAMES = {language: some for language, some in names(40, 1).items() if language in ("French", "Polish", "Turkish")}
FILES = {f"{language}.txt": "\n".join(some).encode() for language, some in NAMES.items()}
PAIRS = [(text, language) for language, some in NAMES.items() for text in some]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def rows(delimiter: str = ",", *, header: tuple[str, ...] = (), turned: bool = False) -> bytes:
    """Return the names as a table."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    for row in [header, *PAIRS] if header else PAIRS:
        writer.writerow(row[::-1] if turned else row)
    return file.getvalue().encode()


@pytest.mark.parametrize(
    "files",
    [
        FILES,
        {"n.zip": s.archive(FILES)},
        {"n.zip": s.archive({f"data/names/{name}": data for name, data in FILES.items()} | {"data/pairs.txt": b"x"})},
        {"n.zip": s.archive({f"{language}/{n}.txt": text.encode() for n, (text, language) in enumerate(PAIRS)})},
        {"n.csv": rows(header=("name", "language"))},
        {"n.csv": rows()},
        {"n.tsv": rows("\t", turned=True)},
        {"n.csv": rows(";", header=("language", "name"), turned=True)},
        {"Pasted text": rows("\t")},
        {"n.zip": s.archive({"data/n.csv": rows(header=("name", "language"))})},
        {"n.txt": "\n".join(f"__label__{language} {text}" for text, language in PAIRS).encode()},
        {"n.csv": "\ufeff".encode() + rows(header=("name", "language"))},
        {"n.csv": rows(header=("name", "language")).decode().encode("utf-16")},
        {name: data.replace(b"\n", b"\r") for name, data in FILES.items()},
    ],
    ids=["files", "zip", "zip in folders", "folder for each class", "table", "no header", "tabs, turned round",
         "semicolons", "pasted", "table in a zip", "fastText", "with a mark", "UTF-16", "CR alone"],
)  # fmt: skip
def test_the_same_names_are_read_however_they_are_brought(home: Path, files: s.Files):
    found = s.packed(home, files)
    assert found.record.classes == ("French", "Polish", "Turkish")
    told = sorted((text, found.record.classes[label]) for text, label in zip(found.texts, found.labels, strict=True))
    assert told == sorted(PAIRS)
    assert found.record.counts == tuple(len(NAMES[name]) for name in found.record.classes)


def test_columns_are_those_that_fit_or_those_that_are_chosen(home: Path):
    data = s.table(
        "1,Moreau,French,f", "2,Nowak,Polish,m", "3,Dumont,French,m", "4,Lis,Polish,f", header=",who,language,sex"
    )
    found = s.packed(home, {"p.csv": data})
    assert found.record.columns == ("who", "sex")
    asked = s.keep(home, {"p.csv": data})
    assert reading.looked_at(asked, "utf-8").columns == ("column 1", "who", "language", "sex")
    chosen = reading.drained(reading.reading(asked, How("utf-8", "", "language")))
    assert (chosen.record.columns, chosen.record.classes) == (("who", "language"), ("French", "Polish"))
    both = reading.drained(reading.reading(asked, How("utf-8", "language", "sex")))
    assert both.texts == ("French", "Polish", "French", "Polish")
    assert both.record.several == 2
    with pytest.raises(
        DataError, match=r"p\.csv has no column 'age': expected one of 'column 1', 'who', 'language', 'sex'"
    ):
        reading.drained(reading.reading(asked, How("utf-8", "age", "")))


def test_cells_over_lines_are_one_text_and_quotes_hold_commas(home: Path):
    data = b'text,feeling\n"good,\r\nbut ""dear""",pos\nfine,pos\n"bad, bad",neg\nawful,neg\n'
    found = s.packed(home, {"t.csv": data})
    assert found.texts == ('good, but "dear"', "fine", "bad, bad", "awful")


def test_lines_of_another_number_of_cells_are_left_out_and_told(home: Path):
    data = s.table("a,x", "b,x", "c,y", "d,y", "e", "good, but dear,x", "", "f,,", ",y", "g,y,")
    found = s.packed(home, {"t.csv": data})
    assert found.texts == ("a", "b", "c", "d", "g")
    assert found.record.told_dropped() == (
        "Left out: t.csv, line 6 has fewer cells than the first line; t.csv, line 7 has more cells than the first "
        "line: texts with commas in them need quotes; t.csv, line 9 has no class."
    )


def test_texts_that_come_twice_or_in_two_classes_are_told_and_so_are_classes_out_of_balance(home: Path):
    files = {"A.txt": b"one\ntwo\none\nthree\nfour\nfive\nsix\nseven\none\n", "B.txt": b"two\neight\n", "C.txt": b"x"}
    found = s.packed(home, {**files, "C.txt": b"nine\n"})
    assert found.record.counts == (7, 2)
    assert found.record.told_dropped() == "Left out: 'nine' of 'C' is the only text of its class."
    assert found.record.told_warnings() == (
        "1 text came more than once in its class and counts once.",
        "1 text is in more than one class: no net can be right about all of these.",
    )
    again = s.packed(home, {**files, "A.txt": files["A.txt"] + b"ten\n"})
    assert "7" not in again.record.told_warnings()[-1]
    assert again.record.told_warnings()[-1] == (
        "The classes are out of balance: 8 texts of 'A' against 2 of 'B', so look at the score of each class and not "
        "only at the share that is right."
    )


@pytest.mark.parametrize(
    ("paths", "classes", "labels"),
    [
        ([("a.txt",), ("b.c.txt",)], ("a", "b.c"), [0, 1]),
        ([("d", "a.txt"), ("d", "b.txt"), ("x.txt",)], ("a", "b"), [0, 1, -1]),
        ([("pos", "1.txt"), ("neg", "1.txt"), ("neg", "2.txt")], ("neg", "pos"), [1, 0, 0]),
        ([("t", "pos", "1.txt"), ("t", "neg", "1.txt"), ("t", "all.txt")], ("neg", "pos"), [1, 0, -1]),
        ([("a.txt",), ("b.txt",), ("old", "a.txt")], ("a", "b"), [0, 1, -1]),
        ([], (), []),
    ],
)
def test_classes_are_called_as_files_or_as_folders(paths, classes, labels):
    assert classes_of(paths) == (classes, labels)


def test_many_files_are_read_batch_by_batch_and_it_is_told_how_far(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "BATCH_FILES", 3)
    asked = s.keep(
        home, {"n.zip": s.archive({f"{kind}/{n}.txt": f"{kind} {n}".encode() for kind in "ab" for n in range(5)})}
    )
    going = reading.reading(asked, How())
    told = []
    try:
        while True:
            told.append(next(going))
    except StopIteration as end:
        found = end.value
    assert [one.words for one in told if "files" in one.words] == [f"{n} of 10 files read" for n in (0, 3, 6, 9)]
    assert [one.share for one in told if "files" in one.words] == [0, 0.3, 0.6, 0.9]
    assert found.record.counts == (5, 5)


def test_too_many_texts_are_told(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "MOST_CHARS", 100)
    with pytest.raises(DataError, match="holds too much: expected at most 100,000 texts, and 100 characters in all"):
        s.packed(home, FILES)


def test_what_was_half_deleted_is_read_again(home: Path):
    found = s.packed(home, FILES)
    for part in ("texts", "ends", "labels", "record.json"):
        (found.folder / part).write_bytes((found.folder / part).read_bytes()[:-1])
        again = s.packed(home, FILES)
        assert again.texts == found.texts, part


def test_a_spec_has_their_texts_learnt_as_many_as_are_asked_for(home: Path):
    asked = s.keep(home, FILES)
    spec = SequencesDataSpec(sequences="own", own_sequences=asked, samples=100, own_steps=6)
    assert kind_of(spec) == "classes"
    assert problem_of(spec).classes == ("0", "1"), "nobody knows them yet"
    prepared = prepare(spec)
    assert problem_of(spec).classes == ("French", "Polish", "Turkish")
    assert prepared.inputs.shape == (100, 6)
    assert len(prepared.train) == 75
    known = dict(PAIRS)
    classes = problem_of(spec).classes
    assert [known[text] for text in prepared.texts] == [classes[label] for label in prepared.asked]
    assert set(prepare(spec.replace(data_seed=2)).texts) != set(prepared.texts)
    words = prepare(spec.replace(own_unit="words"))
    assert words.vocabulary is not None
    assert words.vocabulary.unit == "words"
    everyone = prepare(spec.replace(samples=20_000))
    assert sorted(everyone.texts) == sorted(text for text, _ in PAIRS)


def test_sentences_of_ours_survive_the_way_through_a_table(home: Path):
    file = io.StringIO()
    csv.writer(file).writerows(
        [("text", "feeling"), *((one, k) for k, some in sentences(200, 1).items() for one in some)]
    )
    found = s.packed(home, {"s.csv": file.getvalue().encode()})
    told = {kind: [t for t, at in zip(found.texts, found.labels, strict=True) if found.record.classes[at] == kind]
            for kind in found.record.classes}  # fmt: skip
    assert told == sentences(200, 1)


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "utf-16-le", "shift_jis"])
def test_another_encoding_is_read_where_it_is_chosen(home: Path, encoding: str):
    said = {"cp1252": "Café", "cp1250": "Žižek", "utf-16-le": "Zoë", "shift_jis": "さくら"}[encoding]
    data = f"text,kind\n{said},a\nb,a\nc,b\nd,b\n".encode(encoding)
    assert s.packed(home, {"t.csv": data}, How(encoding)).texts == (said, "b", "c", "d")


def test_what_is_learnt_comes_before_what_is_asked_about_it():
    assert next(iter(SequencesDataSpec.model_fields)) == "sequences"


def test_the_limits_fit_together():
    assert reader.MOST_CLASSES < 256, "labels are bytes"
    assert reader.MOST_TEXTS * 50 <= gathering.MOST_CHARS
