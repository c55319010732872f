"""A kernel that slides, and a browser that says late what stood there, or was clicked, before."""

import asyncio
import json
from typing import Any

from tests.app_server import AppServer
from tests.pages.test_late_requests import query_of, widget
from tests.pages.visitor import Visit, visit


def test_a_place_of_the_output_stays_though_a_browser_says_late_what_was_chosen_before(app_server: AppServer) -> None:
    """It is chosen by a click, or by its row and column: whichever was last, the other says its own once more."""

    async def scene() -> None:
        async with visit(app_server, "vision", "kernel.row=3&kernel.column=4") as person:
            fields = {row_field(person): 3, column_field(person): 4}
            clicked = {output(person): json.dumps(click_on(26 * 7 + 9))}
            await person.rerun(query_of(person), **fields, **clicked)
            assert chosen_place(person) == ("8", "10")
            await person.rerun(query_of(person), **fields)
            assert chosen_place(person) == ("8", "10"), "the fields before the click are no choice"
            typed = {row_field(person): 20, column_field(person): 10}
            await person.rerun(query_of(person), **typed)
            assert chosen_place(person) == ("20", "10")
            await person.rerun(query_of(person), **typed, **clicked)
            assert chosen_place(person) == ("20", "10"), "the picture before is clicked on no more"
            again = {output(person): json.dumps(click_on(26 * 7 + 9))}
            await person.rerun(query_of(person), **typed, **again)
            assert chosen_place(person) == ("8", "10"), "the same cell can be clicked again"

    asyncio.run(scene())


def test_an_example_of_a_kernel_stays_though_a_browser_says_late_what_stood_there(app_server: AppServer) -> None:
    async def scene() -> None:
        async with visit(app_server, "vision") as person:
            late = {widget(person, "selectbox", "Kernel").id: "Emboss"}
            await person.rerun(query_of(person), **late)
            assert person.address["kernel.kernel"] == "emboss"
            press = widget(person, "button", "Far sight with nine numbers").id
            await person.rerun(query_of(person), press=press, **late)
            assert (person.address["kernel.kernel"], person.address["kernel.dilation"]) == ("box", "3")
            await person.rerun(query_of(person), **late)
            assert (person.address["kernel.kernel"], person.address["kernel.dilation"]) == ("box", "3")

    asyncio.run(scene())


def click_on(place: int) -> dict[str, Any]:
    return {"selection": {"points": [], "point_indices": [place], "box": [], "lasso": []}}


def chosen_place(person: Visit) -> tuple[str, str]:
    """Return the row and the column of a kernel's output that are written out."""
    return person.address["kernel.row"], person.address["kernel.column"]


def output(person: Visit) -> str:
    """Return the id of a kernel's output, the one picture that can be clicked on."""
    charts = [element.plotly_chart for element in person.elements if element.WhichOneof("type") == "plotly_chart"]
    return next(chart.id for chart in charts if chart.selection_mode)


def row_field(person: Visit) -> str:
    return widget(person, "number_input", "Row of the output").id


def column_field(person: Visit) -> str:
    return widget(person, "number_input", "Column of the output").id
