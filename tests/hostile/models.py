"""Folders of models that are not as they should be, and what becomes of them."""

import functools
import json
import pickle
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
import torch
from safetensors.torch import load, save

from engine.asking import Question
from engine.errors import DataError, LearnscopeError
from engine.labs.pretrained import PretrainedSpec
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.language.models import own
from engine.language.models.bringing import NAMED_BY
from engine.nets.pretrained.opening import files_in, open_model
from tests.hostile.greedy import Touch

MOST = 2**30
WEIGHTS = "model.safetensors"
Kind = Literal["gpt2", "bert"]
Files = Mapping[str, bytes]
Change = Callable[[dict[str, bytes]], object]


@functools.cache
def good(kind: Kind) -> Files:
    """Return the files of a tiny model that opens."""
    from tests.engine.nets.pretrained.folders import folder  # which takes seconds to import

    with tempfile.TemporaryDirectory() as at:
        folder(Path(at), kind)
        return {path.name: path.read_bytes() for path in Path(at).iterdir()}


def changed(kind: Kind, change: Change) -> dict[str, bytes]:
    files = dict(good(kind))
    change(files)
    return files


def config(**entries: object) -> Change:
    """Return a change of entries of the config; None takes one out."""

    def change(files: dict[str, bytes]) -> None:
        found = json.loads(files["config.json"]) | entries
        files["config.json"] = json.dumps({k: v for k, v in found.items() if v is not None}).encode()

    return change


def tensors(make: Callable[[dict[str, torch.Tensor]], object]) -> Change:
    """Return a change of the tensors."""

    def change(files: dict[str, bytes]) -> None:
        found = load(files[WEIGHTS])
        make(found)
        files[WEIGHTS] = save(found)

    return change


def with_file(name: str, data: bytes) -> Change:
    return lambda files: files.update({name: data})


def without(*names: str) -> Change:
    return lambda files: [files.pop(name) for name in names]


def both(*changes: Change) -> Change:
    return lambda files: [change(files) for change in changes]


def header(of: bytes, edit: Callable[[dict], object]) -> bytes:
    """Return a safetensors file with another header, which is as long as it has to be."""
    size = int.from_bytes(of[:8], "little")
    found = json.loads(of[8 : 8 + size])
    edit(found)
    text = json.dumps(found).encode()
    return len(text).to_bytes(8, "little") + text + of[8 + size :]


def written(at: Path, files: Files) -> Path:
    at.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (at / name).write_bytes(data)
    return at


def refused(sentence: str, change: Change, kind: Kind = "gpt2") -> Callable[..., None]:
    """Return a row: the folder is refused in one sentence that begins so, and tells nothing of where it lies."""

    def run(tmp_path: Path) -> None:
        at = written(tmp_path / "secret-place", changed(kind, change))
        with pytest.raises(DataError) as told:
            open_model(files_in(at), MOST)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert "secret-place" not in said
        assert "\n" not in said
        assert said.endswith(".")
        assert len(said) < 700

    return run


def opens(change: Change, kind: Kind = "gpt2", left_out: tuple[str, ...] = ()) -> Callable[..., None]:
    """Return a row: the folder opens, and it is told which tensors were left out."""

    def run(tmp_path: Path) -> None:
        opened = open_model(files_in(written(tmp_path, changed(kind, change))), MOST)
        assert opened.left_out == left_out
        with torch.no_grad():
            assert bool(torch.isfinite(opened.net(torch.tensor([[1, 2, 3]]))).all())

    return run


def symbols(**entries: object) -> Change:
    """Return a change of entries of the tokenizer.json."""

    def change(files: dict[str, bytes]) -> None:
        files["tokenizer.json"] = json.dumps(json.loads(files["tokenizer.json"]) | entries).encode()

    return change


def breaks_off(sentence: str, change: Change) -> Callable[..., None]:
    """Return a row: the folder opens, a text cannot be cut by its symbols, and that is told in a sentence."""

    def run(tmp_path: Path) -> None:
        opened = open_model(files_in(written(tmp_path, changed("gpt2", change))), MOST)
        with pytest.raises(DataError) as told:
            opened.tokens.encode("one two")
        assert str(told.value).startswith(sentence), str(told.value)
        assert "\n" not in str(told.value)
        assert len(str(told.value)) < 300

    return run


