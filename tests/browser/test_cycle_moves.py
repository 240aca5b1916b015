"""The moves of a cycle in a real browser, besides the straight way: test_cycles.py walks that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARGIN = "Largest harm that is tolerated, in its unit (of shares in percentage points)"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Team:
    """A served workspace and the cycles that were made in it."""

    folder: Path
    url: str
    made: dict[str, str]

    def page(self, name: str) -> str:
        return f"{self.url}/cycle?cycle={self.made[name]}"


@pytest.fixture(scope="module")
def before(
    tmp_path_factory: pytest.TempPathFactory, steady: ModuleType, moved: ModuleType, served: Any
) -> Iterator[Team]:
    """The week before the change: nothing is begun yet."""
    folder = steady.write(tmp_path_factory.mktemp("before") / "w", steady.MANAGER + moved.LEAD)
    for product in served(folder, tmp_path_factory.mktemp("before_log")):
        yield Team(folder, product.url, {})


@pytest.fixture(scope="module")
def after(
    tmp_path_factory: pytest.TempPathFactory, steady: ModuleType, moved: ModuleType, served: Any
) -> Iterator[Team]:
    """Nine weeks after the change: three cycles wait for a decision."""
    folder = tmp_path_factory.mktemp("after") / "w"
    made = moved.write(folder, steady)
    for product in served(folder, tmp_path_factory.mktemp("after_log")):
        yield Team(folder, product.url, made)


def tells(person: Any, *texts: str) -> None:
    """All of it stands on the page as it is now."""
    for text in texts:
        expect(person.page.get_by_text(re.compile(re.escape(text))).first).to_be_visible()


def unfold(person: Any, text: str) -> None:
    """Opens what is folded, and waits until nothing moves."""
    person.page.get_by_text(text, exact=True).first.click()
    person.page.wait_for_timeout(700)


def judge(person: Any, verdict: str) -> None:
    """Chooses a verdict; some begin with the words of another one."""
    box = person.page.get_by_role("combobox", name="Your verdict")
    box.focus()
    box.press("ArrowDown")
    person.page.get_by_role("option", name=verdict, exact=True).click()
    person.page.wait_for_timeout(300)


def test_a_team_chooses_how_it_works_and_two_who_choose_at_once_read_both(
    before: Team, reader: Any, tmp_path: Path
) -> None:
    petra, lena, gus = reader(before.url), reader(before.url), reader(before.url)
    lena.name, gus.name = "Lena Lead", "Gus Guest"
    for each in (petra, lena, gus):
        each.at(f"{before.url}/team")
    tells(gus, "A product manager, product owner or admin of the team changes them")
    assert gus.page.get_by_role("button", name="Save the settings").count() == 0
    petra.fill("Active cycles at once", "4")
    petra.click("Save the settings", "Saved.")
    lena.fill("Active cycles at once", "2")
    lena.click("Save the settings", "Somebody else saved this")
    row = lena.page.get_by_role("row").filter(has_text="Active cycles at once")
    expect(row).to_contain_text("4 cycles")
    expect(row).to_contain_text("2 cycles")
    lena.shot(tmp_path, "both_settings")
    lena.click("Save the settings", "Saved.")
    gus.again()
    tells(gus, "2 cycles")
    tells(gus, "Light: five answers")


def test_a_team_sets_its_own_guard_rails_and_every_new_plan_has_them(
    before: Team, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before.url)
    petra.at(f"{before.url}/team")
    unfold(petra, "Add a guard-rail of our own")
    petra.click("Add the guard-rail", "Choose the metric that must not get worse")
    petra.choose("Metric", "Exports per user")
    petra.fill(MARGIN, "0.4")
    petra.click("Add the guard-rail", "Saved.")
    tells(petra, "Exports per user gets worse by less than 0.4")
    petra.shot(tmp_path, "own_guard_rails")
    petra.begin("reports", "0.5", "Dan Developer")
    tells(petra, "Exports per user passes as a guard-rail in")
    unfold(petra, "Waive a guard-rail")
    petra.fill("Why is Exports per user waived?", "Nobody exports in this quarter")
    petra.shot(tmp_path, "waiving")
    petra.click("Lock the plan", "The plan is locked")
    tells(petra, "Exports per user: Nobody exports in this quarter.")
    tells(petra, "(waived)")
    # An amendment lets it decide again, and is shown as a change after the lock.
    unfold(petra, "Pause, cancel or change the plan")
    petra.fill("Why is Exports per user waived?", "")
    petra.click("Lock the changed plan", "Say why the plan changes after its lock")
    petra.fill("Why is the plan changed?", "Somebody exports after all")
    petra.shot(tmp_path, "amending")
    petra.click("Lock the changed plan", "Version 2 of the plan is locked.")
    tells(petra, "plan changed after lock")
    assert petra.page.get_by_text("(waived)").count() == 0
    petra.shot(tmp_path, "amended")
    petra.at(f"{before.url}/team")
    petra.click("Take those that fit instead", "Saved.")
    tells(petra, "up to two that fit its metric")
    assert petra.seen.errors == []


def test_a_standard_plan_names_all_that_is_missing_and_locks_once_it_is_said(
    before: Team, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before.url)
    petra.at(f"{before.url}/team")
    petra.page.get_by_text("Standard: problem, evidence").click()
    petra.click("Save the settings", "Saved.")
    petra.begin("reports", "0.5", "Dan Developer")
    tells(petra, "Standard rigour")
    tells(
        petra,
        "which problem this is to solve",
        "one piece of evidence",
        "the root cause",
        "how you found the root cause",
        "a target for the primary metric",
    )
    petra.click("Lock the plan", "(rule V1)")
    petra.shot(tmp_path, "standard_missing")
    petra.fill("What is the problem?", "Few people make reports")
    petra.fill("What causes it?", "The button is hidden")
    petra.fill("How was the cause found?", "Five whys")
    petra.click("Save the answers", "Saved.")
    petra.fill("Target", "2.6")
    petra.click("Save the amounts", "Saved.")
    unfold(petra, "Add evidence")
    petra.fill("What was found?", "Six of eight did not find the button")
    petra.click("Link the evidence", "Saved.")
    tells(petra, "Nothing stands in the way")
    petra.shot(tmp_path, "standard_whole")
    petra.click("Lock the plan", "The plan is locked")
    tells(petra, "Five whys")
    petra.shot(tmp_path, "standard_locked")
    petra.at(f"{before.url}/team")
    petra.page.get_by_text("Light: five answers").click()
    petra.click("Save the settings", "Saved.")


def test_a_cycle_rests_goes_on_and_ends_before_its_check_with_reasons(
    before: Team, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before.url)
    petra.begin("reports", "0.5", "Dan Developer")
    unfold(petra, "Pause, cancel or change the plan")
    petra.click("Put on hold", "Say why the cycle is put on hold")
    petra.fill("Why is it paused?", "The designer is away")
    petra.dated("Resume on", "2026-03-16")
    petra.click("Put on hold", "On hold until 16 Mar 2026")
    tells(petra, "The designer is away")
    petra.shot(tmp_path, "on_hold")
    petra.click("Resume the cycle", "Resumed.")
    unfold(petra, "Pause, cancel or change the plan")
    petra.click("Cancel the cycle", "Say why the cycle is cancelled")
    petra.fill("Why is it cancelled?", "Another team does it")
    petra.click("Cancel the cycle", "Cancelled.")
    tells(petra, "Another team does it")
    petra.shot(tmp_path, "cancelled")
    assert petra.page.get_by_role("button", name="Lock the plan").count() == 0
    petra.at(f"{before.url}/cycles")
    tells(petra, "Cancelled · 1")


def test_a_failed_guard_rail_leads_to_a_decision_at_once_that_is_no_standard(
    after: Team, reader: Any, tmp_path: Path
) -> None:
    petra = reader(after.url)
    petra.at(after.page("harmed"))
    tells(petra, "Reports per user failed. Decide by 6 May 2026.")
    petra.click("Decide now", "Taken by the fast path")
    tells(petra, "which cannot lead to standardise")
    assert petra.page.get_by_role("radio", name="Standardise").count() == 0
    petra.page.get_by_role("radio", name="Abandon").click()
    tells(petra, "Needs what we learned")
    petra.fill("Why do we decide so?", "People are sent away")
    petra.click("Abandon and close", "Write what you learned")
    petra.fill("What did we learn?", "Exports everywhere drive reports up")
    petra.dated("Undone on, if it was", "2026-05-05")
    petra.shot(tmp_path, "fast_path")
    petra.click("Abandon and close", "Closed: Abandon.")
    tells(petra, "5 May 2026")
    petra.shot(tmp_path, "abandoned")


def test_who_did_the_work_signs_a_day_later_and_another_one_countersigns(
    after: Team, reader: Any, tmp_path: Path
) -> None:
    dan, lena = reader(after.url), reader(after.url)
    dan.name, lena.name = "Dan Developer", "Lena Lead"
    dan.at(after.page("signed"))
    tells(dan, "Standardise: It works and becomes the way we work")
    dan.click("Sign the verdict", "Signed.")
    tells(dan, "(self-signed)")
    assert dan.page.get_by_role("button", name="Countersign").count() == 0
    lena.at(after.page("signed"))
    unfold(lena, "Countersign")
    judge(lena, "Inconclusive")
    lena.click("Countersign", "Write why; both stay visible")
    lena.fill("Why, if it is not the machine's", "The season may explain it")
    lena.shot(tmp_path, "countersigning")
    lena.click("Countersign", "Countersigned.")
    tells(
        lena,
        "Signed “Improved” by Dan Developer",
        "Signed “Inconclusive” by Lena Lead",
        "The season may explain it",
    )
    lena.shot(tmp_path, "countersigned")


def test_an_open_check_is_extended_looked_at_again_and_adjusted_into_the_next_cycle(
    after: Team, reader: Any, steady: ModuleType, tmp_path: Path
) -> None:
    petra = reader(after.url)
    evidence_of_a_qualitative_cycle(petra, after, tmp_path)
    petra.at(after.page("open"))
    tells(
        petra,
        "What is known:",
        "What would settle it:",
        "Once it is signed",
        "Keep: It stays in place without proof",
        "Adjust: We try again",
        "only improved can become a standard",
    )
    petra.click("Extend", "Say why more time is needed")
    petra.fill("Why is more time needed?", "Six weeks more would settle it")
    petra.shot(tmp_path, "extending")
    petra.click("Extend", "The next look is on 15 Jun 2026.")
    tells(petra, "Look 2 may run from 15 Jun 2026")
    assert petra.page.get_by_role("button", name="Sign the verdict").count() == 0
    petra.shot(tmp_path, "extended")
    steady.move_clock(after.folder, steady.LIVE + timedelta(weeks=15, days=1, hours=6))
    petra.again()
    petra.click("Run the Check again", "The Check has run")
    tells(petra, "Look 2")
    petra.shot(tmp_path, "second_look")
    adjusted(petra, tmp_path)
    judged_on_evidence(petra, after, tmp_path)
    assert petra.seen.errors == []


def adjusted(person: Any, folder: Path) -> None:
    """Signs and goes on with the next cycle, which knows the one before, and is known to it."""
    person.click("Sign the verdict", "Signed.")
    person.page.get_by_role("radio", name="Adjust").click()
    person.fill("Why do we decide so?", "Filters alone are not enough")
    person.fill("What did we learn?", "Nobody saw the filters")
    unfold(person, "A follow-up")
    person.fill("What is to be done?", "Ask five people")
    person.click("Adjust and close", "“Ask five people” has no owner")
    person.choose("By whom?", "Dan Developer")
    person.dated("By when?", "2026-06-30")
    person.click("Adjust and close", "This is the next cycle")
    tells(person, "2. Exports keep their filters: Draft (this page)")
    tells(person, "Nobody saw the filters")
    # Without dates the page still says what the metric does by itself.
    tells(person, "would be proven in 80 of 100 cases")
    person.shot(folder, "child")
    person.page.get_by_role("button", name="1. Exports keep their filters: Closed").click()
    tells(person, "1. Exports keep their filters: Closed (this page)")
    tells(person, "2. Exports keep their filters: Draft")
    tells(person, "Ask five people: Dan Developer, by 30 Jun 2026, open")
    person.shot(folder, "parent")


def evidence_of_a_qualitative_cycle(person: Any, team: Team, folder: Path) -> None:
    """Begins and does a cycle that no metric judges; its Check waits for its day."""
    person.at(f"{team.url}/new-cycle?metric=reports")
    unfold(person, "No metric shows it? Judge it on evidence")
    person.fill("What do we try?", "Support writes the release notes")
    person.click("Begin on evidence", "The draft is begun.")
    tells(person, "Write what you change")
    tells(person, "criteria by which you will call it improved")
    person.fill("What do we change?", "Support writes the release notes")
    person.fill("Why should it help?", "They know what people ask")
    person.dated("When does it go live?", "2026-05-06")
    person.click("Save the answers", "Saved.")
    person.fill("What must be found to call it improved?", "Nobody asks what is new")
    person.fill("Where will that evidence come from?", "Interviews\nSupport's own notes")
    person.shot(folder, "qualitative_draft")
    unfold(person, "Add an action")
    person.fill("What is to be done?", "Write the notes of May")
    person.choose("Who does it?", "Dan Developer")
    person.click("Add the action", "The action is added.")
    person.fill("What must be found to call it improved?", "Nobody asks what is new")
    person.fill("Where will that evidence come from?", "Interviews\nSupport's own notes")
    person.click("Lock the plan", "The plan is locked")
    tells(person, "qualitative")
    tells(person, "Nobody asks what is new")
    person.click("Start", "is under way")
    person.click("Done", "is done")
    person.click("Begin the Check", "the Check has begun")
    person.shot(folder, "qualitative_waiting")
    team.made["evidence"] = person.page.url.split("cycle=")[1]


def judged_on_evidence(person: Any, team: Team, folder: Path) -> None:
    """Signed by people on two kinds of evidence, and closed."""
    person.at(team.page("evidence"))
    person.click("Run the Check", "judged by people on the declared criteria")
    person.click("Sign the verdict", "needs 2 independent kinds of evidence; this one has 0")
    for kind, found in (("Interview", "Seven of eight knew what is new"),
                        ("Document", "No question about May in support's notes")):  # fmt: skip
        if not person.page.get_by_role("combobox", name="Kind").is_visible():
            unfold(person, "Add evidence")
        person.choose("Kind", kind)
        person.fill("What was found?", found)
        person.click("Link the evidence", "Saved.")
    judge(person, "Improved")
    person.fill("Why, if it is not the machine's", "Both kinds say so")
    person.shot(folder, "qualitative_signing")
    person.click("Sign the verdict", "Signed.")
    person.page.get_by_role("radio", name="Standardise").click()
    person.fill("Why do we decide so?", "Nobody asks any more")
    person.fill("Link to the standard", "https://wiki.example.com/notes")
    person.choose("Who looks after it?", "Dan Developer")
    person.click("Standardise and close", "Closed: Standardise.")
    tells(person, "Lasts?")
    person.shot(folder, "qualitative_closed")


@pytest.mark.parametrize(
    ("scheme", "viewport", "names"),
    [("dark", DESKTOP, ("signed", "open")), ("light", PHONE, ("harmed", "open"))],
)
def test_the_pages_of_these_moves_are_accessible_and_fit_every_screen(  # noqa: PLR0913
    before: Team,
    after: Team,
    reader: Any,
    tmp_path: Path,
    scheme: str,
    viewport: dict[str, int],
    names: tuple[str, ...],
) -> None:
    person = reader(before.url, bypass_csp=True, color_scheme=scheme, viewport=viewport)
    pages = {"team": f"{before.url}/team", **{name: after.page(name) for name in names}}
    for name, url in pages.items():
        person.at(url)
        for folded in ("Pause, cancel or change the plan", "Add a guard-rail of our own"):
            if person.page.get_by_text(folded).count():
                person.page.get_by_text(folded).click()
                person.rest()
        person.shot(tmp_path, f"{name}_{scheme}_{viewport['width']}")
        wide = person.page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= viewport["width"]
        # The menu, which is a list of its own on a phone, is Streamlit's.
        found = Axe().run(person.page, context="[data-testid=stMain]").response["violations"]
        assert [
            (item["id"], node["html"][:200])
            for item in found
            if item["impact"] in {"serious", "critical"}
            for node in item["nodes"]
        ] == []
