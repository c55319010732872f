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
from engine.keeping import downloading
from engine.labs.pretrained import PretrainedSpec, panels, prepares
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.language.models import hub
from engine.language.models.bringing import brought
from tests.engine.nets.pretrained.folders import folder

NAME, OLD_NAME = "someone/tiny", "tiny"
COMMIT = "607a30d783dfa663caf39e06633721c8d4cfcd7e"
ASKED = f"hub:{NAME}"


class Hub(ThreadingHTTPServer):
    """Answers as that of Hugging Face does. ``files`` are those of the model, ``lists`` what is said of them, ``about``
    what is said of the model; ``refuses`` says of which beginnings of paths a status and a code are answered; ``asked``
    are all paths that were asked for, with the range.
    """

    daemon_threads = True
    files: ClassVar[dict[str, bytes]] = {}
    lists: ClassVar[list[dict] | bytes] = []
    about: ClassVar[dict | bytes] = {}
    refuses: ClassVar[dict[str, tuple[int, str]]] = {}
    asked: ClassVar[list[str]] = []
    ranges: ClassVar[list[str | None]] = []
    elsewhere: ClassVar["Elsewhere"]


class Elsewhere(ThreadingHTTPServer):
    """Another host, on which large files lie; of these it gives ``most`` bytes at a time."""

    daemon_threads = True
    hub: Hub
    most: int | None = None


