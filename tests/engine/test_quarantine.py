"""Files from people are read in a process with limits: whatever its reader does, the answer is a sentence."""

import gc
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import quarantine
from engine.data.table import MAX_ROWS
from engine.errors import DataError
from tests.engine.runs.conftest import children

GREEDY = "tests.hostile.greedy"


@pytest.fixture
def kept() -> Iterator[None]:
    quarantine.keep_ready()
    yield
    quarantine.close()


def read(reader: str, data: bytes = b"abc", name: str = "t.csv"):
    return quarantine.read(f"{GREEDY}:{reader}", data, name)


def test_what_a_reader_makes_of_a_file_comes_back_as_it_was():
    data = bytes(range(256)) * 5_000
    plain, arrays = read("honest", data)
    assert plain == {"name": "t.csv", "bytes": len(data)}
    assert arrays["counts"].tolist() == [5_000] * 256
    assert not arrays["counts"].flags.writeable


SENTENCES = {
    "hog": "t.csv takes more than 512 MB of memory to be read, which is more than a file may: make it smaller.",
    "hoard": "t.csv takes more than 512 MB of memory to be read, which is more than a file may: make it smaller.",
    "crash": "t.csv brought its reader to an end: it is damaged, or too large to be read.",
    "leave": "t.csv brought its reader to an end: it is damaged, or too large to be read.",
    "fail": "t.csv could not be read: the server's log says why.",
    "deep": "t.csv could not be read: the server's log says why.",
}


@pytest.mark.parametrize("reader", SENTENCES)
def test_a_reader_that_goes_wrong_is_told_and_the_next_file_is_read(
    kept: None, reader: str, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(DataError) as told:
        read(reader)
    assert str(told.value) == SENTENCES[reader]
    assert ("Traceback" in caplog.text) == (reader in ("fail", "deep"))
    assert read("honest")[0]["bytes"] == 3


def test_a_reader_without_end_is_ended(monkeypatch: pytest.MonkeyPatch):
    limits = "import engine.quarantined as q, sys; q.SECONDS = 1; q.main(int(sys.argv[1]))"
    monkeypatch.setattr(quarantine, "COMMAND", ("-c", limits))
    with pytest.raises(DataError, match="of computing to be read"):
        read("spin")


def test_a_reader_writes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with pytest.raises(DataError, match="could not be read: the server's log says why"):
        read("write", name=str(tmp_path / "hacked"))
    assert "File too large" in caplog.text
    assert [path.stat().st_size for path in tmp_path.iterdir()] in ([], [0])


def test_an_answer_is_numbers_and_text_alone(tmp_path: Path):
    with pytest.raises(DataError):
        read("smuggle", name=str(tmp_path / "hacked"))
    assert not (tmp_path / "hacked").exists()


def test_many_at_once_are_read_and_nothing_stays(kept: None):
    found: list[int] = []

    def ask(size: int) -> None:
        found.append(read("honest", b"x" * size)[0]["bytes"])

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(12))


def test_a_process_that_died_is_replaced(kept: None, caplog: pytest.LogCaptureFixture):
    assert quarantine._kept is not None
    process = quarantine._kept._process
    process.kill()
    process.wait()
    with caplog.at_level(logging.WARNING):
        assert read("honest")[0]["bytes"] == 3
    assert "started anew" in caplog.text


def test_nothing_is_left_of_a_process_for_one_file():
    def here() -> tuple[int, set[int]]:
        return len(os.listdir("/proc/self/fd")), set(children(os.getpid()))

    gc.collect()  # what tests before left open is not to be closed in between
    descriptors, processes = here()
    read("honest")
    assert here()[0] == descriptors
    assert here()[1] <= processes


def test_the_limits_leave_room_for_the_largest_table():
    cells = 65
    header = ",".join(f"c{number}" for number in range(cells)).encode()
    rows = (b",".join(b"%d.%d" % (row % 7, (row + cell) % 10) for cell in range(cells)) for row in range(MAX_ROWS))
    data = b"\n".join([header, *rows])
    assert 4.9 < len(data) / 2**20 < 5
    _, arrays = quarantine.read("engine.data.reading:parse_table", data, "t.csv", "")
    assert arrays["numbers"].shape == (MAX_ROWS, cells - 1)
    assert arrays["numbers"][1234, 5] == 2.9


def test_numbers_keep_every_digit():
    rows = b"".join(b"%r,%d\n" % (0.1 * number, number % 2) for number in range(12))
    _, arrays = quarantine.read("engine.data.reading:parse_table", b"a,b\n" + rows, "t.csv", "")
    np.testing.assert_array_equal(arrays["numbers"][:, 0], [0.1 * number for number in range(12)])
