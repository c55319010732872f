"""Large answers go out in portions, so that of one that nobody takes only a portion waits in memory.

uvicorn takes a whole body at once, and asyncio copies it for each connection. Somebody who asks a few hundred times for
a file of megabytes, and reads none of it, would take all the memory there is.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PORTION = 2**16
"""As much as uvicorn lets wait before it waits itself."""


class Portions:
    """ASGI middleware: sends a body of more than ``PORTION`` bytes in as many parts as it takes, each when the one
    before is on its way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, and portion what it sends."""

        async def in_portions(message: Message) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body" or len(body) <= PORTION:
                await send(message)
                return
            more = message.get("more_body", False)
            for start in range(0, len(body), PORTION):
                end = start + PORTION
                await send({**message, "body": body[start:end], "more_body": more or end < len(body)})

        await self.app(scope, receive, in_portions if scope["type"] == "http" else send)
