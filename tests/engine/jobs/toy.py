"""Work that counts, and may go wrong at the end."""

import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.errors import DataError
from engine.jobs.job import Progress, Work


def count(arguments: dict[str, Any]) -> Work:
    places = range(1, arguments.get("count", 3) + 1)
    total = 0
    for place in places:
        if place == places[-1]:
            _fail(arguments.get("fault", ""))
        total += 10 * place
        yield {"found": 10 * place}
        yield Progress(place / len(places), str(os.getpid()))
    return {"sum": total}


def _fail(fault: str) -> None:
    match fault:
        case "hang":
            time.sleep(60)
        case "raise":
            raise ZeroDivisionError("a fault of the program")
        case "refuse":
            raise DataError("There is nothing to be learnt.")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            bytearray(2**30)
        case "long":
            while True:
                pass
        case "file":
            with TemporaryDirectory() as folder:
                Path(folder, "file").write_bytes(bytes(2**21))
