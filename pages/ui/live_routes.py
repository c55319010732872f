"""The routes of our own beside Streamlit's: the live stream of a run, maps of words, and the files that draw both."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress

from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from engine.errors import LearnscopeError, RunNotFound
from engine.runs import messages
from pages.ui import live_assets, map_routes, rights
from pages.ui.house import hub
from pages.ui.live_socket import GONE, LiveSocket
from pages.ui.places import base_path
from pages.ui.words import upload_route, vectors_route

LIVE = "/live"
PROTOCOL = "learnscope"
POLICY_VIOLATION = 1008
RUN_UNKNOWN = 4404
SERVER_ERROR = 1011
_LOGGER = logging.getLogger(__name__)

GUARDS: Mapping[str, str] = {
    f"{LIVE}/runs/{{run_id}}": "Host, Origin, and a signed right to this run; commands need control of it just then",
    f"{LIVE}/assets/{{version}}/{{file:path}}": "Host; public files of a fixed table",
    **{f"{LIVE}{path}": guard for path, guard in map_routes.GUARDS.items()},
    **{f"{LIVE}{path}": guard for path, guard in upload_route.GUARDS.items()},
    **{f"{LIVE}{path}": guard for path, guard in vectors_route.GUARDS.items()},
}
"""What stands before each of our routes; a test holds it against the routes that there are."""


def live_routes() -> Sequence[BaseRoute]:
    """Return our routes, below the path under which the whole app is served (Streamlit does not prefix them itself)."""
    stream, files, of_map, score, upload, text, images, sequences, models, vectors = (
        base_path() + path for path in GUARDS
    )
    return [
        WebSocketRoute(stream, watch_run),
        Route(files, live_assets.serve, methods=["GET"]),
        Route(of_map, map_routes.serve, methods=["GET"]),
        Route(score, map_routes.serve_score, methods=["GET"]),
        Route(upload, upload_route.take, methods=["PUT"]),
        Route(text, upload_route.take_text, methods=["PUT"]),
        Route(images, upload_route.take_images, methods=["PUT"]),
        Route(sequences, upload_route.take_sequences, methods=["PUT"]),
        Route(models, upload_route.take_models, methods=["PUT"]),
        Route(vectors, vectors_route.serve, methods=["GET"]),
    ]


async def watch_run(socket: WebSocket) -> None:
    """Let a browser watch a run, if it shows a right to it; without one the handshake is refused with 403.

    With ``?only=scalars`` it is sent no frames: of a run that is nothing but a curve among others.
    """
    right = _right(socket)
    if right is None:
        await socket.close(POLICY_VIOLATION)
        return
    await socket.accept(PROTOCOL)
    try:
        frames = socket.query_params.get("only") != "scalars"
        await LiveSocket(socket, await asyncio.to_thread(hub), right, frames=frames).talk()
    except RunNotFound:
        await _close(socket, RUN_UNKNOWN, "No run has this id.")
    except LearnscopeError as error:
        _LOGGER.warning("The stream of run %s broke off: %s", right.run, error)
        with suppress(*GONE):  # it comes back, and is told again for as long as that lasts
            await socket.send_bytes(messages.refused(str(error)))
        await _close(socket, SERVER_ERROR, "The stream broke off.")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    with suppress(*GONE):
        await socket.close(code, reason=reason)


def _right(socket: WebSocket) -> rights.Right | None:
    """Return the right that the second subprotocol of the handshake holds."""
    offered = socket.scope["subprotocols"]
    if len(offered) != 2 or offered[0] != PROTOCOL:
        return None
    return rights.read(offered[1], socket.path_params["run_id"], socket.cookies)
