"""A first look, in quarantine, at the files of a model: what is none, for certain, is not kept."""

from engine.errors import DataError
from engine.nets.pretrained.config import CONFIG, read_config
from engine.nets.pretrained.pickles import refuse_pickle
from engine.quarantined import Parsed


def glance(data: bytes, name: str, size: str) -> Parsed:
    """Look at the beginning of a file of ``size`` bytes; raises DataError."""
    if name.lower().endswith(".zip"):
        raise DataError(f"{name} is an archive: expected it alone, or the files of one model.")
    refuse_pickle(name, data[:8])
    if not data:
        raise DataError(f"{name} is empty: expected a part of a model.")
    if name == CONFIG:
        read_config(data, name)
    if name.endswith(".safetensors"):
        header = int.from_bytes(data[:8], "little")
        if len(data) < 9 or header > int(size) - 8 or data[8:9] != b"{":
            raise DataError(f"{name} is no safetensors file, or a damaged one: it does not begin as one.")
    return {}, {}
