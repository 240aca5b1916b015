"""Cycles in a real browser: by keyboard alone, by two people at once, and round the whole loop."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PROJECTOR = {"width": 1920, "height": 1080}


@pytest.fixture
def product(
    request: pytest.FixtureRequest, steady: ModuleType, served: Any, tmp_path: Path
) -> Iterator[Any]:
    """A workspace of one's own, with the people that a test asks for."""
    folder = steady.write(tmp_path / "workspace", getattr(steady, request.param))
    yield from served(folder, tmp_path)


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_five_answers_and_the_keyboard_alone_lead_from_a_card_to_a_locked_plan(
    product: Any, reader: Any, people: ModuleType, tmp_path: Path
) -> None:
    person = reader(product.url)
    keys = person.page.keyboard
    from_card_to_form(person)
    looks = five_answers(person)
    # The focus shows: a control with it looks unlike the same control without it.
    assert person.page.get_by_label("What do we change?").evaluate(people.OUTLINE) not in looks
    person.tab_to("Fill in the plan")
    person.shot(tmp_path, "five_answers")
    keys.press("Enter")
    person.says("The plan is filled in")
    person.says("such cycles say “improved”")
    person.says("would be proven in 80 of 100 cases")
    person.tab_to("Lock the plan")
    keys.press("Enter")
    person.says("The plan is locked")
    person.says("Light rigour")
    person.shot(tmp_path, "locked")
    assert person.seen.errors == []
    assert person.seen.outside == []


def from_card_to_form(person: Any) -> None:
    """From a metric's card on the first page to the form, as somebody with a name."""
    keys = person.page.keyboard
    person.open("")
    person.tab_to("Improve this")
    keys.press("Enter")
    person.says("Who are you?")
    person.tab_to("You are")
    keys.type("Petra")
    expect(person.page.get_by_role("option", name="Petra Manager")).to_be_visible()
    keys.press("Enter")
    person.says("Reports per user")


