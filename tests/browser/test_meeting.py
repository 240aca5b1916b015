"""Review meetings in a real browser: from the schedule to minutes that stay as they are."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PROJECTOR = {"width": 1920, "height": 1080}
HELD_ON = "2026-05-04"
DECISION = "One click becomes the way we work"
PROMISE = "Tell support about the one click"
Walk = Callable[..., Any]


@pytest.fixture(scope="module")
def written(steady: ModuleType, held: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held.write(tmp_path_factory.mktemp("held") / "workspace", steady)


@pytest.fixture
def product(written: Path, served: Any, tmp_path: Path) -> Iterator[Any]:
    """A workspace of one's own with a review held, a late promise and a Check that is due."""
    folder = shutil.copytree(written, tmp_path / "workspace")
    yield from served(folder, tmp_path)


def scheduled(person: Any) -> None:
    """A weekly review that Petra leads and Dan writes in, with its agenda made."""
    person.open("meeting")
    person.is_("Petra Manager")
    person.dated("When?", HELD_ON)
    person.choose("Who takes notes?", "Dan Developer")
    person.click("Schedule", "Scheduled.")


def walked(person: Any, folder: Path) -> list[str]:
    """From the first screen to the read-back by keyboard; the headings seen."""
    seen = []
    count = person.steps()
    for place in range(1, count + 1):
        person.says(f"{place} of {count}")
        heading = person.page.get_by_role("heading", level=2).first.inner_text()
        seen.append(heading)
        person.shot(folder, f"room_{place:02}")
        if person.page.get_by_role("button", name="Discussed").count():
            person.page.keyboard.press("m")
            expect(person.page.get_by_role("button", name="Discussed")).to_have_count(0)
            person.rest()
        if place < count:
            person.page.keyboard.press("ArrowRight")
    return seen


def written_down(person: Any, folder: Path) -> None:
    """On the screen of the Check: a decision, a follow-up and a note, each by its key."""
    person.key("d", "What is decided?")
    person.fill("What is decided?", DECISION)
    person.fill("Why?", "Twice as many reports")
    person.fill("Options considered, one a line", "Keep\nTake it back")
    person.shot(folder, "deciding")
    person.click("Record the decision", f"Decided: {DECISION}")
    person.key("f", "What is to be done?")
    person.fill("What is to be done?", PROMISE)
    person.choose("Who does it?", "Dan Developer")
    person.dated("By when?", "2026-05-20")
    person.click("Record the follow-up", f"Promised: {PROMISE}")
    person.key("n", "What was said?")
    person.fill("What was said?", "Nobody misses the five clicks.")
    person.click("Keep the note", "The note is kept.")
    person.shot(folder, "decided")


def ended(person: Any, folder: Path) -> str:
    """From the read-back to published minutes; their link."""
    person.turn(lambda: person.page.get_by_role("button", name="End the meeting").count())
    person.says(DECISION)
    person.says("Dan Developer, by 20 May 2026")
    person.page.get_by_role("button", name="Petra Manager", exact=True).click()
    person.says("Petra Manager is here.")
    person.shot(folder, "read_back")
    person.key("e", "The meeting is over.")
    person.shot(folder, "draft")
    person.click("Publish the minutes", "Published. The hash begins with")
    return str(person.page.url)


