"""``python -m tests.bench [GROUP]``: one JSON object per line with name, value, reference and ratio."""

import signal
import sys
from importlib import import_module

GROUPS = (
    *("live", "load", "words", "map_fps", "train", "index", "vision", "sequences", "generation", "attention"),
    *("bleu", "pretrained"),
)


def main(arguments: list[str]) -> int:
    """Run the groups named, or all; return the exit status."""
    unknown = [name for name in arguments if name not in GROUPS]
    if unknown:
        print(f"There is no group {unknown[0]}: expected one of {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    # As after Ctrl-C all that was started is ended: servers, browsers, the references.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    for name in arguments or GROUPS:
        for line in import_module(f"tests.bench.{name}").run():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
