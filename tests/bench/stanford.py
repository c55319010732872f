"""Stanford's own GloVe, where ``STANFORD_GLOVE_DIR`` names the folder of a built copy: its programs, run beside ours.

Nothing of it is part of Learnscope. Of its versions those since 2020 learn biases at a rate of 1, and clip gradients;
those before at the rate of the vectors.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.words.train.glove_spec import GloveSpec

VARIABLE = "STANFORD_GLOVE_DIR"
NONE = f"{VARIABLE} names no built copy of Stanford's GloVe"
PAIR = np.dtype([("row", np.int32), ("column", np.int32), ("value", np.float64)])
"""Its records; the first word is 1."""


@dataclass(frozen=True)
class Learnt:
    """The seconds that all epochs took, and what a pair cost on average in each."""

    seconds: float
    costs: list[float]


class Stanford:
    """The programs of a built copy; each writes into ``folder``."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self.usage = subprocess.run([programs / "glove"], capture_output=True, text=True, cwd=folder).stdout

    @property
    def clips(self) -> bool:
        """Tell whether it clips gradients, and learns biases at a rate of 1."""
        return "-grad-clip" in self.usage

    def like(self, spec: GloveSpec) -> GloveSpec:
        """Return a spec with the rate of biases that this version has."""
        return spec.replace(bias_learning_rate=1.0 if self.clips else spec.learning_rate)

    def write_vocabulary(self, words: Sequence[str], counts: np.ndarray) -> None:
        """Say which words there are, the most frequent first."""
        lines = [f"{word} {count}\n" for word, count in zip(words, counts.tolist(), strict=True)]
        (self._folder / "vocabulary.txt").write_text("".join(lines), encoding="utf-8")

    def count(self, text: Path, window: int, symmetric: bool, memory: float) -> float:
        """Count a text, a sentence to a line, in so many GB; return the seconds it takes."""
        options = ["-window-size", window, "-symmetric", int(symmetric), "-memory", memory, "-overflow-file", "rest"]
        return self._run("cooccur", text, "counts.bin", *options)

    def shuffle(self, seed: int) -> float:
        """Shuffle what is counted; return the seconds it takes."""
        options = ["-memory", 2, "-seed", seed, "-temp-file", "shuffling"]
        return self._run("shuffle", self._folder / "counts.bin", "shuffled.bin", *options)

    def counts(self, shuffled: bool = False) -> np.ndarray:
        """Return what is counted, (n,) of PAIR."""
        return np.fromfile(self._folder / ("shuffled.bin" if shuffled else "counts.bin"), PAIR)

    def learn(self, spec: GloveSpec, *options: str) -> Learnt:
        """Learn from the shuffled counts; the seconds are those of the epochs alone."""
        said = {
            "input-file": "shuffled.bin",
            "vocab-file": "vocabulary.txt",
            "save-file": "vectors",
            "vector-size": spec.dimensions,
            "threads": spec.threads,
            "iter": spec.epochs,
            "eta": spec.learning_rate,
            "alpha": spec.alpha,
            "x-max": spec.x_max,
            "binary": 1,
        } | ({"grad-clip": spec.clip, "seed": spec.seed} if self.clips else {})
        command = [
            self._programs / "glove",
            *(str(part) for name, value in said.items() for part in (f"-{name}", value)),
        ]
        costs, began, ended = [], 0.0, 0.0
        with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, cwd=self._folder) as process:
            assert process.stderr is not None
            for line in process.stderr:
                ended = time.perf_counter()
                if line.startswith("alpha:"):
                    began = ended
                if "cost:" in line:
                    costs.append(float(line.rsplit("cost:", 1)[1]))
        if process.returncode or len(costs) != spec.epochs:
            raise RuntimeError(f"Stanford's glove ended with {process.returncode} after {len(costs)} epochs")
        return Learnt(ended - began, costs)

    def weights(self, name: str = "vectors.bin", dimensions: int = 0) -> np.ndarray:
        """Return what is kept, (2, words, dimensions + 1): as words, as contexts, the bias last."""
        return np.fromfile(self._folder / name).reshape(2, -1, dimensions + 1)

    def _run(self, program: str, given: Path, out: str, *options: object) -> float:
        command = [self._programs / program, "-verbose", "0", *map(str, options)]
        if program == "cooccur":
            command += ["-vocab-file", "vocabulary.txt"]
        with given.open("rb") as source, (self._folder / out).open("wb") as target:
            began = time.perf_counter()
            subprocess.run(
                command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, cwd=self._folder, check=True
            )
            return time.perf_counter() - began


def stanford(folder: Path) -> Stanford | None:
    """Return the built copy that the environment names, to work in ``folder``; None where there is none."""
    named = os.environ.get(VARIABLE)
    for programs in (Path(named) / "build", Path(named)) if named else ():
        if all((programs / name).is_file() for name in ("cooccur", "shuffle", "glove")):
            return Stanford(programs.resolve(), folder)
    return None
