"""The pictures of all labs: ``python -m engine.labs.pictures FOLDER`` trains a net for each and draws it there."""

import sys
from pathlib import Path

import torch

from engine.labs.catalogue import LABS


def main(folder: Path) -> None:
    """Write ``<lab>.png`` for every lab into ``folder``."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for lab in LABS.values():
        lab.picture.open().save(folder / f"{lab.name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
