"""Models by their names on a hub: asked for by a person, downloaded file by file with the sums that the hub tells.

The hub is that of Hugging Face, or another that speaks as it does, whose address ``HF_ENDPOINT`` names. Nothing is
asked of it before a person names a model.
"""

import json
import os
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine import quarantine
from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.keeping import downloading, home, short, size_in_words
from engine.keeping.downloading import Wanted
from engine.nets.pretrained.config import CONFIG, MOST_CONFIG_BYTES

KIND = "hub:"
ADDRESS, NAMED_BY = "https://huggingface.co", "HF_ENDPOINT"
FOLDER = "models-downloads"
MOST_BYTES = 4 * 2**30
MOST_LIST_BYTES, MOST_ABOUT_BYTES = 2**20, 2**22
OTHERWISE = "models that lie on the server, and those made here, can be opened without one"
SYMBOLS = ("tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer_config.json")
INDEX = "model.safetensors.index.json"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
REVISION = ".revision"
GATED = (
    "{name} is given only to people who have agreed to its terms on the hub: it cannot be had by its name here; get "
    "its files there and upload them."
)
UNKNOWN = (
    "The hub gives no model that is called {name}: expected one that everybody may have, spelled as there, like "
    "openai-community/gpt2."
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")


def base() -> str:
    """Return the address of the hub."""
    return (os.environ.get(NAMED_BY) or ADDRESS).rstrip("/")


def folder_of(asked: str) -> Path:
    """Return where a model lies once it is here; raises DataError where its name is none."""
    name = asked.removeprefix(KIND)
    if not _NAME.fullmatch(name) or ".." in name:
        raise DataError(f"{short(name)!r} is no name of a model on a hub: expected one like openai-community/gpt2.")
    return home() / FOLDER / name.replace("/", "--")


def is_here(asked: str) -> bool:
    """Tell whether a model is here as a whole: its config comes last."""
    return (folder_of(asked) / CONFIG).is_file()


def order(asked: str) -> Order:
    """Return the order to download a model."""
    return Order.of(
        "engine.language.models.hub:fetch", name=asked.removeprefix(KIND), folder=str(folder_of(asked).absolute())
    )


def revision_of(asked: str) -> str:
    """Return the commit of the model that is here, as the hub numbers them; nothing where that is not known."""
    with suppress(OSError):
        return (folder_of(asked) / REVISION).read_text(encoding="utf-8").strip()
    return ""


def fetch(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Download what is needed of a model, all of it of one commit, its config last; raises DataError."""
    name, folder = arguments["name"], Path(arguments["folder"])
    if (folder / CONFIG).is_file():
        return {"files": 0}
    yield Progress(None, f"asking the hub for {name}")
    revision = _revision(name)
    files = list(_needed(name, revision))
    whole = sum(one.bytes for one in files)
    if whole > MOST_BYTES:
        raise DataError(f"{name} takes {size_in_words(whole)}: expected at most {size_in_words(MOST_BYTES)}.")
    with _explained(name):
        _check_kind(files[-1])
    _begin(folder, revision)
    done = 0
    for one in files:
        path = folder / one.address.rpartition("/")[2]
        if not path.is_file():
            with _explained(name):
                for progress in downloading.fetched(one, path):
                    share = None if progress.share is None else (done + progress.share * one.bytes) / whole
                    yield Progress(share, f"{path.name}: {progress.words}")
        done += one.bytes
    return {"files": len(files)}


def _revision(name: str) -> str:
    """Return the newest commit of a model: what is downloaded is of this one, whatever is published meanwhile. Raises
    DataError, also where the model is given to some people alone.
    """
    with _explained(name):
        data = downloading.small(_asked(name, "What is known of", "", MOST_ABOUT_BYTES))
    try:
        found = json.loads(data)
        if not _COMMIT.fullmatch(found["sha"]):
            raise ValueError
        gated = found.get("gated", False)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DataError(f"What the hub tells of {name} is nothing of a model.") from None
    if gated:
        raise DataError(GATED.format(name=name))
    return found["sha"]


def _asked(name: str, what: str, path: str, most: int) -> Wanted:
    return Wanted(f"{what} {name}", f"{base()}/api/models/{quote(name)}{path}", most, "", base(), OTHERWISE)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Say what it means where the hub gives nothing; raises DataError."""
    try:
        yield
    except downloading.NotGiven as error:
        if error.code == "GatedRepo" or error.status == 403:
            raise DataError(GATED.format(name=name)) from None
        if error.status in (401, 404):  # so it also answers who may not know that there is such a model
            raise DataError(UNKNOWN.format(name=name)) from None
        if error.status == 429 or error.status >= 500:
            raise DataError(f"The hub cannot give {name} just now (it answered {error.status}): try later.") from None
        raise


def _check_kind(config: Wanted) -> None:
    """Raise DataError where a model is none that can be opened, before the rest of it is downloaded."""
    if config.bytes > MOST_CONFIG_BYTES:
        raise DataError(f"{config.name} is no config.json: expected at most {MOST_CONFIG_BYTES >> 10} KB of JSON.")
    quarantine.read("engine.nets.pretrained.config:told", downloading.small(config), CONFIG)


def _begin(folder: Path, revision: str) -> None:
    """Note which commit is downloaded; what is there of another one goes."""
    note = folder / REVISION
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not note.is_file() or note.read_text(encoding="utf-8").strip() != revision:
            for path in folder.iterdir():
                path.unlink()
            note.write_text(revision, encoding="utf-8")
    except OSError as error:
        raise DataError(f"The model could not be kept on the server's disk: {error.strerror}.") from None


def _needed(name: str, revision: str) -> Iterator[Wanted]:
    """Yield the files of a model that are needed, as the hub tells of them; raises DataError."""
    with _explained(name):
        data = downloading.small(_asked(name, "The list of files of", f"/tree/{revision}", MOST_LIST_BYTES))
    try:
        there = {str(one["path"]): one for one in json.loads(data) if one.get("type") == "file"}
        files = [_wanted(name, revision, there[path]) for path in _chosen(name, there)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DataError(f"What the hub tells of {name} is no list of files.") from None
    yield from files


def _chosen(name: str, there: Mapping[str, Any]) -> Iterator[str]:
    """Yield which files are needed."""
    weights = ["model.safetensors"] if "model.safetensors" in there else []
    if not weights and INDEX in there:
        weights = [INDEX, *(path for path in sorted(there) if _SHARD.fullmatch(path))]
    if not weights or CONFIG not in there:
        raise DataError(f"{name} has no model.safetensors with a config.json on the hub: choose another.")
    yield from (path for path in SYMBOLS if path in there)
    yield from weights
    yield CONFIG


def _wanted(name: str, revision: str, told: Mapping[str, Any]) -> Wanted:
    """Return one file as it is told of: large ones have a sum of their own, of others git's is known."""
    large = told.get("lfs") or {}
    kind, total = ("sha256", str(large["oid"])) if large else ("git", str(told["oid"]))
    path = str(told["path"])
    address = f"{base()}/{quote(name)}/resolve/{revision}/{quote(path)}"
    return Wanted(f"{name}, {path}", address, int(large.get("size", told["size"])), total, base(), OTHERWISE, kind)
