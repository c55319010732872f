"""The live way's budgets.

live.train_speed     a worker's steps/s while it streams to one watcher; the same loop bare in a script   (>= 0.95)
live.first_paint_ms  from the click on Train to the first trained step painted; the fragment page         (<= 200)
live.fps             painted frames per second in one browser; the fragment page's redraws                (>= 20)
live.watcher_cpu     the server's CPU microseconds per watcher and frame; the fragment page's per redraw  (<= 1/50)

The fragment page (``fragment_page.py``) draws the same panels with ``st.fragment(run_every=0.25)`` and
``st.plotly_chart``.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser
from websockets.sync.client import connect

from engine.frames import decode
from pages.ui.rights import Right
from tests.app_server import AppServer, cpu_seconds
from tests.bench.measure import PAIRS, result
from tests.browser import PANEL, Screen, chromium

SECONDS = 4.0
TURN_SECONDS = 0.5
SPEED_PAIRS = 9  # two processes that do the same differ in speed by a tenth, by how their memory happens to lie
WATCHERS = 10
LONG = {"max_epochs": "100000", "patience": "0", "target_score": "0"}


class Watched(NamedTuple):
    """A ``lab`` whose run is watched, its ``settings``, and the ``script`` that does the same with nobody watching."""

    lab: str
    settings: Mapping[str, str]
    script: str


PLAYGROUND = Watched("playground", LONG, "tests.bench.bare_loop")
FRAGMENT_PAGE = Path(__file__).with_name("fragment_page.py")
Frames = Iterator[tuple[float, int]]


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home, log = Path(folder) / "app", Path(folder) / "redraws.log"
        os.environ["LEARNSCOPE_HOME"] = str(home)  # the tokens of our watchers are signed with this server's key
        home.mkdir()
        with AppServer(home) as server:
            close(open_lab(browser, server))  # the server has then imported all that it needs
            yield result("live.train_speed", [train_speeds(browser, server) for _ in range(SPEED_PAIRS)])
            with fragment_server(log) as fragment:
                rows = [(panel_live(browser, server), fragment_live(browser, fragment, log)) for _ in range(PAIRS)]
            yield result("live.first_paint_ms", [(ours[0], theirs[0]) for ours, theirs in rows])
            yield result("live.fps", [(ours[1], theirs[1]) for ours, theirs in rows])
            yield result("live.watcher_cpu", [(watcher_cpu(browser, server), theirs[2]) for _, theirs in rows])


def open_lab(browser: Browser, server: AppServer, what: Watched = PLAYGROUND) -> Screen:
    """Return a page on an untrained run that will not end by itself, with its first frame painted."""
    screen = Screen(browser.new_context(viewport={"width": 1440, "height": 1000}).new_page())
    screen.go(f"{server.url}/{what.lab}?" + "&".join(f"{name}={value}" for name, value in what.settings.items()))
    screen.page.wait_for_timeout(1000)
    return screen


def train_unseen(browser: Browser, server: AppServer, what: Watched = PLAYGROUND) -> tuple[str, str, Screen]:
    """Return a run that trains, its page's address, and the page, which has left it: no browser paints."""
    screen = open_lab(browser, server, what)
    run, address = screen.run, screen.page.url
    screen.get("ls-train").click()
    screen.until(lambda: screen.last > 0)
    screen.page.goto("about:blank")
    return run, address, screen


def close(screen: Screen) -> None:
    """Stop the run, so that nothing of it takes time from what is measured next, and close its page."""
    screen.get("ls-stop").click()
    screen.until(lambda: screen.state == "stopped")
    screen.page.context.close()


@contextmanager
def watcher(server: AppServer, run: str) -> Iterator[Frames]:
    """Watch a run as a browser would, reading everything; yields an iterator over (time, step) of the frames."""
    token = Right(run, "session-bench", control=False).token()
    address = f"ws://{server.host}/live/runs/{run}"
    with connect(address, subprotocols=["learnscope", token], origin=server.url, max_size=None) as socket:  # type: ignore[list-item, arg-type]
        yield (
            (time.perf_counter(), message.header["step"])
            for message in map(decode, (m for m in socket if isinstance(m, bytes)))
            if message.kind == "frame"
        )


