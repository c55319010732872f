"""The panels of a net that reads sequences: one of them on its way through the net, step by step, and what is told."""

from engine.data.catalogue import Problem
from engine.data.sequences.spec import ADDING, COPYING, UNROLLED, SequencesDataSpec
from engine.figures.panel import Bind, Panel, PlotPanel, TensorPanel, TypePanel, UnrolledPanel, WordsPanel
from engine.figures.style import CLASS_COLOURS, TRAIN_COLOUR, VALIDATION_COLOUR, curve, figure, figure_over_steps
from engine.nets.sequences.plan import shown
from engine.nets.sequences.spec import RecurrentSpec, cell_title

MOST_CELLS = (64, 64)
"""Units and inputs of a large matrix that are drawn: the first."""
ROOT_MEAN_SQUARES = {
    "one": "one step ahead",
    "free": "free",
    "naive": "naive, one step",
    "naive_free": "naive, free",
}
"""The forecasts whose errors are told."""
READ, TOLD, WATCHED = "read", "told", "watched"
"""Keys of words: what is read at each step, what is predicted there, and what is said of both."""


MOST_TYPED = 1_000
EXAMPLES = {
    "names": "a name, such as Rossini",
    "sentiment": "a sentence, such as: the film was not bad at all",
    "own": "a text, as those of yours",
    "wave": "numbers, such as 0 0.25 0.48 0.68 0.84",
    UNROLLED: "a number from 0 to 1, such as 0.25",
    ADDING: "numbers, two of them with a star: 0.3 0.9* 0.1 0.5*",
    COPYING: "letters from A to H, such as BAD",
}
"""What may be typed."""


def has_symbols(spec: SequencesDataSpec) -> bool:
    """Tell whether symbols are read, and not numbers."""
    return spec.reads_text or spec.sequences == COPYING


def type_panel(spec: SequencesDataSpec) -> TypePanel:
    """Return the field in which a person types a sequence of their own."""
    kind = "wave" if spec.forecasts else spec.sequences
    return TypePanel(
        id="type",
        title="Type, and the net reads it",
        width=6,
        height=120,
        help=(
            "While something stands here, the panels of the sequence looked at are of it: for you alone, and without "
            "any change to what is learnt. Clear ends that."
        ),
        alt="A field to type in.",
        words=WATCHED,
        most=MOST_TYPED,
        placeholder=EXAMPLES[kind],
    )


def example_panel() -> WordsPanel:
    """Return the panel that says what the net tells of the sequence looked at."""
    return WordsPanel(
        id="example",
        title="The sequence looked at",
        width=6,
        height=40,
        help="A validation sequence, by its number in the settings, or what is typed; the panels below are of it.",
        alt="What is asked of the sequence looked at, and what the net predicts.",
        keys=(WATCHED,),
    )


def told_panels(spec: SequencesDataSpec, problem: Problem) -> list[Panel]:
    """Return the panel of what is told of the sequence looked at."""
    if spec.forecasts:
        return [_wave_panel(spec.length + 1)]
    if problem.classes:
        return [
            TensorPanel(
                id="arriving",
                title="The prediction, as it arrives",
                width=12,
                height=max(200, 22 * len(problem.classes) + 70),
                help=(
                    "The probability of each answer after each step: the softmax of the last layer's sums, which stand "
                    "in the choice beside it."
                    + (" Each column is of all that was read up to there." if spec.reads_text else "")
                ),
                alt="The probability of each answer after each step that was read.",
                array="arriving",
                tensors=("probabilities", "logits"),
                names=("probabilities", "sums"),
                rows=problem.classes,
                columns=READ,
            )
        ]
    return [
        TensorPanel(
            id="arriving",
            title="The prediction, as it arrives",
            width=12,
            height=130,
            help="The number that the net predicts after each step.",
            alt="The number that is predicted after each step that was read.",
            array="arriving",
            tensors=("logits",),
            signed=True,
            rows=(problem.target,),
            columns=READ,
        )
    ]


def states_panel(spec: RecurrentSpec) -> TensorPanel:
    """Return the panel of hidden states, cells and gates over time."""
    seen = shown(spec)
    return TensorPanel(
        id="states",
        title="What the cells do",
        width=12,
        height=340,
        help=(
            "A row for each unit, a column for each step, with what is read under it. Gates are from 0, shut, to 1, "
            "open; a hidden state is from −1 to 1, but with ReLU. Click a number to see what it is made of."
        ),
        alt="Heatmap of a state or a gate: units by steps.",
        array="states",
        tensors=tuple(seen),
        names=tuple(seen.values()),
        signed=True,
        columns=READ,
    )


