"""How much one session may have uploaded at once: Streamlit keeps what it is sent in memory, until a session ends."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from engine.data.uploads import MAX_UPLOAD_BYTES

MOST_FILES = 20
MOST_BYTES = 20 * 2**20


class UploadQuota:
    """ASGI middleware: refuses (413) what would be too many files of a session, or too many bytes.

    ``held`` tells the sizes of what is kept of a session; ``prefix`` is the path below which the app is served. What is
    just arriving counts as large as it may be.
    """

    def __init__(self, app: ASGIApp, prefix: str = "", held: Callable[[str], Sequence[int]] | None = None) -> None:
        self.app = app
        self.uploads = f"{prefix}/_stcore/upload_file/"
        self.held = held or sizes_held
        self.arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is room for."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(self.uploads):
            await self.app(scope, receive, send)
            return
        session = scope["path"].removeprefix(self.uploads).partition("/")[0]
        if self._is_full(session):
            answer = PlainTextResponse("Too much was uploaded since this page was opened: reload the page.", 413)
            await answer(scope, receive, send)
            return
        self.arriving[session] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.arriving[session] -= 1
            self.arriving += Counter()  # forgets who is at 0

    def _is_full(self, session: str) -> bool:
        sizes, arriving = self.held(session), self.arriving[session]
        too_large = sum(sizes) + (arriving + 1) * MAX_UPLOAD_BYTES > MOST_BYTES
        return too_large or len(sizes) + arriving >= MOST_FILES


def sizes_held(session: str) -> list[int]:
    """Return the sizes of the files that Streamlit holds of a session."""
    manager: Any = runtime.get_instance().uploaded_file_mgr
    return [len(file.data) for file in list(manager.file_storage.get(session, {}).values())]