def train_speeds(browser: Browser, server: AppServer, what: Watched = PLAYGROUND) -> tuple[float, float]:
    """Return steps per second of a worker while one watcher takes every frame, and of the same loop in a script.

    The two take turns of a quarter of a second on one core, stopped and continued by signals: what else the machine
    does, and how fast it lets a core run, differs from core to core and from one second to the next. A look that came
    due while the worker stood is taken at once, so that there are some more of them than in real life.
    """
    run, address, screen = train_unseen(browser, server, what)
    with watcher(server, run) as frames, bare_loop(what) as bare:
        newest = Newest(frames)
        newest.reach(200)
        worker = max(server.workers(), key=cpu_seconds)
        os.kill(worker, signal.SIGSTOP)
        try:
            turns = {worker: 0.0, bare.pid: 0.0}
            core = max(os.sched_getaffinity(0))
            for pid in turns:
                os.sched_setaffinity(pid, {core})
            began = newest.step
            while turns[worker] < SECONDS:
                for pid in turns:
                    turns[pid] += turn(pid)
            streamed = newest.step - began
            made = steps_of(bare)
        finally:
            os.kill(worker, signal.SIGCONT)  # else it could not end with its server
    close(screen.go(address))
    return streamed / turns[worker], made / turns[bare.pid]


def turn(pid: int) -> float:
    """Let a stopped process go on for a while, and return how long that was in seconds."""
    start = time.perf_counter()
    os.kill(pid, signal.SIGCONT)
    time.sleep(TURN_SECONDS)
    os.kill(pid, signal.SIGSTOP)
    seconds = time.perf_counter() - start
    time.sleep(TURN_SECONDS / 10)  # until what it sent has arrived
    return seconds


class Newest:
    """Reads all frames in a thread; ``step`` is the newest one's."""

    def __init__(self, frames: Frames) -> None:
        self.step = 0
        threading.Thread(target=self._read, args=(frames,), daemon=True).start()

    def reach(self, step: int) -> None:
        """Wait until the run is there."""
        while self.step < step:
            time.sleep(0.01)

    def _read(self, frames: Frames) -> None:
        for _, self.step in frames:
            pass


def steps_of(bare: "subprocess.Popen[str]") -> int:
    """End the reference and return how many steps it has made."""
    assert bare.stdout is not None
    os.kill(bare.pid, signal.SIGTERM)
    os.kill(bare.pid, signal.SIGCONT)
    return int(bare.stdout.readline())


@contextmanager
def bare_loop(what: Watched = PLAYGROUND) -> Iterator["subprocess.Popen[str]"]:
    """Return the reference in a process of its own, stopped after its run-up."""
    settings = [f"{name}={value}" for name, value in what.settings.items()]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-m", what.script, *settings]
    # A session of its own, as workers have: Linux shares the processor out among sessions first.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


def panel_live(browser: Browser, server: AppServer) -> tuple[float, float]:
    """Return milliseconds from click to first trained paint, and painted frames per second from then on."""
    screen = open_lab(browser, server)
    first_paint = screen.ask(
        f"""() => new Promise(resolve => {{
            const start = performance.now();
            document.querySelector('[data-testid=ls-train]').click();
            const look = () => {PANEL}.shownStep > 0 ? resolve(performance.now() - start) : requestAnimationFrame(look);
            look();
        }})"""
    )
    before, start = screen.painted or 0, time.perf_counter()
    screen.page.wait_for_timeout(SECONDS * 1000)
    frames, seconds = (screen.painted or 0) - before, time.perf_counter() - start
    close(screen)
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
    run, address, screen = train_unseen(browser, server)
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
    close(screen.go(address))
    return 1e6 * max(together - alone, 0.0) / sum(taken)


def drain(frames: Frames) -> int:
    """Take frames for the measuring time; return how many came."""
    start, count = time.perf_counter(), 0
    for at, _ in frames:
        count += 1
        if at - start >= SECONDS:
            break
    return count


def cpu_while(server: AppServer, work: Callable[[], object]) -> float:
    """Return the CPU seconds that the server process used while ``work`` ran."""
    before = cpu_seconds(server.pid)
    work()
    return cpu_seconds(server.pid) - before


@contextmanager
def fragment_server(log: Path) -> Iterator[str]:
    """Serve the fragment page, which appends its redraws to ``log``; yields its address."""
    home = log.with_suffix("")
    home.mkdir()
    with AppServer(home, script=str(FRAGMENT_PAGE), environment={"BENCH_LOG": str(log)}) as server:
        yield server.url
