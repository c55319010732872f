"""Makes a forge look late at what it has forked."""

import os
import time


def warm() -> None:
    look = os.pidfd_open

    def late(process: int, flags: int = 0) -> int:
        time.sleep(0.5)
        return look(process, flags)

    os.pidfd_open = late
