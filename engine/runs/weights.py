"""The weights of a net at one step, as a safetensors file that says what they are of."""

import json
from dataclasses import dataclass

from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.errors import DataError
from engine.labs.catalogue import get_lab
from engine.readings import Arrays
from engine.version import VERSION

IN_CHECKPOINTS = "net."
_LENGTH = 8


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All parameters and buffers of a net by their names in it, at ``step`` of a run of ``lab``; ``spec`` is JSON."""

    lab: str
    spec: str
    step: int
    tensors: Arrays

    def to_bytes(self) -> bytes:
        """Return a safetensors file; ``lab``, ``spec``, ``step`` and ``learnscope``, the version, are its metadata."""
        metadata = {"lab": self.lab, "spec": self.spec, "step": str(self.step), "learnscope": VERSION}
        return save(self.tensors, metadata)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Weights":
        """Read what ``to_bytes`` wrote; raises DataError on anything else, SpecError where no lab has such a spec."""
        tensors = load_tensors(data)
        metadata = _metadata(data)
        if not {"lab", "spec", "step"} <= metadata.keys() or not metadata["step"].isdecimal():
            raise DataError("This safetensors file was not written by Learnscope: it does not say of which run it is.")
        get_lab(metadata["lab"]).spec.from_json(metadata["spec"])
        return cls(metadata["lab"], metadata["spec"], int(metadata["step"]), tensors)


def _metadata(data: bytes) -> dict[str, str]:
    """Return the metadata of a safetensors file that has been read already, so that its header is sound."""
    length = int.from_bytes(data[:_LENGTH], "little")
    return json.loads(data[_LENGTH : _LENGTH + length]).get("__metadata__") or {}


def load_tensors(data: bytes) -> Arrays:
    """Return the arrays of a safetensors file by name; raises DataError on anything else."""
    try:
        return load(data)
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise DataError("These bytes are no safetensors file: expected one that Learnscope wrote.") from None


def net_in(checkpoint: Arrays) -> Arrays:
    """Return the tensors of a checkpoint that belong to the net, by their names in it."""
    return below(checkpoint, IN_CHECKPOINTS)


def below(arrays: Arrays, prefix: str) -> Arrays:
    """Return the arrays whose names begin with ``prefix``, by what follows it."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
