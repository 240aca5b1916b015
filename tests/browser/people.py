"""People at a browser: how one reads a page, types, walks through a cycle and through a meeting."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PROJECTOR = {"width": 1920, "height": 1080}
# The name of what has the focus: its label, else what stands on it.
FOCUSED = """one => [one.tagName, (one.getAttribute("aria-label") || one.innerText || "").trim()]"""
# How a control looks once what the focus sets moving has come to rest.
OUTLINE = """async one => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const moving = document.getAnimations().filter(each =>
        each.playState === "running" && each.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map(each => each.finished));
    return [one, one.parentElement, one.parentElement.parentElement].map(box => {
        const style = getComputedStyle(box);
        return [style.outlineStyle, style.boxShadow, style.borderColor].join();
    }).join();
}"""


def picked(page: Page, label: str, option: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Opens a list and picks from it.

    A list closes when what lies under it is drawn again, as it is while a popover opens: then it is
    opened once more, as a person would.
    """
    box = page.get_by_role("combobox", name=label)
    found = page.get_by_role("option", name=option, exact=exact)
    for _ in range(10):
        box.focus()
        box.press("ArrowDown")
        try:
            found.click(timeout=3_000)
        except PlaywrightTimeoutError:
            continue
        page.wait_for_timeout(300)
        return
    pytest.fail(f"{label} offers no {option}")