def five_answers(person: Any) -> list[str]:
    """Types all five; how the lines of text looked with the focus."""
    page, keys = person.page, person.page.keyboard
    looks = [person.tab_to("What do we change?")]
    keys.type("Reports are made with one click")
    looks.append(person.tab_to("Why should it help?"))
    keys.type("Today it takes five clicks")
    looks.append(person.tab_to("Smallest change worth having"))
    keys.type("0.5")
    person.tab_to("Who owns it?")
    keys.press("Control+A")
    keys.type("Dan")
    expect(page.get_by_role("option", name="Dan Developer")).to_be_visible()
    keys.press("Enter")
    keys.press("Tab")
    keys.type("20260302")
    return looks


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_enter_in_a_line_of_text_submits_the_form_and_what_is_missing_is_named(
    product: Any, reader: Any
) -> None:
    person = reader(product.url)
    person.open("new-cycle?metric=reports")
    person.is_("Petra Manager")
    person.fill("What do we change?", "Reports are made with one click")
    person.page.keyboard.press("Enter")
    person.says("Still to be said: why it should help")
    expect(person.page.get_by_label("What do we change?")).to_have_value(
        "Reports are made with one click"
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest,
    steady: ModuleType,
    served: Any,
    new_address: Any,
    tmp_path: Path,
) -> Iterator[Any]:
    """A workspace whose records stand in each database in turn."""
    folder = steady.write(tmp_path / "workspace", steady.MANAGER)
    with (folder / "launchloop.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[records]\nurl = "{new_address(request.param)}"\n')
    yield from served(folder, tmp_path)


def test_two_browsers_edit_one_draft_and_nothing_is_lost(
    shared: Any, reader: Any, tmp_path: Path
) -> None:
    first, second = reader(shared.url), reader(shared.url)
    first.begin("reports", "0.5", "Dan Developer")
    second.page.goto(first.page.url)
    second.rest()
    second.is_("Dan Developer")
    first.fill("Why should it help?", "First: it takes five clicks")
    second.fill("Why should it help?", "Second: nobody finds it")
    first.click("Save the answers", "Saved.")
    second.click("Save the answers", "Somebody else saved this")
    second.says("First: it takes five clicks")
    second.shot(tmp_path, "both_texts")
    row = second.page.get_by_role("row").filter(has_text="Why it should help")
    expect(row).to_contain_text("First: it takes five clicks")
    expect(row).to_contain_text("Second: nobody finds it")
    mine = second.page.get_by_label("Why should it help?")
    expect(mine).to_have_value("Second: nobody finds it")
    # Having read both, the second person saves on purpose; the log keeps both.
    second.click("Save the answers", "Saved.")
    first.page.reload()
    first.rest()
    first.is_("Petra Manager")
    expect(first.page.get_by_label("Why should it help?")).to_have_value("Second: nobody finds it")


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_a_product_manager_walks_a_cycle_to_improved_and_makes_it_the_standard(
    product: Any, reader: Any, steady: ModuleType, tmp_path: Path
) -> None:
    person = reader(product.url)
    person.begin("reports", "0.5", "Dan Developer")
    person.shot(tmp_path, "draft")
    person.to_check(product, steady, tmp_path)
    person.click("Run the Check", "Improved.")
    person.says("Before/after comparison, not a controlled test.")
    person.shot(tmp_path, "checked")
    person.click("Sign the verdict", "Signed.")
    person.shot(tmp_path, "signed")
    person.fill("Why do we decide so?", "Twice as many reports")
    person.fill("What did we learn?", "One click is enough")
    person.click("Standardise and close", "Link the standard")
    person.fill("Link to the standard", "https://wiki.example.com/reports")
    person.choose("Who looks after it?", "Dan Developer")
    person.click("Standardise and close", "Closed: Standardise.")
    person.says("Sustain check")
    person.shot(tmp_path, "closed")
    person.open("cycles")
    person.is_("Petra Manager")
    person.fill("Search past learning", "one click")
    person.page.keyboard.press("Enter")
    person.says("with “one click”")
    found = person.page.get_by_role("button", name="Reports are made with one click")
    expect(found).to_be_visible()
    person.shot(tmp_path, "board")
    assert person.seen.errors == []


@pytest.mark.parametrize("product", ["OWNER"], indirect=True)
def test_a_product_owner_alone_signs_a_day_later_and_keeps_what_is_not_proven(
    product: Any, reader: Any, steady: ModuleType, tmp_path: Path
) -> None:
    person = reader(product.url)
    person.begin("exports", "0.3")
    person.says("Most likely the honest answer will be “inconclusive”")
    person.to_check(product, steady, tmp_path)
    person.click("Run the Check", "Inconclusive.")
    person.says("What is known:")
    person.shot(tmp_path, "inconclusive")
    person.click("Sign the verdict", "it will be shown as self-signed")
    person.shot(tmp_path, "too_early_to_sign")
    person.later(product, steady, steady.LIVE + timedelta(weeks=9, days=1, hours=7))
    person.click("Sign the verdict", "Signed.")
    person.says("(self-signed)")
    person.page.get_by_role("radio", name="Keep").click()
    person.says("kept, not proven")
    person.fill("Why do we decide so?", "It costs nothing")
    person.shot(tmp_path, "deciding")
    person.click("Keep and close", "Closed: Keep.")
    person.says("kept, not proven")
    person.shot(tmp_path, "kept")
    person.open("cycles")
    person.says("kept, not proven")


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_who_may_only_read_sees_no_button_that_writes(product: Any, reader: Any) -> None:
    manager, guest = reader(product.url), reader(product.url)
    manager.begin("reports", "0.5")
    guest.page.goto(manager.page.url)
    guest.rest()
    guest.is_("Gus Guest")
    guest.says("A product manager or product owner locks the plan")
    names = {button.inner_text() for button in guest.page.get_by_role("button").all()}
    assert not names & {"Lock the plan", "Save the answers", "Save the amounts", "Save the dates"}


@pytest.mark.parametrize("product", ["MANAGER"], indirect=True)
def test_the_pages_of_a_cycle_are_accessible_and_fit_every_screen(
    product: Any, reader: Any, tmp_path: Path
) -> None:
    first = reader(product.url, bypass_csp=True)
    first.begin("reports", "0.5", "Dan Developer")
    draft = first.page.url
    for scheme, viewport in (("dark", DESKTOP), ("light", PHONE), ("light", PROJECTOR)):
        person = reader(product.url, bypass_csp=True, color_scheme=scheme, viewport=viewport)
        for name, url in (
            ("draft", draft),
            ("new", f"{product.url}/new-cycle?metric=reports"),
            ("board", f"{product.url}/cycles"),
        ):
            person.page.goto(url)
            person.rest()
            person.is_("Petra Manager")
            person.shot(tmp_path, f"{name}_{scheme}_{viewport['width']}")
            assert person.width() <= viewport["width"]
            assert person.barriers() == []
