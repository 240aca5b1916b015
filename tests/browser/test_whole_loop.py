"""The whole loop in a real browser: from a metric's card to a room, its minutes and their paper.

Once in a team, where a second person signs and the standard changes; once by one person alone, who
keeps what is not proven.
"""

import importlib.util
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import expect

from pipelines.reviews.after_refresh import after_refresh

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PROJECTOR = {"width": 1920, "height": 1080}
CYCLE, WHY = "Reports are made with one click", "Nobody wants the five clicks back"
# In the order of the first page.
CARDS = ("Reports per user", "Exports per user")
HELD_ON, KEPT_IN = "2026-04-29", "LAUNCHLOOP_SHOTS"
WORDS = Path(__file__).parents[1] / "dashboard" / "reports" / "pdf_words.py"
# The smallest text that is read from the back of a room, in pixels of a projector.
READ_FROM_BEHIND = 28
# What the facilitator presses, and the labels above what is read.
IS_ASIDE = """one => one.closest(`button, a, label, [data-testid=stCaptionContainer],
    [data-testid=stMetricLabel]`) !== null"""
FONT_SIZE = "one => parseFloat(getComputedStyle(one).fontSize)"


@pytest.fixture
def product(
    request: pytest.FixtureRequest, steady: ModuleType, served: Any, tmp_path: Path
) -> Iterator[Any]:
    """A workspace of one's own, with the people that a test asks for."""
    folder = steady.write(tmp_path / "workspace", getattr(steady, request.param))
    yield from served(folder, tmp_path)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures of each step are kept: the folder that LAUNCHLOOP_SHOTS names, if any."""
    folder = Path(os.environ.get(KEPT_IN, tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def printed() -> Any:
    """`printed(pdf)` → the words of a PDF without its blanks."""
    spec = importlib.util.spec_from_file_location("launchloop_pdf_words", WORDS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda pdf: _bare("".join(module.Document(pdf).pages()))


def _bare(text: str) -> str:
    """Without blanks, which a PDF places instead of writing."""
    return re.sub(r"\s", "", text)


def improve(person: Any, metric: str, smallest: str, folder: Path) -> str:
    """From a metric's card to a plan that is filled in; the cycle's link."""
    person.open("")
    person.shot(folder, "01_cards")
    cards = person.page.get_by_role("button", name="Improve this")
    cards.nth(CARDS.index(metric)).click()
    person.rest()
    person.named()
    person.says(metric)
    person.answer(smallest)
    person.shot(folder, "02_plan")
    return str(person.page.url)


def refreshed(person: Any, product: Any, steady: ModuleType, now: datetime) -> None:
    """Time has passed, and `launchloop refresh` has run with all that follows it."""
    steady.move_clock(product.folder, now)
    after_refresh(product.folder, pytest.fail)
    person.again()


def scheduled(person: Any, notes: str, folder: Path) -> str:
    """A weekly review two days after the Check falls due; its link."""
    person.open("meeting")
    person.named()
    person.dated("When?", HELD_ON)
    if notes:
        person.choose("Who takes notes?", notes)
    person.click("Schedule", "Scheduled.")
    assert "The Check has been due" not in person.body()
    person.shot(folder, "04_scheduled")
    return str(person.page.url)


def sent(person: Any, review: str, folder: Path) -> bytes:
    """Sends the pre-read, which brings the due Check along by itself; its PDF."""
    person.at(review)
    person.click("Send the pre-read", "The numbers are frozen and the pre-read is marked as sent.")
    person.says("The Check has been due since 27 Apr 2026.")
    person.shot(folder, "05_preread")
    return bytes(person.downloaded("PDF", folder / "preread.pdf"))


def readable_from_behind(person: Any) -> None:
    """What all look at is large; the number that it is about is far larger."""
    screen = person.page.locator(".st-key-room_screen")
    texts = screen.locator("[data-testid=stMarkdownContainer] > p").all()
    said = [each for each in texts if each.is_visible() and not each.evaluate(IS_ASIDE)]
    assert said
    assert min(float(each.evaluate(FONT_SIZE)) for each in said) >= READ_FROM_BEHIND
    number = screen.get_by_test_id("stMetricValue").first
    assert float(number.evaluate(FONT_SIZE)) >= 3 * READ_FROM_BEHIND


def shown_everywhere(reader: Any, url: str, place: Path) -> None:
    """Pictures of a page on a wall, in light and dark, and on a phone; only to be looked at."""
    if KEPT_IN not in os.environ:
        return
    for scheme, size in (("light", PROJECTOR), ("dark", PROJECTOR), ("light", PHONE)):
        other = reader(url, viewport=size, color_scheme=scheme)
        other.at(url)
        other.shot(place.parent, f"{place.name}_{scheme}_{size['width']}")


def held(person: Any, folder: Path, title: str, owner: str) -> None:
    """Goes through the screens that are not about the cycle, and back to its Check."""
    person.says("What worked, and whom to thank")
    last = person.steps()
    for place in range(1, last):
        person.says(f"{place} of {last}")
        if person.page.get_by_role("button", name="Discussed").count():
            person.page.keyboard.press("m")
            expect(person.page.get_by_role("button", name="Discussed")).to_have_count(0)
            person.rest()
        person.page.keyboard.press("ArrowRight")
    person.says(f"{last} of {last}")
    person.turn(lambda: person.page.get_by_text("What we predicted").count(), "ArrowLeft")
    person.key("f", "What is to be done?")
    person.fill("What is to be done?", title)
    person.choose("Who does it?", owner)
    person.dated("By when?", "2026-05-20")
    person.click("Record the follow-up", f"Promised: {title}")
    person.shot(folder, "07_room")


def minuted(person: Any, folder: Path, *others: str) -> str:
    """From the read-back to published minutes; all that they say."""
    person.turn(lambda: person.page.get_by_role("button", name="End the meeting").count())
    for name in (person.name, *others):
        person.click(name, f"{name} is here.")
    person.shot(folder, "10_read_back")
    person.key("e", "The meeting is over.")
    person.shot(folder, "11_draft")
    person.click("Publish the minutes", "Published. The hash begins with")
    person.shot(folder, "12_minutes")
    return str(person.body())


def to_room(person: Any, product: Any, steady: ModuleType, printed: Any, folder: Path) -> str:
    """Time passes, refreshes run, the Check falls due, the pre-read goes out; the review's link.

    The review is scheduled before the Check is due, which finds its way to the agenda by itself.
    """
    notes = "Dan Developer" if folder.name == "team" else ""
    person.to_waiting(product, steady, folder)
    refreshed(person, product, steady, steady.LIVE + timedelta(weeks=7, hours=6))
    review = scheduled(person, notes, folder)
    refreshed(person, product, steady, steady.LIVE + timedelta(weeks=8, hours=6))
    assert _bare(CYCLE) in printed(sent(person, review, folder))
    refreshed(person, product, steady, steady.LIVE + timedelta(weeks=8, days=2, hours=7))
    return review


def second_signs(person: Any, room: str, folder: Path) -> None:
    """In the room, at a browser of one's own."""
    person.at(room)
    person.says("What we predicted")
    person.key("s", "Sign and decide")
    person.shot(folder, "08_signing")
    person.click("Sign the verdict", "Signed “Improved” by Dan Developer")
    assert "/room" in person.page.url


