"""The live way's budgets.

live.train_speed     steps/s of a worker that streams to one watcher, against the same loop bare in a script    (>= 0.95)
live.first_paint_ms  from the click on Train to the first trained point painted, against the fragment page      (<= 200 ms)
live.fps             painted frames per second in one browser, against the fragment page's redraws              (>= 20)
live.watcher_cpu     server CPU microseconds per watcher and frame, against the fragment page per redraw        (<= 1/50)

The fragment page (``fragment_page.py``) draws the same panels with ``st.fragment(run_every=0.25)`` and ``st.plotly_chart``.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from websockets.sync.client import connect

from engine.runs.frames import decode
from pages.ui import rights
from tests.app_server import AppServer
from tests.e2e.conftest import ARGUMENTS, CHROMIUM, PANEL

from .measure import PAIRS, result

SECONDS = 4.0
WATCHERS = 10
LONG = {"max_epochs": "100000", "patience": "0", "target_score": "0"}
FRAGMENT_PAGE = Path(__file__).with_name("fragment_page.py")


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with AppServer(Path(folder)) as server, fragment_server(Path(folder) / "fragment.log") as (fragment, log):
            open_playground(browser, server).context.close()  # the server has then imported all that it needs
            yield result("live.train_speed", [(streamed_speed(browser, server), bare_speed()) for _ in range(PAIRS)])
            rows = [(panel_live(browser, server), fragment_live(browser, fragment, log)) for _ in range(PAIRS)]
            yield result("live.first_paint_ms", [(ours[0], theirs[0]) for ours, theirs in rows])
            yield result("live.fps", [(ours[1], theirs[1]) for ours, theirs in rows])
            yield result("live.watcher_cpu", [(watcher_cpu(browser, server), theirs[2]) for _, theirs in rows])
        browser.close()


def open_playground(browser: Browser, server: AppServer) -> Page:
    """Return a page on an untrained run that will not end by itself, with its first frame painted."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(server.url + "/playground?" + "&".join(f"{name}={value}" for name, value in LONG.items()))
    page.wait_for_function(f"{PANEL}?.paintedFrames > 0", timeout=60_000)
    page.wait_for_timeout(500)
    return page


def run_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["run"][0]


@contextmanager
def watcher(server: AppServer, run: str) -> Iterator[Iterator[tuple[float, int]]]:
    """Watch a run as a browser would, reading everything; yields an iterator over (time, step) of the frames."""
    token = rights.issue(run, "bench", control=True, home=server.home)
    address = f"ws://{urlsplit(server.url).netloc}/live/runs/{run}"
    with connect(address, subprotocols=["learnscope", token], origin=server.url, max_size=None) as socket:
        socket.send('{"command": "resume"}')
        yield (
            (time.perf_counter(), message.header["step"])
            for message in map(decode, (m for m in socket if isinstance(m, bytes)))
            if message.kind == "frame"
        )


def streamed_speed(browser: Browser, server: AppServer) -> float:
    """Return steps per second of a worker while one watcher takes every frame."""
    page = open_playground(browser, server)
    run = run_of(page)
    page.goto("about:blank")  # the watcher is the only one, and no browser paints beside it
    with watcher(server, run) as frames:
        first = next((t, step) for t, step in frames if step >= 200)
        last = next((t, step) for t, step in frames if t - first[0] >= SECONDS)
    page.context.close()
    return (last[1] - first[1]) / (last[0] - first[0])


def bare_speed() -> float:
    """Return steps per second of the same loop in a script of its own."""
    settings = [f"{name}={value}" for name, value in LONG.items()]
    command = [sys.executable, "-m", "tests.bench.bare_loop", str(SECONDS), *settings]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)


def panel_live(browser: Browser, server: AppServer) -> tuple[float, float]:
    """Return milliseconds from click to first trained paint, and painted frames per second from then on."""
    page = open_playground(browser, server)
    first_paint = page.evaluate(
        f"""() => new Promise(resolve => {{
            const start = performance.now();
            document.querySelector('[data-testid=ls-train]').click();
            const look = () => {PANEL}.shownStep > 0 ? resolve(performance.now() - start) : requestAnimationFrame(look);
            look();
        }})"""
    )
    before, start = page.evaluate(f"{PANEL}.paintedFrames"), time.perf_counter()
    page.wait_for_timeout(SECONDS * 1000)
    frames, seconds = page.evaluate(f"{PANEL}.paintedFrames") - before, time.perf_counter() - start
    page.context.close()
    return first_paint, frames / seconds


def fragment_live(browser: Browser, url: str, log: Path) -> tuple[float, float, float]:
    """Return the fragment page's first paint in ms, its redraws per second, and its CPU microseconds per redraw."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(url)
    page.get_by_role("button", name="Train").wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    log.write_text("")
    first_paint = page.evaluate(
        """() => new Promise(resolve => {
            const start = performance.now();
            [...document.querySelectorAll('button')].find(b => b.textContent.includes('Train')).click();
            const look = () => document.querySelector('.js-plotly-plot .main-svg')
                ? resolve(performance.now() - start) : requestAnimationFrame(look);
            look();
        })"""
    )
    page.wait_for_timeout(SECONDS * 1000)
    rows = [tuple(map(float, line.split())) for line in log.read_text().splitlines()]
    page.context.close()
    seconds = rows[-1][1] - rows[0][1]
    return first_paint, (len(rows) - 1) / seconds, 1e6 * sum(cpu for cpu, _ in rows) / len(rows)


def watcher_cpu(browser: Browser, server: AppServer) -> float:
    """Return the server's CPU microseconds for one watcher and one frame.

    The same run is watched by one and then by many; what the many cost more, divided by the frames that they got.
    """
    page = open_playground(browser, server)
    run = run_of(page)
    page.goto("about:blank")
    with watcher(server, run) as frames:
        next(step for _, step in frames if step >= 200)
        alone = cpu_while(server, lambda: drain(frames))
        taken: list[int] = []
        ready = threading.Barrier(WATCHERS + 1)

        def watch() -> None:
            with watcher(server, run) as more:
                next(more)
                ready.wait()
                taken.append(drain(more))

        threads = [threading.Thread(target=watch) for _ in range(WATCHERS)]
        for thread in threads:
            thread.start()
        ready.wait()
        together = cpu_while(server, lambda: drain(frames))
        for thread in threads:
            thread.join()
    page.context.close()
    return 1e6 * max(together - alone, 0.0) / sum(taken)


def drain(frames: Iterator[tuple[float, int]]) -> int:
    """Take frames for the measuring time; return how many came."""
    start, count = time.perf_counter(), 0
    for at, _ in frames:
        count += 1
        if at - start >= SECONDS:
            break
    return count


def cpu_while(server: AppServer, work) -> float:
    """Return the CPU seconds that the server process used while ``work`` ran."""
    before = cpu_seconds(server.pid)
    work()
    return cpu_seconds(server.pid) - before


def cpu_seconds(pid: int) -> float:
    """Return user and system CPU seconds of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def fragment_server(log: Path) -> Iterator[tuple[str, Path]]:
    """Serve the fragment page; yields its address and the log of its redraws."""
    with AppServer(log.parent, script=FRAGMENT_PAGE, environment={"BENCH_LOG": str(log)}) as server:
        yield server.url, log
