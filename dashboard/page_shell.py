"""What we add to the head of Streamlit's page: its server, and how paper, rooms and cards look.

Without an address it is found by trial and error: opened at /usage, the page first asks
/usage/_stcore/health, whose 404 browsers log as an error. Every page of ours lies directly below
the server's address, so that address is the folder of the page.
"""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = 'window.__streamlit={BACKEND_BASE_URL:new URL(".",location).href}'
# Style sheet → where it counts.
_STYLES = {"print.css": "print", "room.css": "screen", "cards.css": "screen"}
_LINKS = "".join(
    f'<link rel="stylesheet" media="{media}" href="./paper/{name}">'
    for name, media in _STYLES.items()
)
ADDED = (
    f"<script>{SCRIPT}</script>{_LINKS}"
    '<script src="./paper/print.js" defer></script>'
)  # fmt: skip
_HEAD = b"<head>"
_PAPER = Path(__file__).with_name("paper")


async def _file(request: Request) -> FileResponse:
    """A file of ours by the last part of its address; only those of `ROUTES` are asked for."""
    return FileResponse(_PAPER / Path(request.url.path).name)


ROUTES = [Route(f"/paper/{name}", _file) for name in (*_STYLES, "print.js")]


class PageShell:
    """ASGI middleware: puts what we add first into the head of every page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all but what a browser asks for as a page."""
        asks_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get(
            "accept", ""
        )
        if not asks_page:
            await self.app(scope, receive, send)
            return
        # What is compressed cannot be added to; the page is 5 kB.
        kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": kept}, receive, _Sender(send))


class _Sender:
    """Holds an answer back until it is whole, then sends it with what is added."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
            return
        if self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._release(self.start)

    async def _release(self, start: Message) -> None:
        body = self.body.replace(_HEAD, _HEAD + ADDED.encode(), 1)
        # An answer without a body (304, HEAD) keeps the length it names.
        if self.body:
            MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
