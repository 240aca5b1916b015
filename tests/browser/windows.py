"""Windows of one Chromium, each with a memory of its own; warm ones are lent before new ones.

A window that has shown the dashboard before keeps its scripts compiled and draws a page in half the
time. What a test left in it is cleared when it is given back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from playwright.sync_api import Error as PlaywrightError

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
Window = Callable[..., Page]


class Windows:
    """Lends windows to one test after the other."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._warm: dict[bool, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lent(self) -> Iterator[Window]:
        """`window(viewport=…, color_scheme=…)` → the empty page of a window of its own."""
        taken: list[tuple[bool, BrowserContext]] = []

        def window(
            *,
            viewport: ViewportSize = DESKTOP,
            color_scheme: str = "light",
            bypass_csp: bool = False,
        ) -> Page:
            warm = self._warm[bypass_csp]
            context = warm.pop() if warm else self._browser.new_context(bypass_csp=bypass_csp)
            taken.append((bypass_csp, context))
            page = context.new_page()
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
            return page

        yield window
        for bypass_csp, context in taken:
            if _cleared(context):
                self._warm[bypass_csp].append(context)


def _cleared(context: BrowserContext) -> bool:
    """Whether nothing is left of what a test did; else the window is closed."""
    try:
        for page in context.pages:
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear()")
            page.close()
        context.clear_cookies()
    except PlaywrightError:
        context.close()
        return False
    return True
