"""A text of one's own on the page of Train words: brought, cut while one watches, learnt from; or told why not."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from engine.keeping import home
from engine.words.texts import counting, own
from pages.ui import bringing, house, texts
from pages.ui.rights import UploadRight
from pages.ui.words import room, upload_route
from tests.pages import test_upload_route
from tests.pages.conftest import OpenPage
from tests.pages.waiting import told, until

PATIENCE = 120.0
TALE = "The king and the queen live in a castle. The dog and the cat live in a house. " * 30
SMALL = {"hide": "note.explore-text", "dimensions": "8", "epochs": "1", "min_count": "2"}


@pytest.fixture(scope="module", autouse=True)
def cutting(own_hub: Path) -> Iterator[None]:
    room.close()
    yield
    room.close()


def run_of(visit: AppTest) -> str:
    found = visit.query_params.get("run", "")
    return found if isinstance(found, str) else found[0]


def own_of(visit: AppTest) -> str:
    found = visit.query_params.get("own", "")
    return found if isinstance(found, str) else found[0]


def press(visit: AppTest, label: str) -> AppTest:
    return next(button for button in visit.button if button.label == label).click().run()


def labels(visit: AppTest) -> list[str]:
    return [one.label for one in visit.selectbox]


def test_a_pasted_text_is_learnt_from_and_its_link_opens_it_again(page: OpenPage):
    visit = page("train_words.py", corpus="own", **SMALL)
    assert any("No text of yours is chosen yet: paste one" in one.replace("\\", "") for one in told(visit))
    assert not run_of(visit)
    visit.text_area[0].set_value(TALE)
    press(visit, "Use this text")
    until(visit, lambda: run_of(visit))
    run = house.hub().get(run_of(visit))
    assert f'"own":"{own.TEXTS.found(home(), own_of(visit)).id}"' in run.spec
    assert any(one.value.startswith("In use: Pasted text, ") for one in visit.sidebar.caption)
    assert "Column" not in labels(visit)
    again = page("train_words.py", corpus="own", own=own_of(visit), **SMALL)
    assert run_of(again)
    assert not told(again)


def test_a_link_to_a_text_that_is_not_kept_says_so(page: OpenPage):
    visit = page("train_words.py", corpus="own", own="ab" * 32, **SMALL)
    assert not run_of(visit)
    (said,) = told(visit)
    assert "The text abababab… is not kept on this server any more, or never was" in said.replace("\\", "")


@pytest.mark.parametrize(
    ("pasted", "said"), [("", "Pasted text is empty"), ("  \n ", "Pasted text is empty"), ("?! ...", "holds no token")]
)
def test_what_cannot_be_learnt_from_is_told(page: OpenPage, pasted: str, said: str):
    visit = page("train_words.py", corpus="own", **SMALL)
    visit.text_area[0].set_value(pasted)
    press(visit, "Use this text")
    until(visit, lambda: any(said in one.replace("\\", "") for one in told(visit)))
    assert not run_of(visit)
    visit.text_area[0].set_value(TALE)
    press(visit, "Use this text")
    until(visit, lambda: run_of(visit))
    assert not told(visit)


def test_a_wrong_encoding_is_told_and_another_mends_it(page: OpenPage, own_hub: Path):
    asked = own.keep(own_hub, [("Der Hund läuft über die Wiese. " * 30).encode("cp1252")], "hund.txt", "someone")
    visit = page("train_words.py", corpus="own", own=asked, **SMALL)
    until(visit, lambda: told(visit))
    assert "as Windows-1252, Western Europe it reads “Der Hund läuft über" in told(visit)[0].replace("\\", "")
    next(one for one in visit.selectbox if one.label == "Encoding").set_value("cp1252").run()
    until(visit, lambda: run_of(visit))
    assert not told(visit)


def test_of_a_table_a_column_is_chosen(page: OpenPage, own_hub: Path):
    table = "id,said,by\n" + "".join(f"{n},the dog barks at the cat,ann\n" for n in range(30))
    asked = own.keep(own_hub, [table.encode()], "said.csv", "someone")
    visit = page("train_words.py", corpus="own", own=asked, **SMALL)
    until(visit, lambda: run_of(visit))
    column = next(one for one in visit.selectbox if one.label == "Column")
    assert column.options == ["Automatic", "id", "said", "by"]
    assert '"column":""' in house.hub().get(run_of(visit)).spec
    first = run_of(visit)
    column.set_value("by").run()
    until(visit, lambda: any("1 words that come 2 times" in one for one in told(visit)) or run_of(visit) != first)
    assert '"column":"by"' in house.hub().get(run_of(visit)).spec


def test_a_long_text_is_cut_while_one_watches_and_can_be_called_off(page: OpenPage, own_hub: Path):
    asked = own.keep(own_hub, [(TALE * 4_000).encode()], "long.txt", "someone")
    visit = page("train_words.py", corpus="own", own=asked, **SMALL)
    bars = lambda: [one.proto.text for one in visit.get("progress")]  # noqa: E731
    until(visit, lambda: any("tokens" in one for one in bars()))
    assert all(one.startswith("Cutting the text into words") for one in bars())
    assert not run_of(visit)
    press(visit, "Cancel")
    assert told(visit) == ["Cutting this text was called off, here or by preparing another in another tab."]
    visit.run()
    assert not bars()
    press(visit, "Cut the text")
    until(visit, bars)
    press(visit, "Cancel")


def test_what_glove_learns_from_is_counted_while_one_watches(page: OpenPage, own_hub: Path, monkeypatch):
    asked = own.keep(own_hub, [(TALE * 2_000).encode()], "counted.txt", "someone")
    monkeypatch.setattr(counting, "LONG", 1_000)
    visit = page("train_words.py", corpus="own", own=asked, method="glove", **SMALL)
    bars = lambda: [one.proto.text for one in visit.get("progress")]  # noqa: E731
    until(visit, lambda: any(one.startswith("Counting which words stand near each other") for one in bars()))
    assert not run_of(visit)
    press(visit, "Cancel")
    assert told(visit) == ["Counting this text was called off, here or by preparing another in another tab."]
    press(visit, "Count the text")
    until(visit, lambda: run_of(visit))
    assert not told(visit)


def test_a_text_brought_before_is_chosen_again_and_deleted(page: OpenPage, own_hub: Path, monkeypatch):
    monkeypatch.setattr(bringing, "person", lambda: "session-zoe")
    asked = own.keep(own_hub, [f"{TALE} zoe".encode()], "zoe.txt", "session-zoe")
    visit = page("train_words.py", corpus="own", **SMALL)
    way = next(one for one in visit.selectbox if one.label == "Your text")
    assert way.options == [texts.WAYS[one] for one in ("paste", "upload", "kept")]
    way.set_value("kept").run()
    chosen = next(one for one in visit.selectbox if one.label == "Texts that you have brought")
    assert chosen.options == ["Choose one", "zoe.txt"]
    chosen.set_value(asked).run()
    until(visit, lambda: run_of(visit))
    press(visit, "Delete this text")
    assert not own.TEXTS.listed(own_hub, "session-zoe")
    assert any("No text of yours is chosen yet" in one for one in told(visit))


def test_a_file_on_the_server_is_learnt_from_where_it_lies(page: OpenPage, own_hub: Path, tmp_path: Path, monkeypatch):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "tale.txt.gz").write_bytes(gzip.compress(TALE.encode()))
    monkeypatch.setenv("LEARNSCOPE_TEXTS", str(tmp_path / "library"))
    before = {folder.name for folder in (own_hub / own.FOLDER).iterdir()}
    visit = page("train_words.py", corpus="own", **SMALL)
    next(one for one in visit.selectbox if one.label == "Your text").set_value("server").run()
    chosen = next(one for one in visit.selectbox if one.label == "Texts on this server")
    assert chosen.options == ["Choose one", "tale.txt.gz"]
    assert not own_of(visit)
    chosen.set_value("server:library/tale.txt.gz").run()
    until(visit, lambda: any(one.value.startswith("In use: tale") for one in visit.sidebar.caption))
    assert {folder.name for folder in (own_hub / own.FOLDER).iterdir()} == before


def test_an_upload_is_kept_as_a_text(own_hub: Path, monkeypatch):
    monkeypatch.setattr(test_upload_route, "PATH", "/live/texts/upload")
    status, said = test_upload_route.put(TALE.encode(), UploadRight("session-up").token(), quote("../my <tale>.txt"))
    assert status == 200
    assert own.TEXTS.found(own_hub, said["id"]).path.read_bytes() == TALE.encode()
    assert [one.id for one in own.TEXTS.listed(own_hub, "session-up")] == [said["id"]]
    status, said = test_upload_route.put(b"\x89PNG\r\n\x1a\n" * 9, UploadRight("session-up").token(), "x.txt")
    assert (status, said["error"].startswith("x.txt is a picture (PNG)")) == (400, True)
    assert test_upload_route.put(TALE.encode(), "forged")[0] == 403
    assert not upload_route._coming
