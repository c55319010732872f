"""Texts of any kind as numbers: by what encoding, of which column, told while it goes on, cut once."""

import gzip
import os
import time
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.jobs import Course, Jobs
from engine.keeping import home
from engine.keeping.encodings import offered
from engine.labs.train_words import TrainWordsSpec, prepares
from engine.words import library, retention
from engine.words.corpora import CORPORA, corpus
from engine.words.corpus import EncodedText, TextSpec, encoding
from engine.words.corpus.cutting import drained
from engine.words.corpus.encoded import RECORD
from engine.words.corpus.encoding import TELL_TOKENS
from engine.words.corpus.tokens import sentences
from engine.words.texts import cutting, own
from engine.words.texts.looking import look
from engine.words.texts.spec import OWN, SourceSpec, looked_at

TALE = "Der Hund läuft über die Wiese. Die Kühe fressen das Gras."
WORDS = ["der", "hund", "läuft", "über", "die", "wiese"]
TABLE = 'id;said;by\n1;"the dog; it barks";ann\n2;the cat sleeps;bob\n3\n'
PATIENCE = 120.0


pytestmark = pytest.mark.usefixtures("reader", "own_home")


def chosen(data: bytes, name: str = "tale.txt", **settings: str) -> SourceSpec:
    """Return the settings by which a text that somebody has brought is learnt from."""
    return SourceSpec.from_strings({"corpus": OWN, "own": own.keep(home(), [data], name, "ann"), **settings})


def cut(source: SourceSpec, **settings: str) -> EncodedText:
    return drained(cutting.encoding(source, TextSpec.from_strings(settings)))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-16"])
def test_a_text_comes_back_whatever_its_encoding(encoding: str):
    named = {"encoding": encoding} if encoding in ("cp1252", "utf-16-le", "utf-16-be") else {}
    data = TALE.encode(encoding)
    for one in (data, gzip.compress(data)):
        assert next(iter(cut(chosen(one, **named)).sentences())) == WORDS


