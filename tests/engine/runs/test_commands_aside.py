"""Commands of the command line that the server has done: in a process that the pool forks, for it has no torch."""

import json
import signal
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import Mock

import pytest
from safetensors.numpy import load

from engine.__main__ import main
from engine.data import uploads
from engine.errors import RunError
from engine.runs import commands
from engine.runs.commands import Commands
from engine.runs.pool import Ending, WorkerProcess
from tests.engine.runs.conftest import PATIENCE
from tests.pools import LastingPool


def test_what_a_command_writes_comes_back(labs_pool: LastingPool, capsys: pytest.CaptureFixture[str]) -> None:
    found = Commands(labs_pool).carry_out("The list", ["labs", "--json"], {})
    main(["labs", "--json"])
    assert found.decode() == capsys.readouterr().out
    spec = json.dumps({"dataset": "xor", "units": [2]}).encode()
    script = Commands(labs_pool).carry_out("The script", ["script", "playground", "--spec={spec}"], {"spec": spec})
    assert b"import torch" in script


def test_what_a_command_writes_into_a_file_comes_back_and_not_what_it_says_beside_it(labs_pool: LastingPool) -> None:
    spec = json.dumps({"dataset": "xor", "units": [2], "samples": 40}).encode()
    learns = ["weights", "playground", "--spec={spec}", "--steps=1", "--output={output}"]
    written = Commands(labs_pool).carry_out("The net", learns, {"spec": spec})
    assert load(written)["layers.0.weight"].shape == (2, 2)


def test_a_command_that_fails_without_a_word_is_told_by_its_name(labs_pool: LastingPool) -> None:
    ended = Mock(start_command=lambda *_: Mock(connection=nullcontext(), ended=Mock(result=lambda _: Ending(code=3))))
    with pytest.raises(RunError, match=r"^The script was not made\.$"):
        Commands(ended).carry_out("The script", [], {})


def test_a_command_finds_learnscopes_home_where_it_is_now(
    labs_pool: LastingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labs_pool.warm()
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    upload = uploads.save(b"a,b,c\n" + b"".join(b"%d,2,%d\n" % (n, n % 2) for n in range(20)), "t.csv")
    learns = ["run", "playground", "--set=dataset=csv", f"--set=upload={upload}", "--steps=1"]
    assert b'"result"' in Commands(labs_pool).carry_out("The run", learns, {})


def test_what_a_command_refuses_is_told_in_its_sentence(labs_pool: LastingPool) -> None:
    with pytest.raises(RunError, match=r"^There is no lab 'nowhere'"):
        Commands(labs_pool).carry_out("The script", ["script", "nowhere"], {})


def test_a_command_that_takes_too_long_is_ended(labs_pool: LastingPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SECONDS", 1.0)
    started: list[WorkerProcess] = []
    start = labs_pool.start_command
    monkeypatch.setattr(labs_pool, "start_command", lambda *order: started.append(start(*order)) or started[-1])
    labs_pool.warm()
    with pytest.raises(RunError, match=r"^The run could not be made just now: try again\.$"):
        Commands(labs_pool).carry_out("The run", ["run", "playground", "--set=max_epochs=100000"], {})
    assert started[0].ended.result(PATIENCE).signal == signal.SIGKILL