class Answering(BaseHTTPRequestHandler):
    def send(self, data: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class Answer(Answering):
    server: Hub

    def do_GET(self) -> None:
        hub, path = self.server, self.path
        hub.asked.append(path)
        hub.ranges.append(self.headers["Range"])
        refused = next((said for start, said in hub.refuses.items() if path.startswith(start)), None)
        if refused is not None:
            status, code = refused
            return self.send(b'{"error":"Access to this is refused"}', status, X_Error_Code=code)
        if path.startswith(f"/api/models/{OLD_NAME}"):  # models that were moved: one is sent on
            return self.send(b"Temporary Redirect", 307, Location=path.replace(OLD_NAME, NAME, 1))
        if path == f"/api/models/{NAME}":
            return self.send(as_bytes(hub.about))
        if path == f"/api/models/{NAME}/tree/{COMMIT}":
            return self.send(as_bytes(hub.lists))
        for start in (f"/{OLD_NAME}/resolve/{COMMIT}/", f"/{NAME}/resolve/{COMMIT}/"):
            if path.startswith(start) and path.removeprefix(start) in hub.files:
                return self._resolve(path.removeprefix(start))
        if path.startswith("/api/resolve-cache/"):
            return self.send(hub.files[path.rpartition("/")[2]])
        return self.send(b"Entry not found", 404, X_Error_Code="EntryNotFound")

    def _resolve(self, name: str) -> None:
        data = self.server.files[name]
        headers = {"X_Repo_Commit": COMMIT, "ETag": '"x"', "X_Linked_Size": str(len(data))}
        if name.endswith(".safetensors"):
            host = f"http://localhost:{self.server.elsewhere.server_port}"
            said = f"Found. Redirecting to {host}".encode()
            return self.send(said, 302, Location=f"{host}/xet/{name}?Expires=1&Signature=a%2Fb", **headers)
        return self.send(b"", 307, Location=f"/api/resolve-cache/models/{NAME}/{COMMIT}/{name}", **headers)


class Large(Answering):
    server: Elsewhere

    def do_GET(self) -> None:
        hub = self.server.hub
        data, wanted = hub.files[self.path.partition("?")[0].rpartition("/")[2]], self.headers["Range"]
        hub.asked.append(f"elsewhere:{self.path.partition('?')[0]}")
        hub.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        rest = data[start:]
        headers = {"Content_Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if wanted else {}
        self.send(rest[: self.server.most], 206 if wanted else 200, len(rest), **headers)
        self.close_connection = True


def as_bytes(said: object) -> bytes:
    return said if isinstance(said, bytes) else json.dumps(said).encode()


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
    publish(folder(tmp_path / "published", "gpt2"))
    server, elsewhere = Hub(("localhost", 0), Answer), Elsewhere(("localhost", 0), Large)
    server.elsewhere, elsewhere.hub = elsewhere, server
    large = f"http://localhost:{elsewhere.server_port}/"
    for one in (server, elsewhere):
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv(hub.NAMED_BY, f"http://localhost:{server.server_port}/")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    strict = downloading._check  # the other host has to be a public one by https, which there is none of here
    monkeypatch.setattr(downloading, "_check", lambda one, at: None if at.startswith(large) else strict(one, at))
    yield server
    for one in (server, elsewhere):
        one.shutdown()
        one.server_close()


def publish(at: Path) -> None:
    """Have a hub give the files of a folder, and what is said of them."""
    Hub.files = {path.name: path.read_bytes() for path in at.iterdir()} | {"pytorch_model.bin": b"\x80\x04"}
    Hub.lists = told_of(Hub.files)
    Hub.about = {"id": NAME, "sha": COMMIT, "private": False, "gated": False, "siblings": []}
    Hub.refuses, Hub.asked, Hub.ranges = {}, [], []


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
    model = brought(ASKED)
    assert set(model.files) == {"config.json", "model.safetensors", "tokenizer.json"}
    assert model.title == "someone/tiny, commit 607a30d"
    assert not [path for path in server.asked if "pytorch_model" in path]
    assert server.asked[-1].endswith("config.json"), "the last, by which it is seen to be whole"
    assert server.asked[0] == f"/api/models/{NAME}"
    assert f"/api/models/{NAME}/tree/{COMMIT}" in server.asked
    assert "elsewhere:/xet/model.safetensors" in server.asked, "one was sent on to another host"
    assert not [path for path in server.asked if "main" in path], "all of it is of one commit"
    experiment = PretrainedExperiment(spec)
    assert experiment.observe(next(experiment.steps())).words["model"].startswith("GPT-2: 3 blocks")
    count = len(server.asked)
    fetch()
    assert len(server.asked) == count, "what is here is not asked for again"


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
        (b"", "What the hub tells of someone/tiny is no list of files."),
        ([], "someone/tiny has no model.safetensors with a config.json on the hub"),
    ],
)
def test_a_hub_that_tells_nonsense_is_told_in_a_sentence(server: Hub, said: bytes, sentence: str) -> None:
    server.lists = said
    with pytest.raises(DataError) as told:
        fetch()
    assert str(told.value).startswith(sentence)


def test_a_model_that_has_been_moved_is_found_by_its_old_name(server: Hub) -> None:
    asked = f"hub:{OLD_NAME}"
    list(hub.fetch(json.loads(hub.order(asked).arguments)))
    assert hub.is_here(asked)