def test_a_review_goes_from_its_schedule_by_keyboard_to_minutes_that_never_change(
    product: Any, reader: Walk, steady: ModuleType, tmp_path: Path
) -> None:
    person = reader(product.url, viewport=PROJECTOR)
    scheduled(person)
    for reason in ("The Check has been due since", "Overdue since", "too late for a pre-read"):
        person.says(reason)
    person.shot(tmp_path, "agenda")
    person.click("Start now", "What worked, and whom to thank")
    person.says("no pre-read")
    room = person.page.url
    headings = walked(person, tmp_path)
    assert headings[:2] == ["What worked, and whom to thank", "Follow-ups due"]
    assert headings.index("Ask support what they hear") < headings.index("Reports per user")
    assert headings.index("Reports per user") < headings.index("Reports are made with one click")
    assert headings[-1] == "Read back"
    person.turn(lambda: person.page.get_by_text("What we predicted").count(), "ArrowLeft")
    person.says("Improved")
    written_down(person, tmp_path)
    minutes = ended(person, tmp_path)

    person.at(minutes)
    person.says("Version 1")
    before = person.body()
    for text in (DECISION, PROMISE, "Nobody misses the five clicks.", "Present: Petra Manager."):
        assert text in before
    person.shot(tmp_path, "published")
    steady.move_clock(product.folder, steady.LIVE + timedelta(weeks=12, hours=6))
    person.at(minutes)
    person.says("Version 1")
    assert person.body() == before
    person.at(room)
    person.says("Not in session")
    assert person.seen.errors == []
    assert person.seen.outside == []


def test_a_correction_stands_beside_the_original_and_history_finds_it(
    product: Any, reader: Walk, tmp_path: Path
) -> None:
    person = reader(product.url)
    person.open("history?sought=one+click")
    person.is_("Petra Manager")
    person.says("with “one click”")
    person.shot(tmp_path, "history")
    person.page.get_by_role("link", name="Weekly metrics").first.click()
    person.says("Version 1")
    before = person.body()
    person.page.get_by_text("Append a correction").click()
    person.fill("What is right instead?", "We try two clicks")
    person.fill("Why is it corrected?", "Misheard")
    person.click("Append it", "The correction stands beside the original.")
    person.says("Correction by Petra Manager")
    assert "We try one click" in before
    assert "We try one click" in person.body()
    person.shot(tmp_path, "corrected")
    person.open("history?sought=two+clicks")
    person.is_("Petra Manager")
    person.says("1 place with “two clicks”")


