"""A model that comes as one zip archive: its files are unpacked in a process of its own, with limits that no archive
can pass, into names that are numbers.

Of an archive that holds more than a model, as one of a whole folder from a hub does, the files beside ``config.json``
are taken. ``python -m engine.language.models.unzipping ARCHIVE FOLDER NAME MOST`` is that process; it answers with one
line of JSON: {"names": [...]} or {"refused": sentence}.
"""

import json
import resource
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from engine.data import zipped
from engine.data.zipped import Wanted, parts, shown
from engine.errors import DataError
from engine.keeping import LEAVE_FREE, size_in_words
from engine.nets.pretrained.config import CONFIG
from engine.nets.pretrained.pickles import PICKLES, refuse_pickle

ROOT = Path(__file__).resolve().parents[3]
MEMORY_BYTES = 512 * 2**20
SECONDS = 120
CHUNK_BYTES = 2**20
KINDS = (".json", ".txt", ".safetensors")
"""Endings of what a model is made of; what else lies beside it, a README or a picture, is left there."""


def unzipped(archive: Path, into: Path, name: str, most: int, most_files: int) -> list[str]:
    """Unpack the model in an ``archive``, called ``name`` in messages, to files ``0``, ``1``, ... of the folder
    ``into``, of at ``most`` so many bytes together; return their names. Raises DataError.
    """
    command = [sys.executable, "-m", "engine.language.models.unzipping", str(archive), str(into), name, str(most)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter with our own module
            command, cwd=ROOT, capture_output=True, timeout=2 * SECONDS, check=False, stdin=subprocess.DEVNULL
        )
        told = json.loads(ended.stdout)
    except (ValueError, OSError, subprocess.TimeoutExpired):
        raise DataError(f"{name} brought its reader to an end: it is damaged, or takes too long to unpack.") from None
    if "refused" in told:
        raise DataError(told["refused"])
    if len(told["names"]) > most_files:
        raise DataError(f"{name} holds {len(told['names'])} files of a model: expected at most {most_files}.")
    return told["names"]


def main(archive: str, into: str, name: str, most: str) -> None:
    """Be the process: unpack, and say what came of it."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = {"names": unpack(Path(archive), Path(into), name, int(most))}
    except DataError as error:
        said = {"refused": str(error)}
    except OSError as error:
        said = {"refused": f"{name} could not be unpacked: {error.strerror or 'it cannot be written'}."}
    sys.stdout.write(json.dumps(said))


def unpack(archive: Path, into: Path, name: str, most: int) -> list[str]:
    """Do it, in this process; raises DataError, OSError."""
    with archive.open("rb") as file:
        kept, dropped = zipped.files_in(file, archive.stat().st_size, name, Wanted("a model", most, most))
        chosen = _chosen(kept, name)
        for path, why in dropped:
            if why != zipped.EMPTY or path.rpartition("/")[2] == CONFIG:
                raise DataError(f"{name} was not kept: {path} in it {why}.")
        if shutil.disk_usage(into).free - LEAVE_FREE < sum(one.file_size for one in chosen):
            raise DataError(f"{name} was not kept: the server's disk has no room for what is in it.")
        with zipfile.ZipFile(file) as opened:
            for number, one in enumerate(chosen):
                _write(opened, one, into / str(number), name)
    return [parts(one.filename)[-1] for one in chosen]


def _chosen(kept: Sequence[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    """Return the files of the model: those that lie beside the outermost config; raises DataError."""
    configs = [parts(one.filename)[:-1] for one in kept if parts(one.filename)[-1] == CONFIG]
    if not configs:
        for one in kept:
            refuse_pickle(shown(one.filename))
        raise DataError(f"{name} holds no {CONFIG}, which says what kind of model this is and how large.")
    folder = min(configs, key=len)
    if sum(len(one) == len(folder) for one in configs) > 1:
        raise DataError(f"{name} holds several models: expected one {CONFIG}, received {len(configs)}.")
    beside = [one for one in kept if parts(one.filename)[:-1] == folder]
    if not any(one.filename.endswith(".safetensors") for one in beside):
        for one in beside:
            if one.filename.lower().endswith(PICKLES):
                refuse_pickle(shown(one.filename))
        raise DataError(f"{name} holds no weights beside its {CONFIG}: expected a file model.safetensors.")
    return [one for one in beside if one.filename.endswith(KINDS)]


def _write(opened: zipfile.ZipFile, one: zipfile.ZipInfo, path: Path, name: str) -> None:
    """Write one file, of as many bytes as the archive says, and not one more; raises DataError."""
    size = 0
    try:
        with opened.open(one) as packed, path.open("wb") as file:
            while chunk := packed.read(CHUNK_BYTES):
                size += len(chunk)
                if size > one.file_size:
                    break
                file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        size = -1
    if size != one.file_size:
        raise DataError(
            f"{name} is damaged: {shown(one.filename)} in it is not the {size_in_words(one.file_size)} that it tells."
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
