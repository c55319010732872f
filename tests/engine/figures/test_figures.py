"""Figures are what Plotly takes, follow the theme, and keep classes apart."""

import copy

import pytest
from plotly import graph_objects

from engine.data.catalogue import PROBLEMS
from engine.data.points_spec import problem_of
from engine.figures.boundary import boundary_panel
from engine.figures.confusion import confusion_panel
from engine.figures.panel import PlotPanel
from engine.figures.style import CLASS_COLOURS, INK, PAPER, transparent
from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec, panels

SPECS = [PlaygroundSpec(dataset=name) for name in PROBLEMS] + [
    PlaygroundSpec(units=()),
    PlaygroundSpec(units=(16,) * 6, normalisation="batch", wide=True),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{len(spec.units)}")
def test_every_figure_is_valid_to_plotly_and_every_binding_meets_a_trace(spec):
    for panel in panels(spec):
        if isinstance(panel, PlotPanel):
            figure = graph_objects.Figure(_themed(panel.figure))
            for bind in panel.bindings:
                figure.data[bind.trace][bind.attribute]  # raises for an attribute that the trace does not have


@pytest.mark.parametrize(("lab", "asked"), [("translation", {}), ("transformers", {"sequences": "modular"})])
def test_who_clicks_on_a_bar_is_told_how_high_it_is(lab, asked):
    """The first binding of a trace is what a click asks about: see ``cellOf`` in the live panel."""
    spec = LABS[lab].spec.model_validate(asked)
    bars = 0
    for panel in LABS[lab].panels(spec):
        for at, trace in enumerate(panel.figure["data"] if isinstance(panel, PlotPanel) else ()):
            if trace["type"] == "bar":
                bars += 1
                assert next(bind.attribute for bind in panel.bindings if bind.trace == at) == "y", panel.id
    assert bars


def _themed(figure):
    """Return a figure with colours where it calls for the theme's."""
    traces = copy.deepcopy(figure["data"])
    for rim in (trace["marker"]["line"] for trace in traces if "line" in trace.get("marker", {})):
        rim["color"] = {PAPER: "#ffffff", INK: "#000000"}[rim["color"]]
    return figure | {"data": traces}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{len(spec.units)}")
def test_panels_fill_rows_and_are_told_apart(spec):
    shown = panels(spec)
    assert len({panel.id for panel in shown}) == len(shown)
    assert all(panel.title and panel.help and panel.alt and 1 <= panel.width <= 12 for panel in shown)
    assert panels(spec) == shown


@pytest.mark.parametrize("spec", SPECS[:1])
def test_figures_leave_text_and_grid_to_the_theme(spec):
    for panel in panels(spec):
        if isinstance(panel, PlotPanel):
            layout = panel.figure["layout"]
            assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
            assert "font" not in layout
            assert "title" not in layout
            assert not {"gridcolor", "color", "tickfont"} & (layout["xaxis"].keys() | layout["yaxis"].keys())


@pytest.mark.parametrize("spec", SPECS[:1])
def test_steps_are_written_as_in_the_readouts(spec):
    for panel in panels(spec):
        if isinstance(panel, PlotPanel) and panel.figure["layout"]["xaxis"]["title"]["text"] == "step":
            assert (
                panel.figure["layout"]["xaxis"].items() >= {"exponentformat": "none", "separatethousands": True}.items()
            )


@pytest.mark.parametrize(("name", "width"), [("spiral", 6), ("iris", 6), ("blobs", 12)])
def test_a_table_of_many_classes_has_a_row_of_its_own(name, width):
    problem = problem_of(PlaygroundSpec(dataset=name, classes=5))
    assert confusion_panel(problem).width == width


def _at(stops, value):
    """Return the colours of a scale at and just above ``value``, as (colour, alpha)."""
    return [colour for place, colour in stops if place == pytest.approx(value)]


@pytest.mark.parametrize("name", ["iris", "blobs"])
def test_each_class_has_one_colour_on_the_surface_and_on_its_points(name):
    problem = PROBLEMS[name]
    surface, train, validation = boundary_panel(problem).figure["data"]
    count = len(problem.classes)
    assert (surface["zmin"], surface["zmax"]) == (0, count)
    for index in range(count):
        stops = surface["colorscale"][2 * index : 2 * index + 2]
        assert [place for place, _ in stops] == pytest.approx([index / count, (index + 1) / count])
        channels = transparent(CLASS_COLOURS[index], 0)[:-2]
        assert all(colour.startswith(channels) for _, colour in stops)
        for points in (train, validation):
            marker = points["marker"]
            share = (index - marker["cmin"]) / (marker["cmax"] - marker["cmin"])
            assert _at(marker["colorscale"], share) == [CLASS_COLOURS[index]]


def test_halves_differ_in_shape_and_not_in_colour_alone():
    _, train, validation = boundary_panel(PROBLEMS["spiral"]).figure["data"]
    assert train["marker"]["symbol"] != validation["marker"]["symbol"]


@pytest.mark.parametrize("name", ["spiral", "blobs", "plane", "line"])
def test_points_stand_out_by_rims_in_the_colours_of_the_theme(name):
    _, train, validation = boundary_panel(PROBLEMS[name]).figure["data"]
    assert (train["marker"]["line"]["color"], validation["marker"]["line"]["color"]) == (PAPER, INK)


@pytest.mark.parametrize("name", ["spiral", "iris", "blobs"])
def test_the_key_gives_each_class_the_colour_of_its_points(name):
    problem = PROBLEMS[name]
    panel = boundary_panel(problem)
    assert panel.key.names == problem.classes
    assert not panel.key.bar
    marker = panel.figure["data"][1]["marker"]
    shares = [index / (len(problem.classes) - 1) for index in range(len(problem.classes))]
    assert [_at(marker["colorscale"], share) for share in shares] == [[colour] for colour in panel.key.colours]


def test_the_key_of_a_regression_is_the_surface_s_own_scale():
    panel = boundary_panel(PROBLEMS["plane"])
    surface = panel.figure["data"][0]
    assert panel.key.bar
    assert panel.key.names == ("−1", "1")
    assert (surface["zmin"], surface["zmax"]) == (-1, 1)
    assert surface["colorscale"] == [
        [place, colour] for place, colour in zip((0, 0.5, 1), panel.key.colours, strict=True)
    ]


def test_rows_and_columns_of_the_confusion_are_named():
    corner = confusion_panel(PROBLEMS["iris"]).corner
    assert "true" in corner
    assert "predicted" in corner


def test_layers_are_counted_as_in_the_form_and_scalars_keep_their_names():
    shown = {panel.id: panel for panel in panels(PlaygroundSpec(units=(8, 4)))}
    rows = shown["gradient-size"].figure["layout"]["yaxis"]
    assert dict(zip(rows["tickvals"], rows["ticktext"], strict=True)) == {
        "layers.0": "layer 1",
        "layers.1": "layer 2",
        "layers.2": "output layer",
    }
    for name, legend in (
        ("update-ratio", ["layer 1", "layer 2", "output layer"]),
        ("units", ["dead layer 1", "dead layer 2", "saturated layer 1", "saturated layer 2"]),
    ):
        assert [trace["name"] for trace in shown[name].figure["data"]] == legend
    assert [bind.array for bind in shown["update-ratio"].bindings] == [f"update.layers.{n}" for n in range(3)]
    assert shown["gradient-map"].tensors[0] == "layers.0.weight"


@pytest.mark.parametrize(
    ("spec", "anchor"),
    [
        (PlaygroundSpec(dataset="circle"), "x"),
        (PlaygroundSpec(dataset="iris"), "x"),
        (PlaygroundSpec(dataset="wine", inputs_from="columns"), None),
    ],
)
def test_a_plane_has_equal_scales_where_its_axes_have_one_unit(spec, anchor):
    assert boundary_panel(problem_of(spec)).figure["layout"]["yaxis"].get("scaleanchor") == anchor
