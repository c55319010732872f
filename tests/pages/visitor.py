"""A browser without a browser: opens a page over Streamlit's own WebSocket and reads what the page sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from tests.app_server import AppServer
from tests.browser import PATIENCE


@dataclass
class Visit:
    """What one run of a page's script has sent: the address it wrote, its elements, and what went wrong; ``fragments``
    are those that elements of a kind were drawn by.
    """

    socket: ClientConnection
    page: str
    address: dict[str, str] = field(default_factory=dict)
    elements: list = field(default_factory=list)
    fragments: dict[str, str] = field(default_factory=dict)
    session: str = ""

    @property
    def run(self) -> str:
        return self.address["run"]

    @property
    def exceptions(self) -> list[str]:
        return [
            f"{e.exception.type}: {e.exception.message}" for e in self.elements if e.WhichOneof("type") == "exception"
        ]

    @property
    def alerts(self) -> list[str]:
        return [element.alert.body for element in self.elements if element.WhichOneof("type") == "alert"]

    async def rerun(
        self, query: str = "", fragment: str = "", press: str = "", back: bool = False, **said: str | bool | int
    ) -> None:
        """Ask for a run of the script, or of a fragment of it, and read until it has ended.

        ``said`` is what stands in widgets, by their ids; a browser sends those of all widgets each time. ``press`` is
        the button that is pressed. With ``back`` it is the browser's back or forward that asks.
        """
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = self.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_history_navigation = back
        widgets = message.rerun_script.widget_states.widgets
        for widget, value in said.items():
            if isinstance(value, bool):
                widgets.add(id=widget, bool_value=value)
            elif isinstance(value, int):
                widgets.add(id=widget, int_value=value)
            else:
                widgets.add(id=widget, string_value=value)
        if press:
            widgets.add(id=press, trigger_value=True)
        await self.socket.send(message.SerializeToString())
        self.elements.clear()
        if back:
            self.address = _read(query)
        while True:
            answer = ForwardMsg.FromString(await self.socket.recv())
            match answer.WhichOneof("type"):
                case "page_info_changed":
                    self.address = _read(answer.page_info_changed.query_string)
                case "new_session":
                    self.session = answer.new_session.initialize.session_id
                case "delta" if answer.delta.WhichOneof("type") == "new_element":
                    self.elements.append(answer.delta.new_element)
                    self.fragments[str(answer.delta.new_element.WhichOneof("type"))] = answer.delta.fragment_id
                case "script_finished":
                    return


def _read(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@asynccontextmanager
async def visit(server: AppServer, page: str = "playground", query: str = "", **headers: str) -> AsyncIterator[Visit]:
    """Open a page and wait until its script has run once."""
    address = f"ws://{server.host}{server.prefix}/_stcore/stream"
    async with websockets.connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=f"http://{server.host}",  # type: ignore[arg-type]
        additional_headers=headers,
        max_size=2**25,
        close_timeout=1,
        open_timeout=PATIENCE,
        ping_timeout=PATIENCE,
    ) as socket:
        seen = Visit(socket, page, _read(query))
        await seen.rerun(query)
        yield seen
