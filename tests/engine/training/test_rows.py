"""Arrays as one row of bytes."""

import numpy as np

from engine.training.rows import join, split


def test_arrays_come_back_as_they_were():
    arrays = [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array(7, np.int64),  # as the counter of a batch normalisation
        np.array([np.nan, np.inf, -0.0]),
        np.arange(6, dtype=np.float32).reshape(2, 3).T,
    ]
    back = list(split(join(arrays), arrays))
    for array, again in zip(arrays, back, strict=True):
        assert (again.shape, again.dtype) == (array.shape, array.dtype)
        np.testing.assert_array_equal(again, array)
    assert np.signbit(back[2][2])


def test_a_row_is_a_copy_and_split_gives_views_of_it():
    array = np.zeros(3, np.float32)
    row = bytearray(join([array]))
    array[:] = 1
    (view,) = split(row, [array])
    np.testing.assert_array_equal(view, 0)
    view[0] = 5
    assert np.frombuffer(row, np.float32)[0] == 5