@pytest.mark.parametrize(
    ("text", "encoding", "title"),
    [
        (TALE, "cp1252", "Windows-1252, Western Europe"),
        ("Собака бежит по лугу. Корова ест траву.", "cp1251", "Windows-1251, Cyrillic"),
        ("Собака бежит по лугу. Корова ест траву.", "koi8-r", "KOI8-R, Cyrillic"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250", "Windows-1250, Central Europe"),
        (TALE, "utf-16-le", "UTF-16, low byte first"),
    ],
)
def test_what_is_not_utf_8_is_told_with_the_encodings_in_which_it_can_be_read(text: str, encoding: str, title: str):
    source = chosen(text.encode(encoding))
    with pytest.raises(DataError) as told:
        cut(source)
    assert str(told.value).startswith("tale.txt is no text in UTF-8: ")
    start = text.split()[0]
    assert f"as {title} it reads “{start}" in str(told.value)
    assert next(iter(cut(source.replace(encoding=encoding)).sentences()))[0] == start.lower()


def test_no_word_that_nobody_would_write_is_offered():
    told = offered("Hund läuft über".encode("cp1252"), "utf-8")
    assert "“Hund läuft über”" in told
    assert "Cyrillic" not in told
    assert "Korean" not in told
    assert not offered(bytes(range(1, 32)), "utf-8")
    assert "UTF-16" not in offered(b"caf\xe9 au lait", "cp1252")


def test_the_byte_that_cannot_be_read_is_told_also_behind_a_character_cut_in_two():
    data = b"a" * (2**20 - 1) + "é".encode() + b"bc\xff"
    with pytest.raises(DataError, match=r"byte 1,048,580 is none of it"):
        cut(chosen(data))


def test_of_a_table_one_column_is_learnt_from():
    source = chosen(TABLE.encode(), "said.csv")
    assert looked_at(source) == (("id", "said", "by"), "said")
    assert list(cut(source).sentences()) == [["the", "dog", "it", "barks"], ["the", "cat", "sleeps"]]
    assert list(cut(source.replace(column="by")).sentences()) == [["ann"], ["bob"]]
    assert cut(source.replace(column="by")).folder != cut(source).folder
    with pytest.raises(DataError, match=r"said.csv has no column 'who': expected one of 'id', 'said', 'by'"):
        cut(source.replace(column="who"))
    other = chosen("nr,größe\n1,hoch\n".encode("cp1252"), "g.csv")
    assert look(own.TEXTS.found(home(), other.own), "cp1252").columns == ("nr", "größe")


def test_a_text_is_cut_once_and_the_page_knows_that(own_home: Path):
    source = chosen(TALE.encode())
    order = cutting.order(source, TextSpec())
    assert order == cutting.order(source, TextSpec())
    assert order != cutting.order(source, TextSpec(lower=False))
    lab = TrainWordsSpec(corpus=OWN, own=source.own)
    to_do = prepares(lab)
    assert to_do is not None
    assert to_do.order == order
    text = cut(source)
    assert prepares(lab) is None
    assert prepares(lab.replace(lower=False)) is not None
    record = text.folder / RECORD
    os.utime(record, (1, 1))
    assert cut(source).folder == text.folder
    assert record.stat().st_mtime > 1, "it was used"
    assert text.folder.is_relative_to(own_home / own.FOLDER / source.own)
    own.TEXTS.delete(own_home, source.own)
    with pytest.raises(DataError, match="is not kept on this server any more"):
        prepares(lab)


def test_a_file_on_the_server_that_was_changed_is_cut_again(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    (own_home / "library").mkdir()
    file = own_home / "library" / "tale.txt"
    file.write_text(TALE, encoding="utf-8")
    monkeypatch.setenv("LEARNSCOPE_TEXTS", str(own_home / "library"))
    source = SourceSpec(corpus=OWN, own="server:library/tale.txt")
    assert cut(source).record.tokens == 11
    assert cutting.kept(source, TextSpec()) is not None
    file.write_text(f"{TALE} Und mehr.", encoding="utf-8")
    assert cutting.kept(source, TextSpec()) is None
    assert cut(source).record.tokens == 13
    file.unlink()
    with pytest.raises(DataError, match=r"There is no text 'server:library/tale.txt' on this server"):
        cutting.order(source, TextSpec())


def test_texts_in_numbers_make_room_as_spaces_do(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    old, new = (cut(chosen(f"{name} {TALE}".encode())) for name in ("old", "new"))
    os.utime(old.folder / RECORD, (1, 1))
    monkeypatch.setattr(retention, "most_kept", lambda *_: sum(f.stat().st_size for f in new.folder.iterdir()))
    retention.tidy(own_home)
    assert (old.folder.exists(), new.folder.exists()) == (False, True)
    assert next(iter(old.sentences())), "whoever has it open goes on"
    assert len(own.TEXTS.listed(own_home, "ann")) == 2


def test_an_order_is_told_while_it_goes_on_and_can_be_ended(own_home: Path):
    """Eight million words: more than are cut before one looks."""
    long = chosen((f"{TALE}\n" * 730_000).encode())
    short = chosen(TALE.encode())
    orders = [cutting.order(source, TextSpec()) for source in (long, short)]
    starter = library.forge()
    jobs = Jobs(starter)
    try:
        jobs.ask(orders[0], "ann")
        until(lambda: (course := jobs.course(orders[0])) and course.progress and (course.progress.share or 0) > 0.01)
        told = jobs.course(orders[0])
        assert told is not None
        assert told.progress is not None
        assert told.progress.words.endswith("tokens, 10 of them different")
        jobs.leave(orders[0], "ann")
        assert jobs.course(orders[0]) is None
        course = until(lambda: done(jobs.ask(orders[1], "ann")))
        assert course.result == {"tokens": 11}
    finally:
        jobs.close()
        starter.close()
    assert cutting.kept(short, TextSpec()) is not None
    assert cutting.kept(long, TextSpec()) is None


def done(course: Course) -> Course | None:
    return None if course.live else course


def until(holds):
    deadline = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("name", CORPORA)
def test_of_a_built_in_text_it_is_told_which_share_was_read(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encoding, "TELL_TOKENS", 1_000)
    lengths = [len(sentence) for sentence in corpus(name).sentences()]
    ends = np.cumsum(lengths)
    told = list(cutting.encoding(SourceSpec.from_strings({"corpus": name}), TextSpec()))
    reading = [one for one in told if "different" in one.words]
    assert len(reading) > 3
    for one in reading:
        tokens = int(one.words.split()[0].replace(",", ""))
        sentence = 1 + int(np.searchsorted(ends, tokens))
        assert one.share is not None
        # The end of a sentence is seen when the next one begins.
        assert sentence / len(lengths) - 1e-9 <= one.share / encoding.READ <= (sentence + 1) / len(lengths) + 1e-9


def test_progress_comes_long_before_a_block_is_full():
    assert TELL_TOKENS * 10 < encoding.CHUNK


def test_a_million_dots_are_cut_at_once():
    """Looked at from each of them anew they would take an hour."""
    began = time.process_time()
    assert len(list(sentences(["." * 300_000, " And so."], "punctuation"))) == 2
    assert time.process_time() - began < 60
