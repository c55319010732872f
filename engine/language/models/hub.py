"""Models by their names on a hub: asked for by a person, downloaded file by file with the sums that the hub tells.

The hub is that of Hugging Face, or another that speaks as it does, whose address ``HF_ENDPOINT`` names. Nothing is
asked of it before a person names a model.
"""

import json
import os
import re
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.keeping import downloading, home, short, size_in_words
from engine.keeping.downloading import Wanted
from engine.nets.pretrained.config import CONFIG

KIND = "hub:"
ADDRESS, NAMED_BY = "https://huggingface.co", "HF_ENDPOINT"
FOLDER = "models-downloads"
MOST_BYTES = 4 * 2**30
MOST_LIST_BYTES = 2**20
OTHERWISE = "models that lie on the server, and those made here, can be opened without one"
SYMBOLS = ("tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer_config.json")
INDEX = "model.safetensors.index.json"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
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


def fetch(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Download what is needed of a model, its config last; raises DataError."""
    name, folder = arguments["name"], Path(arguments["folder"])
    yield Progress(None, f"asking the hub for {name}")
    files = list(_needed(name))
    whole = sum(one.bytes for one in files)
    if whole > MOST_BYTES:
        raise DataError(f"{name} takes {size_in_words(whole)}: expected at most {size_in_words(MOST_BYTES)}.")
    done = 0
    for one in files:
        path = folder / one.address.rpartition("/")[2]
        if not path.is_file():
            for progress in downloading.fetched(one, path):
                share = None if progress.share is None else (done + progress.share * one.bytes) / whole
                yield Progress(share, f"{path.name}: {progress.words}")
        done += one.bytes
    return {"files": len(files)}


def _needed(name: str) -> Iterator[Wanted]:
    """Yield the files of a model that are needed, as the hub tells of them; raises DataError."""
    asked = Wanted(
        f"The list of files of {name}",
        f"{base()}/api/models/{quote(name)}/tree/main",
        MOST_LIST_BYTES,
        "",
        base(),
        OTHERWISE,
    )
    try:
        there = {str(one["path"]): one for one in json.loads(downloading.small(asked)) if one.get("type") == "file"}
        files = [_wanted(name, there[path]) for path in _chosen(name, there)]
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


def _wanted(name: str, told: Mapping[str, Any]) -> Wanted:
    """Return one file as it is told of: large ones have a sum of their own, of others git's is known."""
    large = told.get("lfs") or {}
    kind, total = ("sha256", str(large["oid"])) if large else ("git", str(told["oid"]))
    path = str(told["path"])
    address = f"{base()}/{quote(name)}/resolve/main/{quote(path)}"
    return Wanted(f"{name}, {path}", address, int(large.get("size", told["size"])), total, base(), OTHERWISE, kind)
