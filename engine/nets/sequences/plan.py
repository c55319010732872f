"""What there is to see of a net that reads sequences, by names, without making it."""

from typing import NamedTuple

from engine.nets.sequences.spec import GATES, SHOWN, RecurrentSpec, cell_title, gate_title

EMBEDDING, HEAD = "embedding", "head"
PARTS = {"W": "from_input", "U": "from_hidden"}
"""The two products in a gate: of what is read, and of the hidden state."""


class Matrix(NamedTuple):
    """A weight matrix: the name of the ``tensor`` in the net, and what it is called."""

    tensor: str
    title: str


def matrices(spec: RecurrentSpec, *, symbols: bool) -> dict[str, Matrix]:
    """Return all weight matrices from the bottom up, by names for scalars: ``0.ahead.input.W``."""
    found = {EMBEDDING: Matrix("embedding.weight", "table of symbols")} if symbols else {}
    for cell in spec.cells:
        for gate in GATES[spec.cell]:
            for part, product in PARTS.items():
                title = f"{part}, {gate_title(gate)}" if len(GATES[spec.cell]) > 1 else part
                found[f"{cell}.{gate}.{part}"] = Matrix(
                    f"body.layers.{cell}.{gate}.{product}.weight", f"{title}, {cell_title(cell)}"
                )
    return found | {HEAD: Matrix("head.weight", "output layer")}


def shown(spec: RecurrentSpec) -> dict[str, str]:
    """Return all that is seen of the cells at each step, ``0.ahead.hidden``, with what it is called."""
    return {
        f"{cell}.{gate}": f"{gate_title(gate)}, {cell_title(cell)}" for cell in spec.cells for gate in SHOWN[spec.cell]
    }
