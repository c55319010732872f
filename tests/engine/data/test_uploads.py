"""The folder of uploads: content-addressed, whole or not at all, and no way out of it."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.data import points_spec, table, uploads
from engine.data.points import make_dataset
from engine.data.points_spec import PointsSpec, column_choices, problem_of, target_choices
from engine.errors import DataError

TABLE = b"a,b,c,kind\n" + b"".join(b"%d,%d,%d,%s\n" % (i, i % 7, -i, b"xy"[i % 2 : i % 2 + 1]) for i in range(40))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def test_a_class_may_keep_one_table_at_once(home):
    data = b"a,b\n" + b"1,2\n" * 20_000
    with ThreadPoolExecutor(12) as pool:
        for _ in range(20):
            assert set(pool.map(lambda name: uploads.save(data, name), [f"{n}.csv" for n in range(12)])) == {
                uploads.digest(data)
            }
    assert uploads.load(uploads.digest(data)).data == data


def test_what_is_saved_is_loaded_under_the_hash_of_its_bytes(home):
    upload = uploads.save(TABLE, "my table.csv")
    assert upload == hashlib.sha256(TABLE).hexdigest()
    assert uploads.load(upload) == uploads.Upload(upload, "my table.csv", TABLE)
    assert uploads.save(TABLE, "my table.csv") == upload
    assert sorted(path.suffix for path in (home / "uploads").iterdir()) == [".csv", ".name"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "a\0b/pa\nsswd", "/passwd"])
def test_names_are_text_and_no_paths(home, name):
    assert uploads.load(uploads.save(TABLE, name)).name == "passwd"
    assert {path.parent for path in home.rglob("*") if path.is_file()} == {home / "uploads"}


@pytest.mark.parametrize("upload", ["", "x", "../" + "a" * 61, "A" * 64, "a" * 64 + "\n", "a" * 65])
def test_what_is_no_id_is_refused(upload):
    with pytest.raises(DataError, match="no id of an upload"):
        uploads.load(upload)


def test_unknown_changed_empty_and_large_files_are_told(home):
    with pytest.raises(DataError, match="upload it again"):
        uploads.load("a" * 64)
    upload = uploads.save(TABLE, "t.csv")
    (home / "uploads" / f"{upload}.csv").write_bytes(TABLE + b"1")
    with pytest.raises(DataError, match=r"^The uploaded table t\.csv has changed"):
        uploads.load(upload)
    with pytest.raises(DataError, match=r"^t\.csv is empty"):
        uploads.save(b"", "t.csv")
    with pytest.raises(DataError, match=r"^t\.csv is too large: expected at most 5 MB, received 5\.0 MB"):
        uploads.save(bytes(uploads.MAX_UPLOAD_BYTES + 1), "t.csv")


def test_folder_that_cannot_be_written_is_told(home):
    (home / "uploads").write_text("in the way")
    with pytest.raises(DataError, match=r"^t\.csv could not be kept: "):
        uploads.save(TABLE, "t.csv")


def test_uploaded_table_becomes_points():
    spec = PointsSpec(dataset="csv", upload=uploads.save(TABLE, "t.csv"))
    dataset = make_dataset(spec)
    assert dataset.problem.kind == "binary"
    assert dataset.problem.classes == ("x", "y")
    assert len(dataset.train) == 28
    assert target_choices(spec) == ("a", "b", "c", "kind")
    assert column_choices(spec) == ("a", "b", "c")
    number = problem_of(spec.replace(target="a", inputs_from="columns"))
    assert (number.kind, number.axes) == ("regression", ("b", "c"))


def test_numbers_to_be_told_are_brought_to_one_scale():
    rows = b"".join(b"%d,%d,%d\n" % (i, i % 7, 100_000 + 7_000 * i) for i in range(40))
    spec = PointsSpec(dataset="csv", upload=uploads.save(b"a,b,price\n" + rows, "t.csv"))
    dataset = make_dataset(spec)
    assert dataset.problem.kind == "regression"
    assert dataset.problem.target == "price (in deviations from its mean)"
    assert dataset.train.targets.mean() == pytest.approx(0, abs=1e-6)
    assert dataset.train.targets.std() == pytest.approx(1, abs=1e-6)


def test_no_upload_is_told_and_offers_no_columns():
    with pytest.raises(DataError, match="No table has been uploaded yet"):
        make_dataset(PointsSpec(dataset="csv"))
    assert column_choices(PointsSpec(dataset="csv")) == ()
    assert target_choices(PointsSpec(dataset="csv")) == ()


def test_a_form_that_is_drawn_again_reads_the_table_no_more(monkeypatch):
    walks = []
    records = table._records
    monkeypatch.setattr(table, "_records", lambda *given: walks.append(given) or records(*given))
    good = PointsSpec(dataset="csv", upload=uploads.save(TABLE + b"40,5,1,x\n", "t.csv"))
    bad = good.replace(upload=uploads.save(TABLE.replace(b"\n1,", b"\n?,"), "t.csv"), target="b")

    def draw():
        assert column_choices(good) == ("a", "b", "c")
        assert target_choices(good) == ("a", "b", "c", "kind")
        with pytest.raises(DataError, match="a value is missing"):
            problem_of(bad)

    draw()
    read = len(walks)
    draw()
    assert read <= 3  # the header, the rows, and the rows of the other
    assert len(walks) == read


def test_a_table_that_was_missing_may_come():
    upload = hashlib.sha256(TABLE + b"41,5,1,x\n").hexdigest()
    spec = PointsSpec(dataset="csv", upload=upload)
    assert target_choices(spec) == ()
    with pytest.raises(DataError, match="not on this server"):
        points_spec.uploaded(upload, "")
    assert uploads.save(TABLE + b"41,5,1,x\n", "t.csv") == upload
    assert target_choices(spec) == ("a", "b", "c", "kind")
    assert points_spec.uploaded(upload, "").classes == ("x", "y")


def test_one_axis_amiss_leaves_the_choices_of_the_other():
    spec = PointsSpec(dataset="iris", inputs_from="columns", column_x="nope")
    assert "petal width (cm)" in column_choices(spec)


def test_one_column_beside_the_target_is_a_line():
    rows = b"".join(b"%d,%d\n" % (i, i * i) for i in range(40))
    dataset = make_dataset(PointsSpec(dataset="csv", upload=uploads.save(b"a,b\n" + rows, "t.csv")))
    assert dataset.problem.dimension == 1
    assert dataset.train.inputs.shape[1] == 1