def unrolled_panel(spec: RecurrentSpec) -> UnrolledPanel:
    """Return the panel of the net as it is unrolled over time."""
    return UnrolledPanel(
        id="unrolled",
        title="The net, unrolled over time",
        width=12,
        height=150 + 70 * len(spec.cells),
        help=(
            "The same cell at every step: below what it reads, above what it predicts, where something is asked. The "
            "colour of a box is how large its hidden state is; the arrows are as wide as the gradient that comes back."
        ),
        alt="The net unrolled over time: what is read, the cells, what is predicted, and how large the gradient is.",
        state="unrolled.state",
        gradient="unrolled.gradient",
        columns=READ,
        told=TOLD,
        layers=tuple(cell_title(cell).replace(", ", ".") for cell in spec.cells),
    )


def time_panel(spec: RecurrentSpec) -> TensorPanel:
    """Return the panel of the gradient through time."""
    return TensorPanel(
        id="through-time",
        title="Gradient through time",
        width=12,
        height=70 + 44 * len(spec.cells),
        help=(
            "|dL/dh| for each step: how much the loss would change with the hidden state there. Where it is lost on "
            "its way back, nothing is learnt of what was read before; where it grows with each step, it explodes."
        ),
        alt="The length of the gradient of the loss by the hidden state: cells by steps.",
        array="unrolled",
        tensors=("log_gradient", "gradient"),
        names=("as a power of ten", "|dL/dh|"),
        rows=tuple(map(cell_title, spec.cells)),
        columns=READ,
    )


def answer_panels(spec: SequencesDataSpec, problem: Problem) -> list[Panel]:
    """Return the panel of how numbers told compare with those asked, over many sequences."""
    if spec.forecasts:
        return [_errors_panel()]
    return [_asked_panel(problem)] if spec.sequences == ADDING else []


def _wave_panel(steps: int) -> PlotPanel:
    """Return the panel of the wave looked at, of so many numbers, with its forecasts."""
    traces = [
        curve("true", "#999999", line={"width": 1.5, "dash": "dot"}),
        {**curve("measured", CLASS_COLOURS[0]), "mode": "markers", "marker": {"color": CLASS_COLOURS[0], "size": 5}},
        curve("one step ahead", CLASS_COLOURS[2]),
        curve("free", CLASS_COLOURS[6]),
    ]
    for trace in traces:
        trace["x"] = list(range(steps))
    return PlotPanel(
        id="wave",
        title="The wave, and how the net thinks it goes on",
        width=12,
        height=280,
        help=(
            "Green: each number is predicted from all those measured before. Red: from the middle on the net reads its "
            "own forecasts, and nothing else."
        ),
        alt="A wave as it was measured, its forecast one step ahead, and the forecast that runs free.",
        figure=figure(traces, "step of the wave", ""),
        bindings=tuple(
            Bind(trace, "y", f"forecast.{name}") for trace, name in enumerate(("true", "measured", "one", "free"))
        ),
    )


def _errors_panel() -> PlotPanel:
    """Return the panel of the errors of forecasts, with those of who says that nothing changes."""
    dashes = {"one": "solid", "free": "solid", "naive": "dot", "naive_free": "dot"}
    colours = {"one": CLASS_COLOURS[2], "free": CLASS_COLOURS[6], "naive": CLASS_COLOURS[2]}
    traces = [
        curve(title, colours.get(name, CLASS_COLOURS[6]), line={"dash": dashes[name]})
        for name, title in ROOT_MEAN_SQUARES.items()
    ]
    return PlotPanel(
        id="forecast-errors",
        title="Errors of the forecasts",
        width=12,
        height=260,
        help=(
            "Root mean square errors on validation waves, against the waves without noise. Naive is who says that it "
            "stays as it was last measured: a net that is no better has learnt nothing."
        ),
        alt="Curves of the errors of forecasts over steps, beside those of the naive ones.",
        figure=figure_over_steps(traces, ""),
        bindings=tuple(Bind(at, "y", f"forecast.{name}", "series") for at, name in enumerate(ROOT_MEAN_SQUARES)),
        log=True,
    )


def _asked_panel(problem: Problem) -> PlotPanel:
    """Return the panel of asked against told numbers."""
    line = {"type": "scatter", "mode": "lines", "x": [0, 2], "y": [0, 2], "name": "right", "hoverinfo": "skip"}
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": "validation",
        "x": [],
        "y": [],
        "marker": {"color": VALIDATION_COLOUR, "size": 6, "opacity": 0.7},
        "hovertemplate": "asked %{x:.3f}, predicted %{y:.3f}<extra></extra>",
    }
    return PlotPanel(
        id="asked",
        title=f"The {problem.target} asked against the {problem.target} predicted",
        width=12,
        height=300,
        help="A dot for each validation sequence; on the line all are right. Who has no memory predicts 1 for all.",
        alt="Scatter plot of what is asked against what is predicted of validation sequences.",
        figure=figure([{**line, "line": {"color": TRAIN_COLOUR, "width": 1}}, dots], "asked", "predicted"),
        bindings=(Bind(1, "x", "told.asked"), Bind(1, "y", "told.told")),
    )
