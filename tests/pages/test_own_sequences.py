"""Texts of one's own on the page of Sequences: brought, read while one watches, learnt from; or told why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.data.sequences import bringing, own
from pages.ui import bringing as offered
from pages.ui import house
from pages.ui.rights import UploadRight
from pages.ui.sequences import sources
from pages.ui.words import room, upload_route
from tests.hostile import sequences as s
from tests.hostile.payloads import PAYLOADS
from tests.pages import test_own_images, test_upload_route
from tests.pages.conftest import OpenPage
from tests.pages.test_own_images import captions, plain, select
from tests.pages.test_own_texts import press, run_of
from tests.pages.waiting import told, until

SMALL = {"units": "2", "max_epochs": "1", "batch_size": "2"}
PASTED = "Moreau, French\nNowak, Polish\nDumont, French\nLisowski, Polish\n"


@pytest.fixture(scope="module", autouse=True)
def reading(own_hub: Path) -> Iterator[None]:
    room.close()
    yield
    room.close()


def open_own(page: OpenPage, **address: str) -> AppTest:
    return page("sequences.py", sequences="own", **(SMALL | address))


def test_texts_that_were_pasted_are_read_and_learnt(page: OpenPage, own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(offered, "person", lambda: "session-paste")
    visit = open_own(page)
    assert "No texts of yours are chosen yet: paste some or choose their files" in plain(told(visit))
    assert not run_of(visit)
    press(visit, "Use these texts")
    assert "Pasted text is empty: expected texts in it." in plain(told(visit))
    next(one for one in visit.text_area if one.label == "Texts to learn from").set_value(PASTED)
    press(visit, "Use these texts")
    until(visit, lambda: run_of(visit))
    visit.run()
    assert "In use: Pasted text." in captions(visit)
    read = "4 texts were read from the columns 'column 1' and 'column 2', in 2 classes: French (2), Polish (2)."
    assert read in captions(visit)
    (kept,) = own.SEQUENCES.listed(own_hub, "session-paste")
    assert f'"own_sequences":"{kept.id}"' in house.hub().get(run_of(visit)).spec
    column = select(visit, "Column of classes")
    assert column.options[1:] == ["column 1", "column 2"]


def test_what_was_left_out_and_what_makes_it_hard_is_told(page: OpenPage, own_hub: Path):
    files = {"A.txt": b"\n".join(b"a%d" % n for n in range(9)) + b"\na1\n" + b"x" * 1_001, "B.txt": b"one\ntwo\n"}
    asked = s.keep(own_hub, {**files, "C.pdf": b"three"}, "someone")
    visit = open_own(page, own_sequences=asked)
    until(visit, lambda: run_of(visit))
    visit.run()
    said = plain(told(visit))
    assert "Left out: C.pdf is no .txt file; A.txt, line 11 is longer than 1,000 characters." in said
    assert "1 text came more than once in its class and counts once." in said
    assert "The classes are out of balance: 9 texts of 'A' against 2 of 'B'" in said


def test_a_set_that_is_gone_is_told(page: OpenPage):
    visit = open_own(page, own_sequences="ab" * 32)
    assert not run_of(visit)
    assert "The texts abababab… are not kept on this server any more, or never were" in plain(told(visit))


def test_what_cannot_be_learnt_from_is_told(page: OpenPage, own_hub: Path):
    asked = s.keep(own_hub, {"one.csv": s.table("a,x", "b,x", "c,x")}, "someone")
    visit = open_own(page, own_sequences=asked)
    said = "one.csv has too few classes: expected at least two, with two texts each, received only 'x'."
    until(visit, lambda: said in plain(told(visit)))
    assert not run_of(visit)
    assert any(one.label == "Try again" for one in visit.button)


def test_texts_brought_before_are_chosen_again_and_deleted(page: OpenPage, own_hub: Path, monkeypatch):
    monkeypatch.setattr(offered, "person", lambda: "session-zoe")
    asked = s.keep(own_hub, s.GOOD, "session-zoe")
    visit = open_own(page)
    way = select(visit, "Your texts")
    assert way.options == [sources.WAYS[one] for one in ("paste", "upload", "kept")]
    way.set_value("kept").run()
    chosen = select(visit, "Texts that you have brought")
    assert chosen.options == ["Choose some", "French.txt and Polish.txt"]
    chosen.set_value(asked).run()
    until(visit, lambda: run_of(visit))
    press(visit, "Delete these texts")
    assert not own.SEQUENCES.listed(own_hub, "session-zoe")
    assert not (own_hub / own.FOLDER / asked).exists()
    assert "No texts of yours are chosen yet" in plain(told(visit))


def test_a_folder_on_the_server_is_learnt_from_where_it_lies(
    page: OpenPage, own_hub: Path, tmp_path: Path, monkeypatch
):
    (tmp_path / "names").mkdir()
    for name, data in s.GOOD.items():
        (tmp_path / "names" / name).write_bytes(data)
    monkeypatch.setenv(bringing.NAMED_BY, str(tmp_path))
    room.close()  # who reads them is started with this
    visit = open_own(page)
    select(visit, "Your texts").set_value("server").run()
    chosen = select(visit, "Texts on this server")
    assert chosen.options == ["Choose some", f"{tmp_path.name}, all of it", f"{tmp_path.name}/names"]
    chosen.set_value(f"server:{tmp_path.name}/names").run()
    until(visit, lambda: "In use: names." in captions(visit) and run_of(visit))
    assert "5 texts were read, in 2 classes: French (3), Polish (2)." in captions(visit.run())


def test_reading_can_be_called_off(page: OpenPage, own_hub: Path):
    # So many that one can look before it is done.
    files = {f"{kind}/{n}.txt": b"%s%d" % (kind.encode(), n) for kind in "ab" for n in range(8_000)}
    asked = s.keep(own_hub, {"many.zip": s.archive(files, method=0)}, "someone")
    visit = open_own(page, own_sequences=asked)
    bars = lambda: [one.proto.text for one in visit.get("progress")]  # noqa: E731
    until(visit, bars)
    assert bars()[0].startswith("Reading the texts")
    press(visit, "Cancel")
    assert "Reading these texts was called off" in plain(told(visit))
    visit.run()
    assert not bars()
    assert not run_of(visit)
    press(visit, "Read the texts")
    until(visit, lambda: run_of(visit))


def test_names_and_classes_of_others_are_shown_letter_by_letter(page: OpenPage, own_hub: Path):
    classes = [payload.replace('"', "")[:30] for payload in PAYLOADS]
    rows = [f'"{name}{n}","{name}"' for name in classes for n in range(2)]
    asked = s.keep(own_hub, {f"{PAYLOADS[0].replace('/', '')}.csv": s.table(*rows)}, "someone")
    visit = open_own(page, own_sequences=asked)
    until(visit, lambda: run_of(visit))
    visit.run()
    for said in [one.value for one in visit.sidebar.caption] + told(visit):
        assert "<" not in said.replace("\\<", ""), said
        assert "](" not in said.replace("\\]\\(", ""), said


def test_files_that_are_uploaded_together_are_one_set(own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(test_upload_route, "PATH", "/live/sequences/upload")
    token = UploadRight("session-up").token()
    many = {f"A language with a long name {n}.txt": b"one\ntwo %d\n" % n for n in range(own.MOST_PARTS)}
    status, said = test_own_images.put(many, token)
    assert status == 200
    assert [part.name for part in own.SEQUENCES.found(own_hub, said["id"]).parts] == list(many)
    assert [one.id for one in own.SEQUENCES.listed(own_hub, "session-up")] == [said["id"]]
    status, said = test_own_images.put({"x.txt": b"\x89PNG\r\n\x1a\n"}, token)
    assert (status, said["error"].startswith("x.txt is a picture (PNG): expected a text file for each class")) == (
        400,
        True,
    )
    for sizes in ("5,x", "-1", "9" * 30, ",", "5," * 200):
        status, said = test_own_images.put(dict(s.GOOD), token, sizes)
        assert (status, said["error"].endswith(".")) == (400, True), sizes
    assert test_own_images.put(dict(s.GOOD), "forged")[0] == 403
    assert not upload_route._coming
