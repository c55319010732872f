"""Numbers over the steps of a sequence, out of formulas: what a net that reads letters would show of itself."""

import numpy as np

from engine.figures.panel import Panel, TensorPanel, TypePanel, UnrolledPanel

MOST = 24
UNITS = 8
TEXT = "ab cde"
GATES = ("rnn.0.input", "rnn.0.forget")
CLASSES = ("Welsh", "Basque", "Finnish")
LAYERS = ("layer 0", "layer 1")


def sequence_at(step: int, text: str = TEXT) -> dict[str, np.ndarray]:
    """Return the arrays of a step of the training, of a text of at most MOST letters."""
    place, unit = np.arange(MOST), np.arange(UNITS)[:, None]
    seed = sum(map(ord, text)) % 100
    wave = np.sin(0.7 * place * (1 + 0.2 * unit) + step / 100 + seed) * (0.3 + 0.08 * unit)
    arrays = {
        "hidden.rnn.0": wave,
        "gates.rnn.0.input": 1 / (1 + np.exp(-3 * wave)),
        "gates.rnn.0.forget": 1 / (1 + np.exp(2 * wave[::-1])),
        "prediction.classes": np.stack([np.cos(0.3 * place + k + step / 200) ** 2 for k in range(3)]),
        "loss.told": np.exp(-place / 4 - step / 500),
        "unrolled.state": np.stack([0.2 + 0.5 * np.cos(place / 5) ** 2, 0.1 + place / 40]) * (1 + step / 1000),
        "unrolled.gradient": np.stack([10.0 ** (place - len(text) - 1), 10.0 ** (0.1 * place - 3)]) * (1 + step / 10),
    }
    for array in arrays.values():
        array[..., len(text) :] = np.nan
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def sequence_words(text: str = TEXT) -> dict[str, str]:
    """Return what stands at each step, and what is told at the last."""
    return {"read": "\n".join(text), "guess": "\n".join(["" for _ in text[1:]] + [CLASSES[0]])}


def hidden_panel(**changes: object) -> TensorPanel:
    """Return the state over the steps, a row for each unit."""
    settings = {"id": "hidden", "array": "hidden", "signed": True, "columns": "read"} | changes
    about = {"title": "Hidden state", "width": 6, "height": 260, "help": "tanh", "alt": "The state."}
    return TensorPanel(**about, tensors=("rnn.0",), **settings)  # type: ignore[arg-type]


def gates_panel() -> TensorPanel:
    """Return two gates of a choice."""
    names = ("input gate", "forget gate")
    return TensorPanel("gates", "Gates", 6, 260, "0 to 1", "The gates.", "gates", GATES, names=names, columns="read")


def classes_panel() -> TensorPanel:
    """Return the probabilities of the classes after each step, a row for each class."""
    return TensorPanel(
        "classes", "Prediction", 6, 160, "As it reads.", "A row per class.", "prediction", ("classes",),
        rows=CLASSES, columns="read",
    )  # fmt: skip


def loss_panel() -> TensorPanel:
    """Return a single row: the loss at each step."""
    return TensorPanel("steps", "Loss by step", 6, 120, "Loss.", "A row.", "loss", ("told",), columns="read")


def unrolled_panel(layers: tuple[str, ...] = LAYERS) -> UnrolledPanel:
    """Return the net unrolled."""
    return UnrolledPanel(
        "unrolled", "Unrolled net", 12, 300, "Boxes.", "The net over the steps.",
        "unrolled.state", "unrolled.gradient", "read", "guess", layers,
    )  # fmt: skip


def type_panel(**changes: object) -> TypePanel:
    """Return the field in which one types."""
    settings = {"words": "told", "most": MOST, "placeholder": "Type a name"} | changes
    return TypePanel("type", "Type", 6, 120, "Any name.", "A field to type in.", **settings)  # type: ignore[arg-type]


def sequence_panels() -> tuple[Panel, ...]:
    """Return one panel of each kind that shows a sequence."""
    return type_panel(), hidden_panel(), gates_panel(), classes_panel(), loss_panel(), unrolled_panel()
