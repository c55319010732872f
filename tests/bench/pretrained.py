"""The budget of the lab of pretrained models.

attention.paint_ms  from a letter typed to all attention painted, median: GPT-2 small, random weights, 64 symbols;
                    the library's own model alone, on as many threads, with its attention given out  (<= 1000)
"""

import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from playwright.sync_api import Browser
from safetensors.torch import save_file

from engine.language.models.bringing import NAMED_BY
from engine.nets.pretrained.config import CONFIG, read_config
from engine.nets.pretrained.names import places
from tests.app_server import AppServer
from tests.bench.measure import result
from tests.browser import Screen, chromium

SIZE = {"vocab_size": 50_257, "n_positions": 1_024, "n_embd": 768, "n_layer": 12, "n_head": 12}
SYMBOLS = 64
TYPED = 12
PAIRS = 3
LAGS = "document.querySelector('.ls-panel').learnscope.lags"


def run() -> Iterator[str]:
    """Yield one JSON line."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        models, home = Path(folder) / "models", Path(folder) / "home"
        home.mkdir()
        small(models / "small")
        os.environ["LEARNSCOPE_HOME"] = str(home)
        with AppServer(home, environment={NAMED_BY: str(models)}) as server:
            yield result("attention.paint_ms", [(typed(browser, server), bare(models / "small")) for _ in range(PAIRS)])


def small(folder: Path) -> None:
    """Write a model of GPT-2 small's size, whose symbols are bytes."""
    from tests.engine.nets.pretrained.folders import gpt2_symbols

    folder.mkdir(parents=True)
    data = json.dumps({"model_type": "gpt2", **SIZE}).encode()
    (folder / CONFIG).write_bytes(data)
    gpt2_symbols().save(str(folder / "tokenizer.json"))
    chance = torch.Generator().manual_seed(0)
    wanted = places(read_config(data, CONFIG), headed=False)
    tensors = {name: torch.empty(place.shape).normal_(0, 0.02, generator=chance) for name, place in wanted.items()}
    save_file(tensors, folder / "model.safetensors")


def typed(browser: Browser, server: AppServer) -> float:
    """Return the median of how many ms it takes from a letter to what the model makes of it, painted."""
    screen = Screen(browser.new_context().new_page())
    screen.page.set_viewport_size({"width": 1440, "height": 2_400})
    screen.go(f"{server.url}/pretrained?model=own&own_model=server:models/small&hide=note")
    field = screen.get("ls-type")
    field.fill("a" * (SYMBOLS - 1))
    screen.until(lambda: len(screen.ask(LAGS)) == 1)
    for count in range(TYPED):
        text = "".join(random.choices("abcdefgh ", k=SYMBOLS - 1))
        field.fill(f"{text}.")
        screen.until(lambda count=count: len(screen.ask(LAGS)) == count + 2)
    lags = screen.ask(LAGS)[1:]
    screen.page.context.close()
    return statistics.median(lags)


def bare(folder: Path) -> float:
    """Return the median of how many ms the library's own model takes on one thread."""
    from transformers import GPT2LMHeadModel

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    net = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").eval()
    symbols = torch.randint(0, 256, (1, SYMBOLS))
    seconds = []
    with torch.no_grad():
        for _ in range(TYPED):
            began = time.perf_counter()
            net(symbols, output_attentions=True)
            seconds.append(time.perf_counter() - began)
    torch.set_num_threads(threads)
    return 1_000 * statistics.median(seconds)
