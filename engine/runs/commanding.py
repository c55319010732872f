"""The process that carries out a command of the command line: forked by the zygote like a worker."""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.runs.commands import ERRORS, OUTPUT

COMMAND_LINE = "engine.__main__"
"""It stands above this package: it is called by its name, as in a shell."""
NICENESS = 5


def main(order: Mapping[str, Any]) -> int:
    """Carry an order out (arguments, folder, environment), and return the exit status of the command."""
    os.nice(NICENESS)
    os.environ.update(order["environment"])
    for name, stream in ((OUTPUT, sys.stdout), (ERRORS, sys.stderr)):
        stream.flush()
        file = os.open(Path(order["folder"]) / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, stream.fileno())
        os.close(file)
    try:
        return import_module(COMMAND_LINE).main(order["command"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
