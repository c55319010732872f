"""The pictures of all labs: ``python -m engine.labs.pictures FOLDER`` trains what each shows and draws it."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from PIL import Image

from engine.labs import compare_picture, index_picture, words_picture
from engine.labs.catalogue import LABS

DRAWN: Mapping[str, Callable[[], Image.Image]] = {
    **{lab.name: lab.picture.open for lab in LABS.values()},
    "words": words_picture.draw,
    "compare_words": compare_picture.draw,
    "index": index_picture.draw,
}
"""By the name of its card, what draws a picture."""


def main(folder: Path) -> None:
    """Write ``<name>.png`` for every picture into ``folder``."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWN.items():
        draw().save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
