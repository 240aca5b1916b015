"""The ASGI entry: `uvicorn dashboard.app:app` serves the workspace in LAUNCHLOOP_WORKSPACE."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import health, page_shell
from dashboard.headers import SecurityHeaders
from dashboard.page_error import page_failed
from dashboard.page_shell import PageShell
from dashboard.warm_up import warm_up

ROUTER = Path(__file__).with_name("router.py")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Loads what every page needs, then takes it out of the garbage collector's sight.

    Each run of a page ends with a full collection. With the libraries among the objects to
    look at it costs 45 ms of CPU a rerun, more than the page itself.
    """
    warm_up()
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


app = st.App(
    ROUTER,
    routes=[*health.ROUTES, *page_shell.ROUTES],
    middleware=[Middleware(SecurityHeaders), Middleware(PageShell)],
    lifespan=lifespan,
    on_script_error=page_failed,
)
