"""Models of a hub of our own that does what it should, and what it should not."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from engine.errors import DataError
from engine.labs.pretrained import PretrainedSpec, panels, prepares
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.language.models import hub
from engine.language.models.bringing import brought
from tests.engine.nets.pretrained.folders import folder

NAME = "someone/tiny"
ASKED = f"hub:{NAME}"


class Hub(ThreadingHTTPServer):
    """``files`` are those of the model, ``lists`` what is said of them; ``asked`` are all paths that were asked for."""

    daemon_threads = True
    files: ClassVar[dict[str, bytes]] = {}
    lists: ClassVar[list[dict] | bytes] = []
    asked: ClassVar[list[str]] = []


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        said = self.server.lists
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        if not self.path.startswith(f"/api/models/{NAME}/tree/main"):
            data = self.server.files.get(self.path.removeprefix(f"/{NAME}/resolve/main/"), b"")
        self.send_response(200 if data else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def told_of(files: dict[str, bytes]) -> list[dict]:
    """Return what a hub says: large files have a SHA-256, of others git's sum is known."""
    found = []
    for name, data in files.items():
        git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        one = {"type": "file", "path": name, "size": len(data), "oid": git}
        if name.endswith(".safetensors"):
            one |= {"oid": "pointer", "lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}}
        found.append(one)
    return [*found, {"type": "directory", "path": "onnx", "oid": "x", "size": 0}]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    at = folder(tmp_path / "published", "gpt2")
    server = Hub(("localhost", 0), Answer)
    server.asked.clear()
    server.files = {path.name: path.read_bytes() for path in at.iterdir()} | {"pytorch_model.bin": b"\x80\x04"}
    server.lists = told_of(server.files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(hub.NAMED_BY, f"http://localhost:{server.server_port}/")
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    yield server
    server.shutdown()
    server.server_close()


def fetch() -> list[float | None]:
    """Download, and return the shares that were told."""
    return [progress.share for progress in hub.fetch(json.loads(hub.order(ASKED).arguments))]


def test_a_model_is_downloaded_whole_and_opens(server: Hub) -> None:
    spec = PretrainedSpec().replace(model="own", own_model=ASKED)
    assert panels(spec)
    assert server.asked == [], "nothing is asked before a person wants it"
    preparation = prepares(spec)
    assert preparation is not None
    with pytest.raises(DataError, match="someone/tiny is not downloaded yet"):
        brought(ASKED)
    shares = fetch()
    assert [share for share in shares if share is not None] == sorted(share for share in shares if share is not None)
    assert prepares(spec) is None
    assert set(brought(ASKED).files) == {"config.json", "model.safetensors", "tokenizer.json"}
    assert not [path for path in server.asked if "pytorch_model" in path]
    assert server.asked[-1].endswith("config.json"), "the last, by which it is seen to be whole"
    experiment = PretrainedExperiment(spec)
    assert experiment.observe(next(experiment.steps())).words["model"].startswith("GPT-2: 3 blocks")
    count = len(server.asked)
    fetch()
    assert len(server.asked) == count + 1, "what is here is not asked for again"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_with_another_sum_is_not_kept(server: Hub, name: str) -> None:
    data = server.files[name]
    server.files[name] = data[:-1] + b" "
    with pytest.raises(DataError, match=rf"someone/tiny, {name} was downloaded and not kept: its sum"):
        fetch()
    assert not hub.is_here(ASKED)
    assert not (hub.folder_of(ASKED) / name).exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (b"<html>", "What the hub tells of someone/tiny is no list of files."),
        (b'{"error": 1}', "What the hub tells of someone/tiny is no list of files."),
        (b"[" * 100_000, "What the hub tells of someone/tiny is no list of files."),
        (b" " * 2**21, "The list of files of someone/tiny is larger than the 1,048,576 bytes"),
        (b"", "The list of files of someone/tiny could not be downloaded: localhost answered 404."),
        ([], "someone/tiny has no model.safetensors with a config.json on the hub"),
    ],
)
def test_a_hub_that_tells_nonsense_is_told_in_a_sentence(server: Hub, said: bytes, sentence: str) -> None:
    server.lists = said
    with pytest.raises(DataError) as told:
        fetch()
    assert str(told.value).startswith(sentence)


def test_more_than_fits_is_not_downloaded(server: Hub) -> None:
    for one in server.lists:
        if "lfs" in one:
            one["lfs"]["size"] = 10**13
    with pytest.raises(DataError, match=r"someone/tiny takes .* GB: expected at most 4 GB"):
        fetch()


@pytest.mark.parametrize("name", ["", "..", "../../etc", "a/b/c", "a b", "a//b", "/etc", "a\0", "ä/b", "https://x/y"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="is no name of a model on a hub"):
        hub.order(f"hub:{name}")
