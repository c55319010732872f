"""What the parts of a translating net are called: by its tensors' names, and in a sentence; light."""

from collections.abc import Mapping

from engine.nets.translation.spec import Cell, TranslatorSpec, places

GATES: Mapping[Cell, tuple[str, ...]] = {
    "gru": ("reset", "update", "candidate"),
    "lstm": ("input", "forget", "candidate", "output"),
}
PARTS = {"query": "query", "key": "key", "energy": "energy"}


def heads(spec: TranslatorSpec) -> Mapping[str, str]:
    """Return where a net looks at the source, head by head, ``attention.0``, and what that is called."""
    found: dict[str, str] = {}
    for place, count in places(spec).items():
        numbers = [part for part in place.split(".") if part.isdigit()]
        block = f"block {int(numbers[0]) + 1}" if numbers else "attention"
        for head in range(count):
            found[f"{place}.{head}"] = f"{block}, head {head + 1}" if count > 1 else block
    return found


def contexts(spec: TranslatorSpec) -> Mapping[str, str]:
    """Return the vectors that are taken from the source, by their names in ``Written.contexts``."""
    if spec.net == "context_fed":
        return {"context": "the last state"}
    return {
        place: title.partition(",")[0] for name, title in heads(spec).items() for place in [name.rpartition(".")[0]]
    }


def matrices(spec: TranslatorSpec) -> Mapping[str, str]:
    """Return the weight matrices: the name of the parameter without ``.weight`` -> what it is called."""
    match spec.net:
        case "convolutional":
            found = {"read_embedding": "vectors of what is read"}
            found |= {f"reading.{at}.layer": f"block {at + 1} that reads" for at in range(spec.blocks)}
            found |= {"write_embedding": "vectors of what is written"}
            for at in range(spec.blocks):
                parts = {"window.layer": "window", "query": "query", "out": "out"}
                found |= {f"writing.{at}.{part}": f"block {at + 1} that writes: {of}" for part, of in parts.items()}
        case "transformer":
            found = _stack(spec, "encoder", "read", crossed=False) | _stack(spec, "decoder", "written", crossed=True)
        case _:
            found = _recurrent(spec)
    return {**found, "head": "output layer"}


def _stack(spec: TranslatorSpec, stack: str, what: str, *, crossed: bool) -> dict[str, str]:
    found = {f"{stack}.embedding": f"vectors of what is {what}"}
    for at in range(spec.blocks):
        parts = {f"attention.{part}": part for part in ("query", "key", "value", "out")}
        if crossed:
            parts |= {f"crossed.{part}": f"{part} to the source" for part in ("query", "key", "value", "out")}
        parts |= {"rise": "neurons", "fall": "behind the neurons"}
        found |= {f"{stack}.blocks.{at}.{part}": f"{stack} {at + 1}: {title}" for part, title in parts.items()}
    return found


def _recurrent(spec: TranslatorSpec) -> dict[str, str]:
    found = {"encoder.embedding": "vectors of what is read"}
    for direction, way in (("ahead", "reading ahead"), ("back", "reading back")):
        found |= _cell(spec.cell, f"encoder.recurrent.layers.0.{direction}", way)
    found |= {"encoder.bridge": "from reading to writing"}
    if spec.cell == "lstm":
        found |= {"encoder.bridge_cell": "from reading to writing: the cell"}
    if spec.net == "bahdanau" or (spec.net == "luong" and spec.fit == "concat"):
        found |= PARTS
    elif spec.net == "luong" and spec.fit == "general":
        found |= {"key": "key"}
    found |= {"writer.embedding": "vectors of what is written"} | _cell(spec.cell, "writer.cell", "writing")
    return found | ({"blend": "blend"} if spec.net in ("bahdanau", "luong") else {})


def _cell(cell: Cell, name: str, what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for gate in GATES[cell]:
        found[f"{name}.{gate}.from_input"] = f"{what}: {gate}, of the symbol"
        found[f"{name}.{gate}.from_hidden"] = f"{what}: {gate}, of the state"
    return found
