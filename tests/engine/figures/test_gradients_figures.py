"""The panels of gradients: curves that can be told apart."""

from engine.figures import gradients


def test_no_two_curves_of_many_layers_look_alike() -> None:
    titles = {f"layers.{layer}": f"layer {layer}" for layer in range(26)}
    traces = gradients.update_panel(titles).figure["data"]
    assert len({(trace["line"]["color"], trace["line"]["dash"]) for trace in traces}) == 26
