"""A number that is followed, and a browser that says late what stood there, or was clicked, before."""

import asyncio
import json

from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.pages.test_late_kernel import click_on
from tests.pages.test_late_requests import query_of, widget
from tests.pages.visitor import Visit, visit

PLACE = "hide=note&follow.layer=features.c3&follow.unit=5&follow.row=3&follow.column=6"


def test_what_is_followed_stays_though_a_browser_says_late_what_was_chosen_before(app_server: AppServer) -> None:
    async def scene() -> None:
        async with visit(app_server, "vision", PLACE) as person:
            await answered(person)
            fields = {field(person, "Row of the output"): 3, field(person, "Column of the output"): 6}
            clicked = {charts(person)[2]: json.dumps(click_on(9 * 10 + 1))}
            await person.rerun(query_of(person), **fields, **clicked)
            assert place(person) == ("features.c3", "5", "9", "1")
            await person.rerun(query_of(person), **fields)
            assert place(person) == ("features.c3", "5", "9", "1"), "the fields before the click are no choice"
            unit = {field(person, "Map"): 5}
            wall = {charts(person)[0]: json.dumps(click_on(2))}
            await person.rerun(query_of(person), **unit, **wall)
            assert place(person) == ("features.c3", "2", "9", "1")
            await person.rerun(query_of(person), **unit, **fields, **clicked)
            assert place(person) == ("features.c3", "2", "9", "1"), "nor are those of another map"
            back = next(one for one in buttons(person) if one.label.startswith("Back to"))
            await person.rerun(query_of(person), press=back.id)
            assert place(person)[0] == "features.s2"
            await person.rerun(query_of(person), **unit, **fields, **clicked)
            assert place(person)[0] == "features.s2", "what stood there before it was left is no choice"

    asyncio.run(scene())


async def answered(person: Visit) -> None:
    """Look again until the net has answered."""
    async with asyncio.timeout(PATIENCE):
        while not charts(person):
            await asyncio.sleep(0.1)
            await person.rerun(query_of(person))


def place(person: Visit) -> tuple[str, ...]:
    """Return which number is followed."""
    return tuple(person.address.get(f"follow.{name}", "") for name in ("layer", "unit", "row", "column"))


def field(person: Visit, label: str) -> str:
    return widget(person, "number_input", label).id


def charts(person: Visit) -> list[str]:
    """Return the ids of the pictures that can be clicked on: the units, the inputs, the output."""
    found = [element.plotly_chart for element in person.elements if element.WhichOneof("type") == "plotly_chart"]
    return [chart.id for chart in found if chart.selection_mode]


def buttons(person: Visit) -> list:
    return [element.button for element in person.elements if element.WhichOneof("type") == "button"]
