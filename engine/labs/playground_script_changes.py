"""The parts of a written-out run that say what a person did to it on the way: layers held still, and where the
numbers are that were put in.
"""

from collections.abc import Sequence

from engine.labs.playground import PlaygroundSpec
from engine.nets.mlp_spec import OUTPUT, WIDE
from engine.training.experiment import Change

HOLDING = """        for part in held_still(step):
            part.zero_grad()  # the optimiser passes by what has no gradient
"""
HELD_STILL = '''

def held_still(step: int) -> list[nn.Module]:
    """Return the parts of the net that do not learn at a step."""
    places = {places}{changes}
    return [net[place] for place in places]
'''


def holds(spec: PlaygroundSpec, changes: Sequence[Change]) -> bool:
    """Tell whether any part of the net was held still at any time."""
    return bool(spec.frozen) or any(name == "frozen" for _, name, _ in changes)


def held(spec: PlaygroundSpec, changes: Sequence[Change]) -> str:
    """Return the function that says which parts of the net are held still."""
    if not holds(spec, changes):
        return ""
    changed = "".join(
        f"\n    if step >= {step}:\n        places = {_places(spec.with_live(name, value))}"
        for step, name, value in changes
        if name == "frozen"
    )
    return HELD_STILL.format(places=_places(spec), changes=changed)


def _places(spec: PlaygroundSpec) -> list[int]:
    """Return where in the script's net the frozen layers and their norms stand."""
    normed = spec.normalisation != "none"
    stride = _stride(spec)
    places = [layer * stride for layer in range(len(spec.units)) if str(layer + 1) in spec.frozen]
    output = len(spec.units) * stride
    last = [output] * (OUTPUT in spec.frozen) + [output + 1] * (spec.has_wide and WIDE in spec.frozen)
    return [place + part for place in places for part in range(1 + normed)] + last


def _stride(spec: PlaygroundSpec) -> int:
    """Return how many modules of the script's net make one hidden layer."""
    return 2 + (spec.normalisation != "none") + bool(spec.dropout)


def tensor_in(spec: PlaygroundSpec, name: str) -> str:
    """Return the expression for a parameter of ours in the script's net."""
    if name == f"{WIDE}.weight":
        return f"net[{len(spec.units) * _stride(spec) + 1}].weight"
    part, number, kind = name.split(".")
    return f"net[{int(number) * _stride(spec) + (part == 'norms')}].{kind}"
