"""What a setting names is found, read and split: files of people, folders on the server, sets that others published."""

import gzip
import hashlib
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from engine.data.images import bringing, gathering, idx, published, reading
from engine.data.images.own import IMAGES
from engine.data.images.prepared import prepare
from engine.data.images.published import File
from engine.data.images.spec import OWN, ImagesSpec
from engine.errors import DataError
from engine.keeping import sets
from tests.hostile import images as i


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A folder on the server that may be learnt from."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.setenv(bringing.NAMED_BY, str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def spec(asked: str, **settings: object) -> ImagesSpec:
    return ImagesSpec(**{"images": OWN, "own_images": asked, "own_side": 8, **settings})  # type: ignore[arg-type]


def read(asked: str, **settings: object):
    return reading.drained(reading.reading(spec(asked, **settings)))


def written(root: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def numbered(count: int, side: int = 8) -> np.ndarray:
    """Return images each of one shade, its number."""
    return np.repeat(np.arange(count, dtype=np.uint8), side * side).reshape(count, side, side)


@pytest.mark.parametrize("packed", [False, True])
def test_images_and_labels_are_paired_by_how_many_they_are(home: Path, packed: bool) -> None:
    files = {"b": i.idx(i.labels(12)), "a": i.idx(numbered(5)), "d": i.idx(numbered(12)), "c": i.idx(i.labels(5)[::-1])}
    files = {name: gzip.compress(data, mtime=0) for name, data in files.items()} if packed else files
    found = read(i.keep(home, files))
    assert (found.record.images, found.record.held, found.record.classes) == (17, 5, ("0", "1"))
    assert np.array_equal(found.pixels[:, 0, 0, 0], [*range(12), *range(5)])
    assert found.labels.tolist() == [*([0, 1] * 6), 0, 1, 0, 1, 0]


def test_of_two_pairs_as_large_the_one_called_test_is_held_out(home: Path) -> None:
    files = {**i.pair(8, "t10k"), "x-images": i.idx(numbered(8)), "x-labels": i.idx(i.labels(8))}
    found = read(i.keep(home, files))
    assert (found.record.images, found.record.held) == (16, 8)
    assert found.pixels[:8, 0, 0, 0].tolist() == list(range(8))


def test_images_of_another_size_are_brought_to_the_one_asked_for(home: Path) -> None:
    files = {"x": i.idx(np.repeat(numbered(4, 16), 2, axis=2)), "y": i.idx(i.labels(4))}
    asked = i.keep(home, files)
    assert read(asked).pixels.shape == (4, 1, 8, 8)
    in_colour = read(asked, own_side=20, own_colour="colour")
    assert in_colour.pixels.shape == (4, 3, 20, 20)
    assert in_colour.pixels.mean(axis=(1, 2, 3)).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("together", [False, True])
def test_batches_of_cifar_are_read_with_their_test_batch_last(home: Path, together: bool) -> None:
    batches = {"test_batch.bin": i.batch(4), "data_batch_1.bin": i.batch(6), "data_batch_2.bin": i.batch(8)}
    inside = {f"cifar-10-batches-bin/{name}": data for name, data in batches.items()}
    files = {"c.tar.gz": i.tar({**inside, "cifar-10-batches-bin/readme.html": b"x"})} if together else batches
    found = read(i.keep(home, files), own_side=32, own_colour="colour")
    assert (found.record.images, found.record.held) == (18, 4)
    assert found.record.classes == ("aeroplane", "car")
    assert found.pixels[:, 2, 31, 31].tolist() == [*range(10, 16), *range(10, 18), *range(10, 14)]
    assert len(prepare(spec(i.keep(home, files), own_side=32)).validation) == 4


def test_classes_are_folders_and_their_labels_fit(home: Path) -> None:
    found = read(i.keep(home, {"m.zip": i.archive(i.pictures("all/", each=3))}))
    assert found.record.counts == (3, 3)
    shades = [int(pixels.mean()) for pixels in found.pixels]
    told = [found.record.classes[label] for label in found.labels]
    assert list(zip(told, shades, strict=True)) == [
        *(("cat", shade) for shade in (40, 41, 42)),
        *(("dog", shade) for shade in (200, 201, 202)),
    ]


def test_a_published_file_says_what_its_labels_are_called(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = i.pair()
    md5 = hashlib.md5(files["train-labels"], usedforsecurity=False).hexdigest()
    one = published.Published("f", "F", "", "", (File("train-labels", 1, md5),), idx.FASHION)
    monkeypatch.setattr(published, "PUBLISHED", {"f": one})
    assert read(i.keep(home, files)).record.classes == ("T-shirt", "trousers")


def test_what_would_be_too_large_is_told_with_what_helps(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_PIXEL_BYTES", 8 * 28 * 28)
    asked = i.keep(home, i.pair())
    assert read(asked, own_side=28).record.images == 8
    with pytest.raises(
        DataError, match=r"8 images of 29 x 29 pixels in grey take 0 MB, .* choose fewer pixels, or grey"
    ):
        read(asked, own_side=29)
    monkeypatch.setattr(gathering, "MOST_IMAGES", 7)
    with pytest.raises(DataError, match="expected at most 7, received 8"):
        read(asked, own_side=27)
    with pytest.raises(DataError, match=r"m\.zip holds too many images: expected at most 7, received 8"):
        read(i.keep(home, {"m.zip": i.archive(i.pictures(each=4))}))


def test_pictures_that_take_too_long_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_SECONDS", -1.0)
    with pytest.raises(DataError, match=r"m\.zip takes too long: 0 of 4 pictures were read"):
        read(i.keep(home, {"m.zip": i.archive(i.pictures())}))


def test_images_are_read_once_in_each_size_and_few_sizes_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = i.keep(home, i.pair())
    assert reading.kept(spec(asked)) is None
    read(asked)
    monkeypatch.setattr(reading, "gather", None)
    assert len(read(asked).labels) == 8
    monkeypatch.undo()
    monkeypatch.setenv("LEARNSCOPE_HOME", str(home))
    for number, side in enumerate((9, 10, 11, 12)):
        found = read(asked, own_side=side)
        os.utime(found.folder / "record.json", (number, number))
    assert reading.kept(spec(asked, own_side=12)) is not None
    assert len(list((home / "images" / asked / "read").iterdir())) == reading.MOST_READ


def test_a_pack_that_is_not_whole_is_read_again(home: Path) -> None:
    asked = i.keep(home, i.pair())
    found = read(asked)
    (found.folder / "pixels").write_bytes(b"x")
    assert reading.kept(spec(asked)) is None
    assert len(read(asked).pixels) == 8


def test_at_most_so_many_are_used_and_the_test_part_keeps_its_share(home: Path) -> None:
    asked = i.keep(home, {"x": i.idx(numbered(200)), "y": i.idx(i.labels(200)), **i.pair(50, "t10k")})
    every = prepare(spec(asked))
    assert (len(every.train), len(every.validation)) == (200, 50)
    assert every.validation.tolist() == list(range(200, 250))
    some, again, other = (prepare(spec(asked, own_most=100, data_seed=seed)) for seed in (1, 1, 2))
    assert (len(some.train), len(some.validation), len(some.images)) == (80, 20, 100)
    assert np.array_equal(some.images.pixels, again.images.pixels)
    assert not np.array_equal(some.images.pixels, other.images.pixels)
    alone = prepare(
        spec(i.keep(home, {"x": i.idx(numbered(200)), "y": i.idx(i.labels(200))}), own_most=100, train_share=0.6)
    )
    assert (len(alone.train), len(alone.validation)) == (60, 40)
    assert sorted([*alone.train, *alone.validation]) == list(range(100))


def test_what_is_gone_is_told(home: Path) -> None:
    asked = i.keep(home, i.pair())
    IMAGES.delete(home, asked)
    with pytest.raises(DataError, match="are not kept on this server any more"):
        prepare(spec(asked))
    with pytest.raises(DataError, match="No images of yours are chosen yet"):
        prepare(spec(""))


def test_folders_of_pictures_on_the_server_are_read_where_they_lie(folder: Path, home: Path) -> None:
    written(folder, {f"zoo/{name}": data for name, data in i.pictures(each=3).items()})
    written(folder, {"zoo/cat/note.txt": b"hello", "zoo/cat/.hidden": b"x", "zoo/cat/Thumbs.db": b"x"})
    assert bringing.ON_SERVER.offered() == {"server:shelf/": "shelf, all of it", "server:shelf/zoo": "shelf/zoo"}
    found = read("server:shelf/zoo")
    assert (found.record.images, found.record.classes) == (6, ("cat", "dog"))
    assert found.record.told_dropped() == "1 of 7 pictures could not be read: first: cat/note.txt is no picture."
    (folder / "zoo/dog/1.png").unlink()
    assert read("server:shelf/zoo").record.images == 5
    assert {path.name for path in home.iterdir()} == {"images-read"}


def test_a_picture_that_goes_while_its_folder_is_read_is_told_and_the_others_are_learnt(folder: Path) -> None:
    written(folder, {f"zoo/{name}": data for name, data in i.pictures(each=3).items()})
    work = reading.reading(spec("server:shelf/zoo"))
    next(work)  # now it is known what lies there
    (folder / "zoo/dog/1.png").unlink()
    found = reading.drained(work)
    assert (found.record.images, found.record.counts) == (5, (3, 2))
    assert found.record.told_dropped() == "1 of 6 pictures could not be read: first: dog/1.png cannot be read."


def test_standard_files_in_a_folder_on_the_server_are_one_set(folder: Path) -> None:
    written(folder, {**i.pair(), "README.md": b"These are images."})
    found = read("server:shelf/")
    assert (found.record.images, found.record.title) == (8, "shelf")


def test_an_archive_on_the_server_is_read(folder: Path) -> None:
    written(folder, {"m.zip": i.archive(i.pictures()), "x": b"none"})
    assert read("server:shelf/m.zip").record.images == 4
    with pytest.raises(DataError, match="x holds no images"):
        read("server:shelf/x")


OUT = (
    *("server:shelf/..", "server:shelf/../x", "server:other/", "server:shelf//etc", "server:shelf/out"),
    *("server:shelf/a\0b", "server:", "server:shelf/.hidden"),
)


@pytest.mark.parametrize("asked", OUT)
def test_no_name_leads_out_of_the_folders_of_the_server(folder: Path, tmp_path: Path, asked: str) -> None:
    written(tmp_path, {"x/cat/1.png": i.picture(), "shelf/.hidden/cat/1.png": i.picture()})
    (folder / "out").symlink_to(tmp_path / "x")
    assert list(bringing.ON_SERVER.offered()) == ["server:shelf/"]
    with pytest.raises(DataError, match="There is no file"):
        bringing.brought(asked)


def test_no_link_in_a_folder_is_followed(folder: Path, tmp_path: Path) -> None:
    written(tmp_path, {"x/1.png": i.picture(9), "x/2.png": i.picture(9)})
    written(folder, i.pictures())
    (folder / "bird").symlink_to(tmp_path / "x")
    (folder / "cat" / "9.png").symlink_to(tmp_path / "x" / "1.png")
    os.mkfifo(folder / "cat" / "8.png")
    found = read("server:shelf/")
    assert (found.record.images, found.record.classes, found.record.seen) == (4, ("cat", "dog"), 4)
    asked = bringing.brought("server:shelf/")
    (folder / "cat" / "0.png").unlink()
    (folder / "cat" / "0.png").symlink_to(tmp_path / "x" / "1.png")  # while it waits for its turn
    assert asked.root is not None
    with pytest.raises(DataError, match="cannot be read"):
        sets.read_bytes(sets.Part("0.png", asked.root / "cat" / "0.png", 0, exactly=True), 99)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Path]:
    """A place elsewhere where a small set is published."""
    files = {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in {**i.pair(), **i.pair(4, "t10k")}.items()}
    written(tmp_path / "web" / "small", files)
    told = tuple(
        File(name, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest()) for name, data in files.items()
    )
    one = published.Published("small", "Small", "", "http://127.0.0.1:9/nowhere", told, idx.FASHION)
    monkeypatch.setattr(published, "PUBLISHED", {**published.PUBLISHED, "small": one})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "web")))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv(published.BASE_NAMED_BY, f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("NO_PROXY", "*")
    yield tmp_path / "web" / "small"
    server.shutdown()
    server.server_close()


def test_a_published_set_is_downloaded_once_and_read(elsewhere: Path, home: Path) -> None:
    assert len(bringing.brought("published:small").missing) == 4
    said = [one.words for one in reading.reading(spec("published:small"))]
    assert any("downloaded" in words for words in said)
    found = reading.kept(spec("published:small"))
    assert found is not None
    assert (found.record.images, found.record.held, found.record.classes) == (12, 4, ("T-shirt", "trousers"))
    for path in elsewhere.iterdir():
        path.unlink()
    assert read("published:small", own_side=9).record.images == 12
    assert {path.name for path in home.iterdir()} == {published.FOLDER}


def test_a_published_set_with_another_sum_is_not_kept(elsewhere: Path, home: Path) -> None:
    path = elsewhere / "train-images.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    with pytest.raises(DataError, match="its sum \\(md5\\) is not the one that its publisher gives"):
        read("published:small")
    assert not list(home.rglob("record.json"))


def test_without_a_connection_it_is_said_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(published.BASE_NAMED_BY, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(DataError, match=r"could not be downloaded: no connection to 127\.0\.0\.1; handwritten digits"):
        read("published:mnist")


def test_what_is_published_is_known_by_address_size_and_sum() -> None:
    assert [one.bytes for one in published.PUBLISHED.values()] == [11_594_722, 30_878_645, 170_052_171]
    for one in published.PUBLISHED.values():
        assert one.address.startswith("https://")
        assert all(len(file.md5) == 32 for file in one.files)
    with pytest.raises(DataError, match="expected mnist, fashion, cifar10"):
        published.published("published:../x")
