"""What the parts of a transformer are called: by its tensors' names, and in a sentence; light."""

from collections.abc import Mapping

from engine.nets.transformers.spec import TransformerSpec

ATTENTION = ("query", "key", "value", "out")


def matrices(spec: TransformerSpec) -> Mapping[str, str]:
    """Return the weight matrices: the name of the parameter without ``.weight`` -> what it is called, the first one
    first.
    """
    if spec.shape == "both":
        parts = _stack(spec, "encoder.", ("attention",)) | _stack(spec, "decoder.", ("attention", "crossed"))
    else:
        parts = _stack(spec, "", ("attention",))
    return {**parts, "head": "output layer"}


def _stack(spec: TransformerSpec, where: str, asking: tuple[str, ...]) -> dict[str, str]:
    """Return the matrices of one stack, below the name ``where``."""
    said = where.replace(".", ", ")
    found = {f"{where}embedding": f"{said}vectors of the symbols"}
    if spec.places == "learnt":
        found[f"{where}position"] = f"{said}vectors of the places"
    for at in range(spec.blocks):
        parts = {f"{one}.{part}": _called(one, part) for one in asking for part in ATTENTION}
        parts |= {"rise": "neurons", "fall": "behind the neurons"}
        found |= {f"{where}blocks.{at}.{name}": f"{said}block {at}: {title}" for name, title in parts.items()}
    return found


def _called(attention: str, part: str) -> str:
    return part if attention == "attention" else f"{part} of the encoder"
