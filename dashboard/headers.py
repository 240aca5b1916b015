"""What every answer of the server forbids a browser, and what the server does not answer."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.page_shell import SCRIPT

# Both answer without a sign-in; neither is needed here.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")


def inline_script_hashes(html: str) -> tuple[str, ...]:
    """CSP sources that allow exactly the inline scripts of a page, in page order.

    >>> inline_script_hashes('<script src="a.js"></script><script>go()</script>')
    ("'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='",)
    """
    bodies = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_security_policy() -> str:
    """The policy: everything from this server, and nothing from anywhere else.

    The hash is computed from the page that Streamlit ships, so that an update of Streamlit
    does not leave a blank screen. Styles are inline because its components write them so.
    """
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    html = f"<script>{SCRIPT}</script>{page.read_text(encoding='utf-8')}"
    scripts = " ".join(("'self'", *inline_script_hashes(html)))
    rules = {
        "default-src": "'self'",
        "script-src": scripts,
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer and closes what is not needed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes websockets on; a plain request is answered with the headers set."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        if scope["path"].startswith(CLOSED):
            closed = PlainTextResponse("Not found", status_code=404)
            await closed(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)