def test_the_screen_of_a_number_says_how_sure_it_is_and_what_it_does_by_itself(
    product: Any, reader: Walk, tmp_path: Path
) -> None:
    person = reader(product.url, viewport=PROJECTOR)
    scheduled(person)
    person.click("Start now", "What worked, and whom to thank")
    person.turn_to("Reports per user")
    said = person.body()
    for text in ("95 % interval", "Target", "By itself", "Since last review", "Data to",
                 "Snapshot", "Six of eight made a report at once."):  # fmt: skip
        assert text in said
    value = person.page.get_by_test_id("stMetricValue").first
    assert float(value.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 60
    figure = person.page.get_by_test_id("stPlotlyChart").first
    sizes = figure.locator("text").all()
    assert (
        min(
            float(each.evaluate("one => parseFloat(getComputedStyle(one).fontSize)"))
            for each in sizes
        )
        >= 14
    )


def test_newer_data_raise_a_banner_and_change_no_number(
    product: Any, reader: Walk, steady: ModuleType
) -> None:
    person = reader(product.url)
    scheduled(person)
    person.click("Start now", "What worked, and whom to thank")
    person.turn_to("Reports per user")
    value = person.page.get_by_test_id("stMetricValue").first.inner_text()
    steady.move_clock(product.folder, steady.LIVE + timedelta(weeks=12, hours=6))
    person.at(person.page.url)
    person.says("Newer data have been published")
    assert person.page.get_by_test_id("stMetricValue").first.inner_text() == value


def test_two_people_write_one_note_and_both_texts_are_shown(product: Any, reader: Walk) -> None:
    first, second = reader(product.url), reader(product.url)
    scheduled(first)
    first.click("Start now", "What worked, and whom to thank")
    first.turn_to("Reports per user")
    second.page.goto(first.page.url)
    second.rest()
    second.is_("Dan Developer")
    for person, text in ((first, "First: it works"), (second, "Second: too early")):
        person.key("n", "What was said?")
        person.fill("What was said?", text)
    first.click("Keep the note", "The note is kept.")
    second.click("Keep the note", "Somebody else saved this")
    second.says("First: it works")
    expect(second.page.get_by_label("What was said?")).to_have_value("Second: too early")


def test_minutes_are_published_only_when_everything_has_an_outcome(
    product: Any, reader: Walk
) -> None:
    person = reader(product.url)
    scheduled(person)
    person.click("Start now", "What worked, and whom to thank")
    person.turn_to("Read back")
    person.says("Not discussed or parked yet")
    person.page.keyboard.press("e")
    person.says("The meeting is over.")
    person.says("(V24)")
    person.click("Publish the minutes", "has no outcome")


def test_who_only_reads_sees_no_button_that_writes(product: Any, reader: Walk) -> None:
    leader, guest = reader(product.url), reader(product.url)
    scheduled(leader)
    leader.click("Start now", "What worked, and whom to thank")
    guest.page.goto(leader.page.url)
    guest.rest()
    guest.is_("Gus Guest")
    guest.says("you read along")
    names = {button.inner_text() for button in guest.page.get_by_role("button").all()}
    assert not [name for name in names if name.startswith(("Decision", "Note", "Park"))]
    leader.turn_to("Reports per user")
    guest.page.reload()
    guest.rest()
    guest.is_("Gus Guest")
    guest.says("Reports per user")


def test_a_late_promise_is_given_a_date_then_kept_with_what_shows_it(
    product: Any, reader: Walk, tmp_path: Path
) -> None:
    person = reader(product.url)
    person.open("follow-ups?promise_state=Overdue")
    person.is_("Petra Manager")
    person.says("Ask support what they hear")
    person.says("Done by their day: 0 of 1")
    person.shot(tmp_path, "overdue")
    person.page.get_by_role("button", name="New date").click()
    person.date("By when?", "2026-05-20")
    person.fill("Why is it moved?", "Support was on holiday")
    person.page.keyboard.press("Enter")
    person.says("is due on 20 May 2026 now")
    person.says("Nothing here")
    person.page.get_by_text("Open", exact=True).click()
    person.says("date moved once")
    person.page.get_by_role("button", name="Done").last.click()
    person.fill("What shows that it is done?", "Notes of the call on 5 May")
    person.click("It is done", "Done: Ask support what they hear")
    person.page.get_by_test_id("stButtonGroup").get_by_text("Done", exact=True).click()
    person.says("Notes of the call on 5 May")
    assert "promise_state=Done" in person.page.url


def test_the_pages_of_reviews_are_accessible_and_fit_every_screen(
    product: Any, reader: Walk, tmp_path: Path
) -> None:
    first = reader(product.url)
    scheduled(first)
    agenda = first.page.url
    first.click("Start now", "What worked, and whom to thank")
    first.turn_to("Reports are made with one click")
    check = first.page.url
    first.page.keyboard.press("ArrowLeft")
    first.rest()
    pages = {
        "check": check,
        "number": first.page.url,
        "agenda": agenda,
        "minutes": "",
        "meetings": f"{product.url}/meeting",
        "follow_ups": f"{product.url}/follow-ups",
        "history": f"{product.url}/history",
    }
    for scheme, viewport in (("dark", PROJECTOR), ("light", PHONE), ("dark", DESKTOP)):
        person = reader(product.url, bypass_csp=True, color_scheme=scheme, viewport=viewport)
        for name, url in pages.items():
            if url:
                person.at(url)
            else:
                person.at(f"{product.url}/meeting")
                person.page.get_by_role("link", name=re.compile("Weekly metrics")).last.click()
                person.says("Version 1")
            person.page.screenshot(
                path=tmp_path / f"{name}_{scheme}_{viewport['width']}.png", full_page=True
            )
            assert person.width() <= viewport["width"]
            assert (name, person.barriers()) == (name, [])