def long_symbol() -> Callable[..., None]:
    """Return a row: a symbol of a million letters is shown by its first ones, wherever it stands."""

    def run(tmp_path: Path) -> None:
        model = json.loads(good("gpt2")["tokenizer.json"])["model"]
        model["vocab"]["o" * 1_000_000] = model["vocab"].pop("o")
        opened = open_model(files_in(written(tmp_path, changed("gpt2", symbols(model=model)))), MOST)
        assert opened.tokens.shown(model["vocab"]["o" * 1_000_000]) == "o" * 80 + "…"
        assert opened.tokens.shown(model["vocab"]["a"]) == "a"

    return run


def written_to(*, cut: bool) -> Callable[..., None]:
    """Return a row: what becomes of its file while a model is open, or is being opened, changes nothing of it."""

    def run(tmp_path: Path) -> None:
        at = written(tmp_path, good("gpt2"))
        read, path = torch.tensor([[1, 2, 3]]), at / WEIGHTS
        net = open_model(files_in(at), MOST).net
        with torch.no_grad():
            before = net(read)
        with path.open("r+b") as file:
            if cut:
                file.truncate(10)
            else:
                file.write(b"\x11" * path.stat().st_size)
        with torch.no_grad():
            assert torch.equal(net(read), before)

    return run


def cut_meanwhile() -> Callable[..., None]:
    """Return a row: a file that is cut while its tensors are read is told of."""

    def run(tmp_path: Path) -> None:
        at = written(tmp_path, good("gpt2"))

        def cut() -> None:
            with (at / WEIGHTS).open("r+b") as file:
                file.truncate(2_000)

        with pytest.raises(DataError, match=rf"^{WEIGHTS} was cut while it was read"):
            open_model(files_in(at), MOST, cut)

    return run


def canary(name: str) -> Callable[..., None]:
    """Return a row: a file that would touch another if it were opened as a pickle is refused, and touches nothing."""

    def run(tmp_path: Path) -> None:
        bird = tmp_path / "canary"
        data = pickle.dumps(Touch(str(bird)))
        change = both(without(WEIGHTS), with_file(name, data))
        refused(f"{name} is a pickle", change)(tmp_path / "folder-of")
        assert not bird.exists()

    return run


def kept(sentence: str, files: Files, sizes: tuple[int, ...] | None = None) -> Callable[..., None]:
    """Return a row: files that are uploaded are refused, and nothing of them stays."""

    def run(tmp_path: Path) -> None:
        lengths = sizes or [len(data) for data in files.values()]
        with pytest.raises(DataError) as told:
            own.keep(tmp_path, [b"".join(files.values())], "/".join(files), "ann", sizes=lengths)
        assert str(told.value).startswith(sentence), str(told.value)
        assert not own.MODELS.listed(tmp_path, "ann")
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"]

    return run


def keeps(ahead: str) -> Callable[..., None]:
    """Return a row: a model is kept whose names have this ``ahead``, which leads nowhere, and opens."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
        data = list(good("bert").values())
        asked = own.keep(
            tmp_path / "home",
            [b"".join(data)],
            "/".join(f"{ahead}{name}" for name in good("bert")),
            "ann",
            sizes=[len(one) for one in data],
        )
        experiment = PretrainedExperiment(PretrainedSpec().replace(model="own", own_model=asked))
        experiment.observe(next(experiment.steps()))
        assert [path.name for path in tmp_path.iterdir()] == ["home"]

    return run


def uploaded() -> Callable[..., None]:
    return keeps("")


def asked(text: bytes, kind: Kind = "gpt2") -> Callable[..., None]:
    """Return a row: a text that is typed is read, or refused in a sentence."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        written(tmp_path / "models" / "tiny", good(kind))
        monkeypatch.setenv(NAMED_BY, str(tmp_path / "models"))
        experiment = PretrainedExperiment(PretrainedSpec().replace(model="own", own_model="server:models/tiny"))
        with suppress(LearnscopeError):
            seen = experiment.answer(Question("look", values=text))
            lines = seen.words["read"].split("\n")
            patterns = next(one for one in seen.readings if one.name == "patterns").arrays()["patterns.attention"]
            assert len(lines) == patterns.shape[-1]
            assert all(line.isprintable() for line in lines)

    return run


def no_model(asked: str) -> Callable[..., None]:
    """Return a row: an id leads to no folder but those that the server offers."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        written(tmp_path / "models" / "tiny", good("gpt2"))
        written(tmp_path / "elsewhere", good("gpt2"))
        (tmp_path / "models" / "link").symlink_to(tmp_path / "elsewhere")
        monkeypatch.setenv(NAMED_BY, str(tmp_path / "models"))
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
        experiment = PretrainedExperiment(PretrainedSpec().replace(model="own", own_model=asked))
        with pytest.raises(DataError) as told:
            experiment.observe(next(experiment.steps()))
        assert str(tmp_path) not in str(told.value)

    return run