def standardised(person: Any, folder: Path) -> None:
    """Decides in the room, and stays there."""
    person.again()
    person.key("s", "Why do we decide so?")
    person.fill("Why do we decide so?", WHY)
    person.fill("What did we learn?", "One click is enough")
    person.fill("Link to the standard", "https://wiki.example.com/reports")
    person.choose("Who looks after it?", "Dan Developer")
    person.shot(folder, "08_deciding")
    person.click("Standardise and close", "Closed: Standardise.")
    assert "/room" in person.page.url
    person.shot(folder, "09_decided")


def kept(person: Any, folder: Path) -> None:
    """Signs and decides alone, in the room."""
    person.key("s", "Sign and decide")
    person.click("Sign the verdict", "(self-signed)")
    person.key("s", "Why do we decide so?")
    person.page.get_by_role("radio", name="Keep").click()
    person.says("kept, not proven")
    person.fill("Why do we decide so?", WHY)
    person.shot(folder, "08_deciding")
    person.click("Keep and close", "Closed: Keep.")
    assert "/room" in person.page.url
    person.shot(folder, "09_decided")


def on_paper(person: Any, printed: Any, place: Path, *said: str) -> None:
    """The page's PDF says all this."""
    words = printed(person.downloaded("PDF", place))
    for text in said:
        assert _bare(text) in words


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_a_team_goes_from_a_card_to_minutes_on_paper_and_a_second_person_signs(
    product: Any, reader: Any, steady: ModuleType, printed: Any, shots: Path
) -> None:
    folder = shots / "team"
    folder.mkdir(exist_ok=True)
    manager, developer = reader(product.url), reader(product.url)
    developer.name = "Dan Developer"
    cycle = improve(manager, "Reports per user", "0.5", folder)
    review = to_room(manager, product, steady, printed, folder)
    manager.page.set_viewport_size(PROJECTOR)
    manager.at(review)
    manager.click("Start the meeting", "What worked, and whom to thank")
    held(manager, folder, "Tell support about the one click", "Dan Developer")
    readable_from_behind(manager)
    second_signs(developer, manager.page.url, folder)
    standardised(manager, folder)
    shown_everywhere(reader, manager.page.url, folder / "room")

    minutes, decision = minuted(manager, folder, developer.name), f"Standardise: {CYCLE}"
    verdict = next(line for line in minutes.splitlines() if line.startswith("Improved."))
    signature = "Signed “Improved” by Dan Developer on 29 Apr 2026."
    for said in (decision, signature, "Tell support about the one click"):
        assert said in minutes
    on_paper(manager, printed, folder / "minutes.pdf", verdict, signature, decision, WHY)
    shown_everywhere(reader, review, folder / "minutes")

    manager.page.set_viewport_size(DESKTOP)
    manager.at(cycle)
    manager.says("Closed")
    manager.shot(folder, "13_cycle")
    on_paper(manager, printed, folder / "cycle.pdf", verdict, "Standardise", WHY)
    shown_everywhere(reader, cycle, folder / "cycle")
    assert manager.seen.errors == developer.seen.errors == []
    assert manager.seen.outside == developer.seen.outside == []