class Reader:
    """A person at a browser.

    Attributes:
        name: Who speaks, said again wherever a page asks.
    """

    def __init__(self, page: Page, settled: Any, watched: Any, url: str):
        self.page = page
        self.url, self._settled = url, settled
        self.seen = watched(self.page, url)
        self.name = "Petra Manager"

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}/{path}")
        self.rest()

    def rest(self) -> None:
        self.page.wait_for_timeout(400)
        self._settled(self.page)

    def is_(self, name: str) -> None:
        """Says who is speaking."""
        self.name = name
        self.choose("You are", name)
        self.rest()

    def at(self, url: str) -> None:
        """Opens a link and says who is speaking, where that is asked."""
        self.page.goto(url)
        self.rest()
        self.named()

    def again(self) -> None:
        """The same page once more."""
        self.page.reload()
        self.rest()
        self.named()

    def named(self) -> None:
        """Says who is speaking, where the page asks."""
        if self.page.get_by_text("Who are you?").count():
            self.is_(self.name)

    def click(self, name: str, then: str) -> None:
        """Presses a button and waits for what must be said then."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.says(then)

    def says(self, text: str) -> None:
        self.tells(text)
        self.rest()

    def tells(self, *texts: str) -> None:
        """All of it is to be read on the page, or comes to be."""
        for text in texts:
            expect(self.page.get_by_text(re.compile(re.escape(text))).first).to_be_visible()

    def width(self) -> int:
        """How wide the page is, of which a screen may show less."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth"))

    def barriers(self) -> list[tuple[str, str]]:
        """What axe finds that is serious: its rule, and the element."""
        # The menu, which is a list of its own on a phone, is Streamlit's.
        found = Axe().run(self.page, context="[data-testid=stMain]").response["violations"]
        return [
            (item["id"], node["html"][:200])
            for item in found
            if item["impact"] in {"serious", "critical"}
            for node in item["nodes"]
        ]

    def body(self) -> str:
        """All that the page says below its head."""
        return str(self.page.get_by_test_id("stMain").inner_text())

    def fill(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        # What was there before the last run may still stand beside it.
        expect(field).to_have_count(1)
        field.fill(text)

    def choose(self, label: str, option: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Picks one of several things; `exact` where another one begins with the same words."""
        picked(self.page, label, option, exact=exact)

    def unfold(self, text: str) -> None:
        """Opens what is folded, and waits until nothing moves."""
        self.page.get_by_text(text, exact=True).first.click()
        self.page.wait_for_timeout(700)

    def date(self, label: str, day: str) -> None:
        """A date is typed part by part."""
        group = self.page.get_by_role("group", name=label).first
        group.get_by_role("spinbutton").first.click()
        self.page.keyboard.type(day.replace("-", ""))

    def dated(self, label: str, day: str) -> None:
        """Types a date and leaves its field; where that does not close the calendar, Escape."""
        self.date(label, day)
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(300)
        if self.page.get_by_role("grid").count():
            self.page.keyboard.press("Escape")
            expect(self.page.get_by_role("grid")).to_have_count(0)

    def tab_to(self, name: str) -> str:
        """Goes on with the keyboard until a control has the focus; how it looks then."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focus = self.page.locator(":focus")
            if not focus.count():
                continue
            tag, said = focus.first.evaluate(FOCUSED)
            is_control = tag in {"BUTTON", "INPUT", "A", "TEXTAREA", "DIV"} and len(said) < 90
            if is_control and name in said and not said.startswith("Help"):
                return str(focus.first.evaluate(OUTLINE))
        pytest.fail(f"{name} is not reached with Tab")

    def key(self, name: str, then: str) -> None:
        """Presses a key outside of any field and waits for what must be said then."""
        # A key typed into a field is text.
        self.page.get_by_role("heading", level=1).click()
        self.page.keyboard.press(name)
        self.says(then)

    def shot(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png")

    def downloaded(self, label: str, place: Path) -> bytes:
        """Takes the page's paper along; what the file holds."""
        self.page.get_by_role("button", name="Take it along").click()
        with self.page.expect_download(timeout=60_000) as download:
            self.page.get_by_role("button", name=label, exact=True).click()
        download.value.save_as(place)
        self.page.keyboard.press("Escape")
        return place.read_bytes()

    def turn(self, is_there: Callable[[], object], way: str = "ArrowRight") -> None:
        """Turns the pages of a meeting until a screen is there."""
        for _ in range(20):
            if is_there():
                return
            self.page.keyboard.press(way)
            self.rest()
        pytest.fail("no screen of the meeting shows it")

    def turn_to(self, heading: str) -> None:
        """Turns the pages until a screen has this heading."""
        self.turn(lambda: self.page.get_by_role("heading", name=heading, exact=True).count())

    def steps(self) -> int:
        """How many screens the meeting has."""
        told = self.page.get_by_text(re.compile(r"^\d+ of \d+$")).first.inner_text()
        return int(told.split(" of ")[1])

    def begin(self, metric: str, smallest: str, owner: str = "") -> None:
        """From a metric to a filled-in plan, with the mouse."""
        self.open(f"new-cycle?metric={metric}")
        self.named()
        self.answer(smallest, owner)

    def answer(self, smallest: str, owner: str = "") -> None:
        """Types what light rigour asks for, and lets the rest of the plan be filled in."""
        self.fill("What do we change?", "Reports are made with one click")
        self.fill("Why should it help?", "Today it takes five clicks")
        self.fill("Smallest change worth having", smallest)
        if owner:
            self.choose("Who owns it?", owner)
        self.date("When does it go live?", "2026-03-02")
        self.click("Fill in the plan", "The plan is filled in")

    def later(self, product: Any, steady: ModuleType, now: datetime) -> None:
        """The clock of simulated data stands still: the test moves it, and time has passed."""
        steady.move_clock(product.folder, now)
        self.again()

    def to_waiting(self, product: Any, steady: ModuleType, folder: Path) -> None:
        """Lock and Do; the Check has begun and waits for its day."""
        self.click("Lock the plan", "The plan is locked")
        self.click("Start", "is under way")
        self.later(product, steady, steady.LIVE + timedelta(hours=6))
        self.click("Done", "is done")
        self.click("Begin the Check", "the Check has begun")
        self.says("Nothing is judged before")
        assert self.page.get_by_role("button", name="Run the Check").count() == 0
        self.shot(folder, "waiting")

    def to_check(self, product: Any, steady: ModuleType, folder: Path) -> None:
        """Lock, Do, and the eight weeks after it."""
        self.to_waiting(product, steady, folder)
        self.later(product, steady, steady.LIVE + timedelta(weeks=9, hours=6))
