"""Files of weights: safetensors alone, one or several with an index of what lies where.

Whatever else holds weights is a pickle, which is not opened, see ``engine.nets.pretrained.pickles``.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

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
FLOATS = {"F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32, "F64": torch.float64}
_NO_TENSORS = "{} is no safetensors file, or a damaged one: {}."


class Part(NamedTuple):
    """Where a tensor lies: in an open ``file`` called ``name``, from byte ``start`` to ``stop``."""

    name: str
    file: BinaryIO
    kind: str
    shape: tuple[int, ...]
    start: int
    stop: int


class Stored:
    """The tensors of a model's files, by their names there, none of which is read before it is wanted.

    They are read, and not mapped into memory: a file that is written to later would change the net, and one that is cut
    would kill the process that looks at it.
    """

    def __init__(self, tensors: Mapping[str, Part]) -> None:
        self._tensors = tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor; raises DataError where it is none of floats."""
        part = self._tensors[name]
        if part.kind not in FLOATS:
            kinds = ", ".join(FLOATS)
            raise DataError(f"{part.name}: the tensor {name} is of {part.kind}: expected one of {kinds}.")
        return part.shape

    def read(self, name: str) -> Tensor:
        """Return a tensor as float32; raises DataError where one of its numbers is none, or the file was cut."""
        part = self._tensors[name]
        data = bytearray(part.stop - part.start)
        part.file.seek(part.start)
        if part.file.readinto(data) < len(data):  # type: ignore[attr-defined]
            raise DataError(f"{part.name} was cut while it was read: open the model again once it is whole.")
        tensor = torch.frombuffer(data, dtype=FLOATS[part.kind]).reshape(part.shape).float()
        if not bool(torch.isfinite(tensor).all()):
            raise DataError(f"{part.name}: the tensor {name} holds numbers that are none (NaN or infinite).")
        return tensor


@contextmanager
def stored(files: Files) -> Iterator[Stored]:
    """Give the tensors of a model's files; raises DataError where there are none, or a file of them is missing."""
    with ExitStack() as stack:
        yield Stored(dict(_opened(files, stack.enter_context)))


def _opened(files: Files, keep: Callable[[Any], Any]) -> Iterator[tuple[str, Part]]:
    for file, wanted in _parts(files).items():
        _check(files[file], file)
        found = _lying(keep(files[file].open("rb")), file)
        for name in sorted(found if wanted is None else wanted):
            if name not in found:
                raise DataError(f"{file}: the tensor {name} is not in it, though {INDEX} says so.")
            yield name, found[name]


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


def _check(path: Path, name: str) -> None:
    """Raise DataError where a file is not what it says: its tensors lie one behind the other, and end where it does."""
    with path.open("rb") as opened:
        head = opened.read(8)
    refuse_pickle(name, head)
    if len(head) < 8 or int.from_bytes(head, "little") > MOST_HEADER_BYTES:
        raise DataError(_NO_TENSORS.format(name, f"its header would be more than {MOST_HEADER_BYTES >> 20} MB"))
    try:
        with safe_open(path, framework="pt"):
            return
    except (SafetensorError, OSError, ValueError) as error:
        raise DataError(_NO_TENSORS.format(name, str(error)[:120])) from None


def _lying(file: BinaryIO, name: str) -> dict[str, Part]:
    """Return where the tensors of a file lie that has been checked; raises DataError where it is another since."""
    try:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(min(size, MOST_HEADER_BYTES)))
        header.pop("__metadata__", None)
        return {tensor: _part(file, name, told, 8 + size) for tensor, told in header.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DataError(_NO_TENSORS.format(name, "it was changed while it was read")) from None


def _part(file: BinaryIO, name: str, told: Mapping[str, Any], begin: int) -> Part:
    start, stop = told["data_offsets"]
    part = Part(name, file, told["dtype"], tuple(told["shape"]), begin + start, begin + stop)
    if part.kind in FLOATS and stop - start != prod(part.shape) * FLOATS[part.kind].itemsize:
        raise ValueError("the shape is not that of so many bytes")
    return part
