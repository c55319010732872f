"""The app in a process of its own, started as a person starts it, for tests and benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class AppServer:
    """The app in a process of its own: ``url`` without a slash at the end, its ``home`` and its ``log`` on disk."""

    def __init__(
        self,
        home: Path,
        *options: str,
        prefix: str = "",
        script: str = "app.py",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self.log = home / "server.log"
        self.prefix = prefix
        self._options = options
        self._script = script
        self._environment = dict(environment or {})
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.exit_status: int | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}{self.prefix}"

    @property
    def host(self) -> str:
        return f"localhost:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers; another port is tried if this one was taken meanwhile."""
        for _ in range(3):
            self._process = self._spawn()
            if self._answers():
                return
            self.stop()
            self._port = _free_port()
        raise RuntimeError(f"The app did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        """Ask the server to end, as Ctrl-C does, and wait for it."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self.exit_status = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.exit_status = self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop and start again, with the same home under the same address."""
        self.stop()
        self.start()

    def workers(self) -> set[int]:
        """Return the process ids of all workers: the children of the server's zygote."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    state, parent = _stat(int(entry.name))[:2]
                except OSError:
                    continue  # it ended meanwhile
                if state != "Z":
                    parents[int(entry.name)] = int(parent)
        children = {pid for pid, parent in parents.items() if parent == self.pid}
        return {pid for pid, parent in parents.items() if parent in children}

    def _spawn(self) -> "subprocess.Popen[bytes]":
        environment = {"LEARNSCOPE_HOME": str(self.home), "PYTHONPATH": str(ROOT)} | {
            key: value for key, value in os.environ.items() if not key.startswith(("STREAMLIT_", "LEARNSCOPE_"))
        }
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            self._script,
            "--server.port",
            str(self._port),
            *self._options,
        ]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environment | self._environment, stdout=log, stderr=log)

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    return answer.read() == b"ok"
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False


def cpu_seconds(pid: int) -> float:
    """Return user and system CPU seconds of a process, all its threads."""
    user, system = _stat(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Return what the kernel tells of a process, from its state on; see proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]
