"""Two questions a supervisor asks: is the process alive, and may people be sent to it?"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

NO_STORE = {"Cache-Control": "no-store"}


async def live(_request: Request) -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("live", headers=NO_STORE)


async def ready(_request: Request) -> PlainTextResponse:
    """Pages open. The server only listens after its warm-up, so an answer is a yes.

    Before the first snapshot too: the page then says what to do.
    """
    return PlainTextResponse("ready", headers=NO_STORE)


ROUTES = [Route("/healthz/live", live), Route("/healthz/ready", ready)]
