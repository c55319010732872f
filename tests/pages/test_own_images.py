"""Images of one's own on the page of Vision: brought, read while one watches, learnt from; or told why not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from engine.data.images import own, published
from engine.data.images.bringing import NAMED_BY
from pages.ui import bringing, house
from pages.ui.images import sources
from pages.ui.rights import UploadRight
from pages.ui.words import room, upload_route
from tests.hostile import images as i
from tests.pages import test_upload_route
from tests.pages.conftest import OpenPage
from tests.pages.test_own_texts import press, run_of
from tests.pages.waiting import told, until

SMALL = {"hide": "note.explore-kernel", "net": "softmax", "own_side": "8", "max_epochs": "1", "batch_size": "2"}


@pytest.fixture(scope="module", autouse=True)
def reading(own_hub: Path) -> Iterator[None]:
    room.close()
    yield
    room.close()


def plain(said: list[str]) -> str:
    return " | ".join(said).replace("\\", "")


def captions(visit: AppTest) -> str:
    return plain([one.value for one in visit.sidebar.caption])


def open_own(page: OpenPage, **address: str) -> AppTest:
    return page("vision.py", images="own", **(SMALL | address))


def select(visit: AppTest, label: str):
    return next(one for one in visit.selectbox if one.label == label)


def test_images_that_were_brought_are_read_and_learnt(page: OpenPage, own_hub: Path):
    visit = open_own(page)
    assert "No images of yours are chosen yet: choose their files" in plain(told(visit))
    assert not run_of(visit)
    asked = i.keep(own_hub, {"m.zip": i.with_one("cat/9.png", b"x")}, "someone")
    visit = open_own(page, own_images=asked)
    until(visit, lambda: run_of(visit))
    visit.run()
    assert "In use: m.zip." in captions(visit)
    assert "4 images were read, 8 x 8 pixels, grey, in 2 classes: cat (2), dog (2)." in captions(visit)
    assert "1 of 5 pictures could not be read: first: cat/9.png is no picture." in plain(told(visit))
    assert f'"own_images":"{asked}"' in house.hub().get(run_of(visit)).spec


def test_a_set_that_is_gone_is_told(page: OpenPage):
    visit = open_own(page, own_images="ab" * 32)
    assert not run_of(visit)
    assert "The images abababab… are not kept on this server any more, or never were" in plain(told(visit))


def test_what_cannot_be_learnt_from_is_told(page: OpenPage, own_hub: Path):
    asked = i.keep(own_hub, {"one.zip": i.archive({f"cat/{n}.png": i.picture(n) for n in range(4)})}, "someone")
    visit = open_own(page, own_images=asked)
    until(
        visit, lambda: "one.zip has too few classes: expected at least two, received only 'cat'." in plain(told(visit))
    )
    assert not run_of(visit)


def test_images_brought_before_are_chosen_again_and_deleted(page: OpenPage, own_hub: Path, monkeypatch):
    monkeypatch.setattr(bringing, "person", lambda: "session-zoe")
    asked = i.keep(own_hub, {"zoe.zip": i.archive(i.pictures(each=21))}, "session-zoe")
    visit = open_own(page)
    way = select(visit, "Your images")
    assert way.options == [sources.WAYS[one] for one in ("upload", "published", "kept")]
    way.set_value("kept").run()
    chosen = select(visit, "Images that you have brought")
    assert chosen.options == ["Choose some", "zoe.zip"]
    chosen.set_value(asked).run()
    until(visit, lambda: run_of(visit))
    press(visit, "Delete these images")
    assert not own.IMAGES.listed(own_hub, "session-zoe")
    assert "No images of yours are chosen yet" in plain(told(visit))


def test_a_folder_on_the_server_is_learnt_from_where_it_lies(
    page: OpenPage, own_hub: Path, tmp_path: Path, monkeypatch
):
    for name, data in i.pictures("zoo/", each=5).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    monkeypatch.setenv(NAMED_BY, str(tmp_path))
    room.close()  # who reads them is started with this
    visit = open_own(page)
    select(visit, "Your images").set_value("server").run()
    chosen = select(visit, "Images on this server")
    assert chosen.options == ["Choose some", f"{tmp_path.name}, all of it", f"{tmp_path.name}/zoo"]
    chosen.set_value(f"server:{tmp_path.name}/zoo").run()
    until(visit, lambda: "In use: zoo." in captions(visit) and run_of(visit))
    assert "10 images were read" in captions(visit.run())


def test_what_others_have_published_is_downloaded_when_it_is_chosen(
    page: OpenPage, own_hub: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv(published.BASE_NAMED_BY, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    room.close()  # who downloads them is started with this
    visit = open_own(page)
    select(visit, "Your images").set_value("published").run()
    chosen = select(visit, "Images that others have published")
    assert chosen.options == [
        "Choose some",
        "MNIST: 11.1 MB to download",
        "Fashion-MNIST: 29.4 MB to download",
        "CIFAR-10: 162 MB to download",
    ]
    chosen.set_value("published:mnist").run()
    until(visit, lambda: "could not be downloaded: no connection to 127.0.0.1" in plain(told(visit)))
    assert not run_of(visit)
    assert any(one.label == "Try again" for one in visit.button)


def test_reading_can_be_called_off(page: OpenPage, own_hub: Path):
    # So many that one can look before it is done.
    asked = i.keep(own_hub, {"x": i.idx(i.images(60_000, 20)), "y": i.idx(i.labels(60_000))}, "someone")
    visit = open_own(page, own_images=asked, own_side="9")
    bars = lambda: [one.proto.text for one in visit.get("progress")]  # noqa: E731
    until(visit, bars)
    assert bars()[0].startswith("Reading the images")
    press(visit, "Cancel")
    assert "Reading these images was called off" in plain(told(visit))
    visit.run()
    assert not bars()
    assert not run_of(visit)
    press(visit, "Read the images")
    until(visit, lambda: run_of(visit))


def put(files: dict[str, bytes], token: str, sizes: str | None = None) -> tuple[int, dict]:
    """Send files as a browser does, one behind the other."""
    told = ",".join(str(len(data)) for data in files.values()) if sizes is None else sizes
    return test_upload_route.put(b"".join(files.values()), token, "%2F".join(map(quote, files)), sizes=told)


def test_files_that_are_uploaded_together_are_one_set(own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(test_upload_route, "PATH", "/live/images/upload")
    token = UploadRight("session-up").token()
    status, said = put(i.pair(), token)
    assert status == 200
    assert [part.name for part in own.IMAGES.found(own_hub, said["id"]).parts] == list(i.pair())
    assert [one.id for one in own.IMAGES.listed(own_hub, "session-up")] == [said["id"]]
    status, said = put({"x.txt": b"hello"}, token)
    assert (status, said["error"].startswith("x.txt holds no images: expected")) == (400, True)
    for sizes in ("5,x", "-1", "9" * 30, ",", "5," * 200):
        status, said = put({"b.bin": i.batch()}, token, sizes)
        assert (status, said["error"].endswith(".")) == (400, True), sizes
    assert put(i.pair(), "forged")[0] == 403
    assert put({"b.bin": i.batch()}, token, "")[0] == 200
    assert len(own.IMAGES.listed(own_hub, "session-up")) == 2
    assert not upload_route._coming
