"""Files of weights: safetensors alone, one or several with an index of what lies where.

Whatever else holds weights is a pickle, which is not opened, see ``engine.nets.pretrained.pickles``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import DataError
from engine.nets.pretrained.config import json_object
from engine.nets.pretrained.pickles import MOST_HEADER_BYTES, refuse_pickle

Files = Mapping[str, Path]
"""The files of a model by their names: those of a folder, or some that came one by one."""

WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
MOST_INDEX_BYTES = 8 * 2**20
FLOATS = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
_NO_TENSORS = "{} is no safetensors file, or a damaged one: {}."


class Stored:
    """The tensors of a model's files, by their names there, none of which is read before it is wanted."""

    def __init__(self, tensors: Mapping[str, tuple[str, Any]]) -> None:
        self._tensors = tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor; raises DataError where it is none of floats."""
        file, found = self._tensors[name]
        part = found.get_slice(name)
        if part.get_dtype() not in FLOATS:
            kinds = ", ".join(FLOATS)
            raise DataError(f"{file}: the tensor {name} is of {part.get_dtype()}: expected one of {kinds}.")
        return tuple(part.get_shape())

    def read(self, name: str) -> Tensor:
        """Return a tensor as float32; raises DataError where one of its numbers is none."""
        file, found = self._tensors[name]
        tensor = found.get_tensor(name).float()
        if not bool(torch.isfinite(tensor).all()):
            raise DataError(f"{file}: the tensor {name} holds numbers that are none (NaN or infinite).")
        return tensor


@contextmanager
def stored(files: Files) -> Iterator[Stored]:
    """Give the tensors of a model's files; raises DataError where there are none, or a file of them is missing."""
    with ExitStack() as stack:
        yield Stored(dict(_opened(files, stack.enter_context)))


def _opened(files: Files, keep: Callable[[Any], Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    for file, wanted in _parts(files).items():
        found = keep(_safe(files, file))
        names = set(found.keys())
        for name in sorted(names if wanted is None else wanted):
            if name not in names:
                raise DataError(f"{file}: the tensor {name} is not in it, though {INDEX} says so.")
            yield name, (file, found)


def _parts(files: Files) -> Mapping[str, Sequence[str] | None]:
    """Return which files hold tensors, and which each has; None for all."""
    if WEIGHTS in files:
        return {WEIGHTS: None}
    if INDEX in files:
        return _indexed(files)
    whole = [name for name in files if name.endswith(".safetensors")]
    if len(whole) == 1:
        return {whole[0]: None}
    if whole:
        raise DataError(f"There are {len(whole)} safetensors files and no {INDEX}: it says which tensor lies in which.")
    for name in files:
        refuse_pickle(name)
    raise DataError(f"There are no weights: expected a file {WEIGHTS}, or {INDEX} with the files that it names.")


def _indexed(files: Files) -> Mapping[str, Sequence[str]]:
    path = files[INDEX]
    if path.stat().st_size > MOST_INDEX_BYTES:
        raise DataError(f"{INDEX} is too large: expected at most {MOST_INDEX_BYTES >> 20} MB.")
    where = json_object(path.read_bytes(), INDEX).get("weight_map")
    if not isinstance(where, dict) or not where or not all(isinstance(one, str) for one in where.values()):
        raise DataError(f"{INDEX} has no weight_map: expected the names of tensors, each with that of its file.")
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for name, file in where.items():
        if file not in files:
            raise DataError(f"{INDEX} names the file {file[:80]!r}, which is not here.")
        parts[file].append(name)
    return parts


def _safe(files: Files, file: str) -> Any:
    path = files[file]
    with path.open("rb") as opened:
        head = opened.read(8)
    refuse_pickle(file, head)
    if len(head) < 8 or int.from_bytes(head, "little") > MOST_HEADER_BYTES:
        raise DataError(_NO_TENSORS.format(file, f"its header would be more than {MOST_HEADER_BYTES >> 20} MB"))
    try:
        return safe_open(path, framework="pt")
    except (SafetensorError, OSError, ValueError) as error:
        raise DataError(_NO_TENSORS.format(file, str(error)[:120])) from None
