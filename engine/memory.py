"""How much memory one run may take: the kernel refuses it more, so that a run fails in words and the machine goes on.

What is limited is what a process has for itself to write to (RLIMIT_DATA), beyond what the zygote had when it was
forked. Unlike a watch on what is in use this cannot be outrun, and unlike a limit on addresses (RLIMIT_AS) it does not
count what torch maps and never touches.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

MOST_BYTES = 4 * 2**30
RATHER_THAN_OTHERS = 500


def usual_limit() -> int:
    """Return how many bytes a run may take where nobody has said: half of the machine's memory, 4 GiB at most."""
    try:
        return min(MOST_BYTES, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2)
    except (OSError, ValueError):
        return MOST_BYTES


def limit(most: int) -> None:
    """Let this process, and those that it forks, take ``most`` bytes more each; nothing is limited outside of Linux.

    Where the machine itself runs out of memory, the kernel is to end such a process rather than the server.
    """
    if sys.platform != "linux":
        return
    import resource

    now = held()
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (now + most if highest < 0 else min(now + most, highest), highest))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(RATHER_THAN_OTHERS))


def held() -> int:
    """Return how many bytes this process has for itself to write to, of which it may use less; 0 outside of Linux."""
    if sys.platform != "linux":
        return 0
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmData"].split()[0]) * 1024


def is_lack_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that there is not enough memory; torch says so by a RuntimeError."""
    said = str(error)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "memory" in said and "alloc" in said)


def told(most: int) -> str:
    """Return what to say of a run that needed more than ``most`` bytes, as the rest of a sentence."""
    much = f"{most / 2**30:.3g} GB" if most >= 2**30 else f"{most / 2**20:.3g} MB"
    return f"needs more memory than a run may take here ({much}): make the net or the batch smaller"
