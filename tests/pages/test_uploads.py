from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import quarantine
from engine.errors import DataError
from pages.ui import house, uploads
from tests.pages.conftest import OpenPage

TABLE = b"length,width,kind\n" + b"".join(b"%d,%d.5,%s\n" % (n, n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(30))


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    """Keep a process that reads files, as a server does."""
    quarantine.keep_ready()
    yield
    quarantine.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def test_a_table_is_kept_by_its_content(home: Path):
    first = uploads.keep(TABLE, "flowers.csv", "person-a")
    assert first == uploads.keep(TABLE, "again.csv", "person-b")
    assert (home / "uploads" / f"{first}.csv").read_bytes() == TABLE


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\x.csv", "a\x00b.csv", "/abs.csv", "x" * 500])
def test_a_name_is_never_a_path(home: Path, name: str):
    uploads.keep(TABLE, name, "person-a")
    inside = {path.relative_to(home).parts[0] for path in home.rglob("*")}
    assert inside == {"uploads"}
    assert not list(home.parent.glob("*.csv"))


@pytest.mark.parametrize("person", ["../x", "a/b", "", ".", "x" * 200])
def test_a_person_is_never_a_path(home: Path, person: str):
    with pytest.raises(DataError):
        uploads.keep(TABLE, "t.csv", person)


def test_what_cannot_be_learnt_from_is_not_kept(home: Path):
    for bad in (b"", b"a\n", b"\x89PNG\r\n\x1a\n\x00", b"a,b\n" + b"1,x\n" * 3):
        with pytest.raises(DataError):
            uploads.keep(bad, "bad.csv", "person-a")
    assert not (home / "uploads").exists()


def test_a_person_has_a_quota_of_files(home: Path):
    for count in range(uploads.MOST_FILES):
        uploads.keep(TABLE + b"%d,1,a\n" % count, "t.csv", "person-a")
    with pytest.raises(DataError, match="at most 20 files"):
        uploads.keep(TABLE, "t.csv", "person-a")
    uploads.keep(TABLE, "t.csv", "person-b")
    uploads.keep(TABLE + b"1,1,a\n", "t.csv", "person-a")  # one of theirs


def test_a_person_has_a_quota_of_bytes(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", len(TABLE) + 10)
    uploads.keep(TABLE, "t.csv", "person-a")
    with pytest.raises(DataError, match="MB a person"):
        uploads.keep(TABLE + b"99,1,a\n", "t.csv", "person-a")


def upload(visit, name: str, data: bytes):
    table = next(field for field in visit.file_uploader if field.label == "Table (CSV)")
    return table.upload(name, data, "text/csv").run()


def test_an_uploaded_table_is_learnt(page: OpenPage):
    visit = page(dataset="csv")
    upload(visit, "flowers.csv", TABLE)
    assert not visit.exception
    assert not visit.error
    assert not visit.warning
    run = house.hub().get(str(visit.query_params["run"]))
    assert f'"upload":"{visit.query_params["upload"]}"' in run.spec
    target = next(box for box in visit.selectbox if box.label == "Target column")
    assert target.options == ["Automatic", "length", "width", "kind"]
    target.select("width").run()
    assert not visit.exception
    assert visit.query_params["target"] == "width"


def test_a_bad_table_is_told_in_one_sentence(page: OpenPage):
    visit = page(dataset="csv")
    upload(visit, "bad.csv", TABLE + b"1,2\n")
    assert not visit.exception
    assert "line 32" in visit.error[0].value.replace("\\", "")
    assert "run" not in visit.query_params


def test_why_a_table_was_refused_stands_above_the_run_too_until_another_is_chosen(page: OpenPage):
    visit = page(dataset="csv")
    upload(visit, "bad.csv", TABLE + b"1,2\n")
    (told,) = visit.main.error
    assert told.value == visit.sidebar.error[0].value
    assert "bad" in told.value
    assert "No table has been uploaded yet" in visit.main.warning[0].value
    upload(visit, "flowers.csv", TABLE)
    assert not visit.error
    upload(visit, "bad.csv", TABLE + b"1,2\n")
    assert "bad" in visit.main.error[0].value
    next(field for field in visit.file_uploader if field.label == "Table (CSV)").clear().run()
    assert not visit.error


def test_the_table_in_use_is_still_named_beside_a_bad_one(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    visit = page(dataset="csv")
    upload(visit, "flowers.csv", TABLE)
    run = visit.query_params["run"]
    reads = []
    read_table = uploads.read_table
    monkeypatch.setattr(uploads, "read_table", lambda *given: reads.append(given) or read_table(*given))
    upload(visit, "bad.csv", TABLE + b"1,2\n")
    visit.run()
    assert "line 32" in visit.error[0].value.replace("\\", "")
    assert [caption.value.replace("\\", "") for caption in visit.caption if "In use" in caption.value] == [
        "In use: flowers.csv"
    ]
    assert visit.query_params["run"] == run
    assert len(reads) == 1  # and not at every drawing
    upload(visit, "good.csv", TABLE + b"1,2,a\n")
    assert not visit.error
    assert visit.query_params["run"] != run


def test_what_makes_a_table_hard_stands_at_the_upload(page: OpenPage):
    rows = b"".join(b"%d,5,blue,%s\n" % (n, b"ab"[n % 2 : n % 2 + 1]) for n in range(30))
    visit = page(dataset="csv")
    upload(visit, "flat.csv", b"n,flat,colour,kind\n" + rows)
    (warning,) = visit.sidebar.warning
    assert warning.value.replace("\\", "") == (
        "Column 'colour' holds text and is left out. "
        "Column 'flat' has the same value in every row, so nothing can be learnt from it."
    )
    assert not visit.main.warning
    next(box for box in visit.selectbox if box.label == "Target column").select("n").run()
    assert "Column 'kind' holds text" in visit.sidebar.warning[0].value.replace("\\", "")


def test_a_loss_that_a_table_cannot_have_is_left_behind(page: OpenPage):
    visit = page(dataset="csv", loss="logistic")
    upload(visit, "prices.csv", b"a,b,price\n" + b"".join(b"%d,%d,%d.5\n" % (n, n % 7, n * n) for n in range(30)))
    assert not visit.exception
    run = house.hub().get(str(visit.query_params["run"]))
    assert '"loss":"auto"' in run.spec
    assert "Logistic does not fit" in visit.main.info[0].value


def test_hostile_columns_are_shown_as_text(page: OpenPage):
    name = b"![x](http://evil.example/a.png)"
    visit = page(dataset="csv")
    upload(visit, "<img src=x>.csv", TABLE.replace(b"width", name))
    assert not visit.exception
    for caption in visit.caption:
        assert "<img" not in caption.value.replace("\\<", "")