@pytest.mark.parametrize(
    ("refused", "status", "code", "sentence"),
    [
        (
            "/api/",
            401,
            "RepoNotFound",
            "The hub gives no model that is called someone/tiny: expected one that everybody",
        ),
        ("/api/", 401, "", "The hub gives no model that is called someone/tiny: expected one that everybody"),
        (
            "/api/",
            404,
            "RepoNotFound",
            "The hub gives no model that is called someone/tiny: expected one that everybody",
        ),
        ("/api/", 403, "", "someone/tiny is given only to people who have agreed to its terms on the hub: it cannot"),
        ("/someone", 401, "GatedRepo", "someone/tiny is given only to people who have agreed to its terms on the hub"),
        ("/api/", 429, "", "The hub cannot give someone/tiny just now (it answered 429): try later."),
        ("/someone", 503, "", "The hub cannot give someone/tiny just now (it answered 503): try later."),
        ("/api/", 418, "", "What is known of someone/tiny could not be downloaded: localhost answered 418."),
    ],
)
def test_why_a_hub_gives_nothing_is_told(server: Hub, refused: str, status: int, code: str, sentence: str) -> None:
    server.refuses[refused] = (status, code)
    with pytest.raises(DataError) as told:
        fetch()
    assert str(told.value).startswith(sentence)
    assert not hub.is_here(ASKED)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        (b"<html>", "What the hub tells of someone/tiny is nothing of a model."),
        ({"sha": "main"}, "What the hub tells of someone/tiny is nothing of a model."),
        ({"sha": "../../etc"}, "What the hub tells of someone/tiny is nothing of a model."),
        ([], "What the hub tells of someone/tiny is nothing of a model."),
        ({"sha": COMMIT, "gated": "manual"}, "someone/tiny is given only to people who have agreed to its terms"),
    ],
)
def test_what_is_no_model_or_not_for_all_is_not_downloaded(server: Hub, about: object, sentence: str) -> None:
    server.about = about
    with pytest.raises(DataError) as told:
        fetch()
    assert str(told.value).startswith(sentence)
    assert server.asked == [f"/api/models/{NAME}"]


def test_a_model_of_another_kind_is_refused_before_its_weights_are_downloaded(server: Hub) -> None:
    server.files["config.json"] = b'{"model_type": "roberta"}'
    server.lists = told_of(server.files)
    with pytest.raises(DataError, match="RoBERTa is no BERT"):
        fetch()
    assert not [path for path in server.asked if path.startswith("elsewhere")]


def test_weights_that_were_cut_off_go_on_where_they_were(server: Hub) -> None:
    server.elsewhere.most = 20_000
    with pytest.raises(DataError, match=r"The download of someone/tiny, model.safetensors was cut off after"):
        fetch()
    server.elsewhere.most = None
    fetch()
    assert [one for one in server.ranges if one] == ["bytes=20000-"] * 2, "of the hub, and where one is sent on to"
    assert brought(ASKED).files["model.safetensors"].read_bytes() == server.files["model.safetensors"]


def test_what_was_begun_of_an_older_commit_is_not_mixed_with_a_newer(
    server: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.elsewhere.most = 20_000
    with pytest.raises(DataError, match="was cut off"):
        fetch()
    old = server.files["tokenizer.json"]
    assert (hub.folder_of(ASKED) / "tokenizer.json").read_bytes() == old
    publish(folder(tmp_path / "newer", "gpt2", n_layer=2))
    newer = COMMIT[::-1]
    Hub.files["tokenizer.json"] = old + b" "
    Hub.lists, Hub.about = told_of(Hub.files), {"sha": newer}
    monkeypatch.setitem(globals(), "COMMIT", newer)
    server.elsewhere.most = None
    fetch()
    assert {name: path.read_bytes() for name, path in brought(ASKED).files.items()} == {
        name: server.files[name] for name in ("config.json", "model.safetensors", "tokenizer.json")
    }
    assert not [one for one in server.ranges if one], "nothing of the older one is gone on with"


def test_weights_in_several_files_come_with_their_index(server: Hub, tmp_path: Path) -> None:
    at = folder(tmp_path / "many", "gpt2", shard="20KB")
    publish(at)
    fetch()
    assert set(brought(ASKED).files) == {path.name for path in at.iterdir()} - {"generation_config.json"}
    experiment = PretrainedExperiment(PretrainedSpec().replace(model="own", own_model=ASKED))
    assert experiment.observe(next(experiment.steps())).words["model"].startswith("GPT-2: 3 blocks")


def test_one_that_sends_on_into_the_servers_own_network_is_not_followed(
    server: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # nothing but public hosts
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv(hub.NAMED_BY, f"http://localhost:{server.server_port}/")
    monkeypatch.setenv("LEARNSCOPE_HOME", str(hub.folder_of(ASKED).parents[1] / "other"))
    with pytest.raises(DataError, match="sent on to an address that is not public"):
        fetch()


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
