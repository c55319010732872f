"""The lab of pretrained models in a browser: a folder is opened, a sentence typed, one weight read with its sum."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from engine.language.models.bringing import NAMED_BY
from engine.nets.attention.touch import Touched
from engine.nets.pretrained.opening import Opened, files_in, open_model
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import found
from tests.engine.nets.pretrained.folders import folder

SENTENCE = "ab cab"
PLACE = re.compile(r"The attention that place (\d+) gives to place (\d+)")
HEAD = re.compile(r"block (\d), head (\d), from place \d, to place \d")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("brought") / "models"
    folder(at / "tiny", "gpt2")
    folder(at / "reader", "bert")
    (folder(at / "broken", "gpt2") / "model.safetensors").write_bytes(b"no tensors at all")
    return at


@pytest.fixture(scope="module")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return a server that offers the models."""
    with AppServer(tmp_path_factory.mktemp("home"), environment={NAMED_BY: str(models)}) as server:
        yield server


def weight(opened: Opened, text: str, block: int, head: int) -> torch.Tensor:
    seen = Touched()
    with torch.no_grad():
        opened.net(torch.tensor([opened.tokens.encode(text)]), seen)
    return seen[f"blocks.{block}.attention.pattern"][0, head]


def value_told(screen: Screen) -> float:
    return float(screen.get("ls-explained").locator(".ls-explained-value").get_attribute("title") or "nan")


def walk(screen: Screen, panel: str, *keys: str) -> None:
    """Press keys in the picture of a panel."""
    canvas = screen.get(f"panel-{panel}").get_by_role("application")
    canvas.focus()
    for key in keys:
        canvas.press(key)


def option(screen: Screen, label: str, name: str) -> None:
    """Choose in a field of the side bar."""
    screen.page.get_by_test_id("stSidebar").get_by_role("combobox", name=label).last.click()
    screen.page.get_by_role("option", name=name, exact=True).click()


def test_a_folder_is_opened_and_a_weight_is_read_with_its_arithmetic(
    server: AppServer, visit: Visit, models: Path
) -> None:
    screen = visit(f"{server.url}/pretrained?model=own&own_model=server:models/tiny&block=1&head=2&hide=note")
    expect(screen.get("panel-model")).to_contain_text("GPT-2: 3 blocks of 4 heads")
    for training in ("ls-train", "ls-step", "ls-scrubber"):
        expect(screen.get(training)).to_be_hidden()
    expect(screen.page.locator(".ls-top")).to_be_hidden()
    screen.get("ls-type").fill(SENTENCE)
    expect(screen.get("panel-model")).to_contain_text("Read in 6 symbols: a · b · ␣ · c · a · b.")
    expect(screen.get("ls-type-told")).to_contain_text("Likeliest next")

    walk(screen, "head", *["ArrowDown"] * 5, *["ArrowRight"] * 2, "Enter")
    told = screen.get("ls-explained")
    expect(told).to_contain_text(PLACE)
    place = PLACE.search(told.inner_text())
    assert place
    one, other = map(int, place.groups())
    assert 0 < other <= one < 6
    value = float(weight(open_model(files_in(models / "tiny"), 2**30), SENTENCE, 1, 2)[one, other])
    assert value_told(screen) == pytest.approx(value, abs=1e-4)
    expect(told).to_contain_text("query · key =")
    expect(told).to_contain_text("/ √6 =")
    expect(told).to_contain_text(f"= {value:.4g}".replace("e-0", "e−0"))

    told.get_by_role("button", name="Close").click()
    walk(screen, "heads", *["ArrowDown"] * 7, "Enter", "ArrowDown")
    voice = screen.get("panel-heads").get_by_role("status").first
    expect(voice).to_have_text(HEAD)
    ((block, head),) = HEAD.findall(voice.inner_text())
    expect(screen.get("panel-token")).to_contain_text(f"asks with head {head} of block {block}.")
    screen.page.get_by_test_id("stSidebar").get_by_text("Knock this head out").click()
    expect(screen.get("panel-model")).to_contain_text(f"Without head {head} of block {block}")
    screen.get("ls-type-clear").click()
    expect(screen.get("panel-model")).to_contain_text("Read in 47 symbols")


def test_a_masked_word_is_told_and_on_a_phone_nothing_is_cut_off(server: AppServer, visit: Visit) -> None:
    screen = visit(f"{server.url}/pretrained?model=own&own_model=server:models/reader&hide=note")
    expect(screen.get("panel-model")).to_contain_text("BERT: 3 blocks of 4 heads")
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.get("ls-type").fill("the cat [MASK] on the mat")
    expect(screen.get("panel-model")).to_contain_text("[CLS] · the · cat · [MASK] · on · the · mat · [SEP]")
    expect(screen.get("ls-type-told")).to_contain_text("Likeliest there")
    assert screen.ask("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_broken_folder_is_told_and_another_can_be_chosen(server: AppServer, visit: Visit) -> None:
    screen = visit(f"{server.url}/pretrained?model=own&own_model=server:models/tiny&hide=note")
    for name, said in (
        ("models/broken", "model.safetensors is no safetensors file, or a damaged one"),
        ("models/reader", "BERT: 3 blocks of 4 heads"),
    ):
        option(screen, "Models on this server", name)
        expect(screen.get("ls-panel")).to_contain_text(said)


def test_files_are_uploaded_and_axe_finds_nothing_serious(
    server: AppServer, visit: Visit, models: Path, tmp_path: Path
) -> None:
    screen = visit(f"{server.url}/pretrained?hide=note")
    option(screen, "Model", "A model of your own")
    option(screen, "Your model", "Upload its files")
    pickled = tmp_path / "pytorch_model.bin"
    pickled.write_bytes(b"\x80\x04not opened")
    files = sorted(path for path in (models / "tiny").iterdir() if path.suffix in (".json", ".safetensors"))
    chooser = screen.get("ls-model-files")
    chooser.set_input_files([models / "tiny" / "config.json", pickled])
    expect(screen.page.get_by_text("pytorch_model.bin is a pickle")).to_be_visible()
    assert all("404" in one or "400" in one for one in screen.errors), "the refusal, and nothing else"
    screen.errors.clear()
    chooser.set_input_files(files)
    expect(screen.get("panel-model")).to_contain_text("GPT-2: 3 blocks of 4 heads")
    assert found(screen) == []
