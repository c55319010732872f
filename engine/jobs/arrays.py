"""Arrays in what a job tells, which is JSON."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np


def packed(array: np.ndarray) -> dict[str, Any]:
    """Return an array as plain data."""
    whole = np.ascontiguousarray(array)
    return {"dtype": whole.dtype.str, "shape": list(whole.shape), "data": base64.b64encode(whole.tobytes()).decode()}


def unpacked(told: Mapping[str, Any]) -> np.ndarray:
    """Return the array, which cannot be written to, that ``packed`` has made data of."""
    return np.frombuffer(base64.b64decode(told["data"]), np.dtype(told["dtype"])).reshape(told["shape"])
