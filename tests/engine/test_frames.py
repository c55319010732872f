"""The binary message: what goes in comes out, and garbage is told apart from it."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from engine.errors import FrameError
from engine.frames import Message, decode, decode_header, encode
from engine.runs import messages

dtypes = st.sampled_from([np.dtype(name) for name in ("u1", "<i4", "<f4", "<f8")])
arrays = npst.arrays(dtypes, npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))
headers = st.dictionaries(st.text(max_size=5), st.none() | st.text() | st.integers(-(2**53), 2**53), max_size=3)


@given(st.text(max_size=8), headers, st.dictionaries(st.text(max_size=8), arrays, max_size=4))
def test_what_goes_in_comes_out(kind: str, header: dict[str, object], named: dict[str, np.ndarray]) -> None:
    header = {name: value for name, value in header.items() if name not in ("kind", "arrays")}
    data = encode(Message(kind, header, named))
    assert len(data) % 8 == 0
    back = decode(data)
    assert (back.kind, back.header) == (kind, header)
    assert list(back.arrays) == list(named)
    for name, array in named.items():
        assert back.arrays[name].dtype == array.dtype
        assert back.arrays[name].shape == array.shape
        assert back.arrays[name].tobytes() == array.tobytes()
        assert not back.arrays[name].flags.writeable


def test_each_array_begins_at_a_multiple_of_eight() -> None:
    data = encode(Message("frame", {}, {"a": np.ones(3, np.uint8), "b": np.ones(2, np.float64)}))
    start = 8 + struct.unpack_from("<I", data, 4)[0]
    assert start % 8 == 0
    assert [offset for *_, offset in decode_header(data)["arrays"]] == [0, 8]


def test_other_dtypes_and_nan_in_the_header_are_refused() -> None:
    with pytest.raises(FrameError, match="weights has dtype int64: expected one of"):
        encode(Message("frame", {}, {"weights": np.ones(3, np.int64)}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(Message("frame", {"loss": float("nan")}))


@given(st.binary(max_size=200))
def test_garbage_is_a_frame_error(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode(data)


@given(st.binary(max_size=80))
def test_garbage_behind_the_mark_is_a_frame_error(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode(struct.pack("<4sI", b"LSF1", len(data)) + data)


@pytest.mark.parametrize(
    "table",
    [
        None,
        7,
        [["a"]],
        [["a", "f4", [2], 999]],
        [["a", "f9", [1], 0]],
        [["a", "f4", [-1], 0]],
        [["a", "f4", [2**62, 8], 0]],
    ],
)
def test_a_table_that_does_not_fit_is_a_frame_error(table: object) -> None:
    header = json.dumps({"kind": "frame", "arrays": table}).encode()
    with pytest.raises(FrameError):
        decode(struct.pack("<4sI", b"LSF1", len(header)) + header + bytes(8))


def test_series_of_nothing_and_of_rows_with_nan() -> None:
    assert decode(messages.series([])).arrays["steps"].shape == (0,)
    rows = [(3, np.array([1.0, np.nan]).tobytes()), (9, np.array([2.0, np.inf]).tobytes())]
    back = decode(messages.series(rows)).arrays
    assert back["steps"].tolist() == [3, 9]
    np.testing.assert_array_equal(back["scalars"], [[1.0, np.nan], [2.0, np.inf]])