@pytest.mark.parametrize("product", ["OWNER"], indirect=True)
def test_one_person_alone_goes_the_same_way_and_keeps_what_is_not_proven(
    product: Any, reader: Any, steady: ModuleType, printed: Any, shots: Path
) -> None:
    folder = shots / "alone"
    folder.mkdir(exist_ok=True)
    owner = reader(product.url)
    owner.name = "Olga Owner"
    cycle = improve(owner, "Exports per user", "0.3", folder)
    review = to_room(owner, product, steady, printed, folder)
    owner.at(review)
    owner.click("Start the meeting", "What worked, and whom to thank")
    held(owner, folder, "Look at the exports again", "Olga Owner")
    kept(owner, folder)
    shown_everywhere(reader, owner.page.url, folder / "room")

    minutes, decision = minuted(owner, folder), f"Keep (kept, not proven): {CYCLE}"
    verdict = next(line for line in minutes.splitlines() if line.startswith("Inconclusive."))
    for said in (decision, "(self-signed)", "Look at the exports again"):
        assert said in minutes
    on_paper(owner, printed, folder / "minutes.pdf", verdict, "(self-signed)", decision, WHY)
    owner.at(cycle)
    owner.says("kept, not proven")
    owner.shot(folder, "13_cycle")
    on_paper(owner, printed, folder / "cycle.pdf", verdict, "kept, not proven", WHY)
    assert owner.seen.errors == []
    assert owner.seen.outside == []
