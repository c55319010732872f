"""How a gate, a cell or a hidden state came about at a step, written out with the numbers of a frame."""

import math
from typing import NamedTuple

import numpy as np

from engine.explanation import Explanation, factor, products, word
from engine.nets.sequences.spec import LSTMS, RecurrentSpec, cell_title, gate_title
from engine.readings import Arrays

EPSILON = 1e-5
"""What layer norm adds to a variance, as torch does."""
TOO_LARGE = "The layer below has more units than are kept of each step, so it cannot be written out."


class Product(NamedTuple):
    """One of the products in a gate, for one unit: as it is written out, and its value."""

    text: str
    value: float


class Gates:
    """Explains what the cells do in the frame that has ``arrays``."""

    def __init__(self, spec: RecurrentSpec, arrays: Arrays) -> None:
        self._spec, self._arrays = spec, arrays

    def explain(self, name: str, index: tuple[int, ...], value: float) -> Explanation:
        """Return how the number of ``name``, ``<cell>.<gate>``, of a unit at a step came about."""
        cell, _, gate = name.rpartition(".")
        unit, at = index
        what = f"{gate_title(gate)} of unit {unit} of {cell_title(cell)}, at step {at}"
        if gate == "cell":
            lines = self._cell(cell, unit, at, value)
        elif gate == "hidden" and self._spec.cell == "gru":
            lines = self._mixed(cell, unit, at, value)
        elif gate == "hidden" and self._spec.cell in LSTMS:
            lines = self._shown(cell, unit, at, value)
        else:
            lines = self._gate(cell, "update" if gate == "hidden" else gate, unit, at, value)
        return Explanation(what, value, tuple(lines))

    @staticmethod
    def written(weights: np.ndarray, vector: np.ndarray, bias: float, total: float, one: str, other: str) -> str:
        """Return a sum of products and a bias, written out."""
        terms = products(weights.astype(float).tolist(), vector.astype(float).tolist())
        return f"Σ {one} · {other} + b = {terms} + {factor(bias)} = {word(total)}"

    def _gate(self, cell: str, gate: str, unit: int, at: int, value: float) -> list[str]:
        """Return σ(W x + b + U h), or what stands in its place."""
        below, before = self._below(cell, at), self._before(cell, "hidden", at)
        read = self._product(cell, gate, "input", below, unit)
        if read is None:
            return [TOO_LARGE]
        kept = self._product(cell, gate, "hidden", before, unit)
        if kept is None:
            return [TOO_LARGE]
        if self._spec.cell == "gru" and gate == "candidate":
            reset = self._at(cell, "reset", unit, at)
            total = read.value + reset * kept.value
            line = f"a = W x + b + r · (U h + c) = {word(read.value)} + {factor(reset)} · {factor(kept.value)}"
        else:
            seen = self._peep(cell, gate, unit, at)
            total = read.value + kept.value + (seen.value if seen else 0.0)
            line = f"a = W x + b + U h{' + p c' if seen else ''} = {word(read.value)} + {factor(kept.value)}"
            line += f" + {seen.text}" if seen else ""
        return [read.text, kept.text, f"{line} = {word(total)}", self._bent(gate, total, value)]

    def _bent(self, gate: str, total: float, value: float) -> str:
        if self._spec.cell == "rnn_relu":
            return f"h = max(0, a) = {word(value)}"
        if self._spec.cell == "rnn_tanh" or gate == "candidate":
            return f"tanh(a) = tanh({word(total)}) = {word(value)}"
        return f"σ(a) = 1 / (1 + exp(−a)) = 1 / (1 + {word(math.exp(min(-total, 700.0)))}) = {word(value)}"

    def _product(self, cell: str, gate: str, of: str, vector: np.ndarray, unit: int) -> Product | None:
        """Return W x + b or U h, normalised where the net does that; None where not all of it is kept."""
        start = f"weights.body.layers.{cell}.{gate}"
        weights = self._arrays[f"{start}.from_{of}.weight"].astype(np.float64)
        if weights.shape[1] != len(vector):
            return None
        letters = ("W", "x") if of == "input" else ("U", "h")
        sums = weights @ vector
        terms = products(weights[unit].tolist(), vector.tolist())
        name = f"{letters[0]} {letters[1]}"
        if self._spec.norm:
            scale, shift = (float(self._arrays[f"{start}.norm_{of}.{one}"][unit]) for one in ("weight", "bias"))
            spread = math.sqrt(sums.var() + EPSILON)
            value = (sums[unit] - sums.mean()) / spread * scale + shift
            inside = f"({word(float(sums[unit]))} − {factor(float(sums.mean()))}) / {word(spread)}"
            text = f"{name} = {terms} = {word(float(sums[unit]))}; normalised over all units: {inside}"
            return Product(f"{text} · {factor(scale)} + {factor(shift)} = {word(float(value))}", float(value))
        bias = self._arrays.get(f"{start}.from_{of}.bias")
        if bias is None:
            return Product(f"{name} = {terms} = {word(float(sums[unit]))}", float(sums[unit]))
        value = float(sums[unit]) + float(bias[unit])
        mark = "b" if of == "input" else "c"
        return Product(f"{name} + {mark} = {terms} + {factor(float(bias[unit]))} = {word(value)}", value)

    def _peep(self, cell: str, gate: str, unit: int, at: int) -> Product | None:
        """Return what a gate sees of the cell; None where there are no peepholes."""
        weights = self._arrays.get(f"weights.body.layers.{cell}.peepholes.{gate}")
        if weights is None:
            return None
        seen = self._at(cell, "cell", unit, at) if gate == "output" else self._before(cell, "cell", at)[unit]
        return Product(f"{factor(float(weights[unit]))} · {factor(float(seen))}", float(weights[unit] * seen))

    def _cell(self, cell: str, unit: int, at: int, value: float) -> list[str]:
        kept, taken, candidate = (self._at(cell, gate, unit, at) for gate in ("forget", "input", "candidate"))
        before = float(self._before(cell, "cell", at)[unit])
        return [
            "c = forget · c before + input · candidate",
            f"{factor(kept)} · {factor(before)} + {factor(taken)} · {factor(candidate)} = {word(value)}",
        ]

    def _shown(self, cell: str, unit: int, at: int, value: float) -> list[str]:
        shown, held = self._at(cell, "output", unit, at), self._at(cell, "cell", unit, at)
        formula = "h = output · tanh(norm(c))" if self._spec.norm else "h = output · tanh(c)"
        if self._spec.norm:
            return [formula, f"{factor(shown)} · {factor(value / shown if shown else 0.0)} = {word(value)}"]
        return [formula, f"{factor(shown)} · tanh({word(held)}) = {word(value)}"]

    def _mixed(self, cell: str, unit: int, at: int, value: float) -> list[str]:
        kept, candidate = self._at(cell, "update", unit, at), self._at(cell, "candidate", unit, at)
        before = float(self._before(cell, "hidden", at)[unit])
        return [
            "h = (1 − update) · candidate + update · h before",
            f"(1 − {word(kept)}) · {factor(candidate)} + {word(kept)} · {factor(before)} = {word(value)}",
        ]

    def _at(self, cell: str, gate: str, unit: int, at: int) -> float:
        return float(self._arrays[f"states.{cell}.{gate}"][unit, at])

    def _before(self, cell: str, gate: str, at: int) -> np.ndarray:
        """Return a state as the cell found it, (units,) float64: at its first step zeros."""
        states = self._arrays[f"states.{cell}.{gate}"].astype(np.float64)
        before = at + 1 if cell.endswith(".back") else at - 1
        found = states[:, before] if 0 <= before < states.shape[1] else np.zeros(len(states))
        return np.nan_to_num(found)

    def _below(self, cell: str, at: int) -> np.ndarray:
        """Return what a cell reads at a step, (inputs,) float64."""
        layer = int(cell.partition(".")[0])
        if layer == 0:
            return self._arrays["read.vectors"][:, at].astype(np.float64)
        cells = [one for one in self._spec.cells if one.startswith(f"{layer - 1}.")]
        return np.concatenate([self._arrays[f"states.{one}.hidden"][:, at] for one in cells]).astype(np.float64)
