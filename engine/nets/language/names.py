"""What the parts of a language model are called: by its tensors' names, and in a sentence; light."""

from collections.abc import Mapping

from engine.nets.language.spec import LanguageNetSpec

GATES: Mapping[str, tuple[str, ...]] = {
    "rnn": ("update",),
    "gru": ("reset", "update", "candidate"),
    "lstm": ("input", "forget", "candidate", "output"),
}


def layer_names(spec: LanguageNetSpec) -> tuple[str, ...]:
    """Return the names of the layers whose units can be looked at, the last one last."""
    match spec.net:
        case "nplm":
            return ("hidden",)
        case "transformer":
            return tuple(f"blocks.{at}.{part}" for at in range(spec.blocks) for part in ("neurons", "stream"))
        case "lstm":
            return tuple(f"{at}.ahead.{part}" for at in range(spec.layers) for part in ("cell", "hidden"))
        case _:
            return tuple(f"{at}.ahead.hidden" for at in range(spec.layers))


def layer_title(name: str) -> str:
    """Return what a layer of units is called: ``cell of layer 1``."""
    if name == "hidden":
        return "hidden layer"
    first, second, *rest = name.split(".")
    if first == "blocks":
        return f"{rest[0]} of block {int(second) + 1}"
    return f"{'hidden state' if rest[0] == 'hidden' else rest[0]} of layer {int(first) + 1}"


def matrices(spec: LanguageNetSpec) -> Mapping[str, str]:
    """Return the weight matrices: the name of the parameter without ``.weight`` -> what it is called, the first one
    first.
    """
    found = {"embedding": "vectors of the symbols"}
    match spec.net:
        case "nplm":
            found["hidden"] = "hidden layer"
            if spec.direct:
                found["direct"] = "straight connections"
        case "transformer":
            found["position"] = "vectors of the places"
            for at in range(spec.blocks):
                parts = {f"attention.{part}": part for part in ("query", "key", "value", "out")}
                parts |= {"rise": "neurons", "fall": "behind the neurons"}
                found |= {f"blocks.{at}.{name}": f"block {at + 1}: {title}" for name, title in parts.items()}
        case _:
            for at in range(spec.layers):
                where = f"layer {at + 1}: " if spec.layers > 1 else ""
                for gate in GATES[spec.net]:
                    name = f"recurrent.layers.{at}.ahead.{gate}"
                    found[f"{name}.from_input"] = f"{where}{gate}, of what is read"
                    found[f"{name}.from_hidden"] = f"{where}{gate}, of the state"
    return {**found, "head": "output layer"}
