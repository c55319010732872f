"""The drawing of the net."""

from engine.figures.panel import NetworkPanel


def network_panel(tensors: tuple[str, ...], inputs: tuple[str, ...], wide: str = "") -> NetworkPanel:
    """Return the drawing of a dense net with the weights ``tensors`` (full names) and the names of its inputs.

    ``wide`` are those weights that lead from the inputs straight to the outputs, in nets that have them.
    """
    return NetworkPanel(
        id="network",
        title="Inside the net",
        width=7,
        height=380,
        help=(
            "Each square shows what one neuron answers over the whole plane; lines are weights, thicker the larger. "
            "Orange is positive, blue is negative. Each square has its own scale: its strongest colour is its largest "
            "absolute value. The small square at a neuron's foot is its bias. Click a line or such a square to set "
            "its number."
        ),
        alt="The neurons of the net, layer by layer, each with a map of its answers, joined by the weights.",
        tensors=tensors,
        inputs=inputs,
        wide=wide,
    )
