"""How cycles that wait for a decision come to one in a real browser: fast, signed or extended."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def test_a_failed_guard_rail_leads_to_a_decision_at_once_that_is_no_standard(
    after_change: Any, reader: Any, tmp_path: Path
) -> None:
    petra = reader(after_change.url)
    petra.at(after_change.page("harmed"))
    petra.tells("Reports per user failed. Decide by 6 May 2026.")
    petra.click("Decide now", "Taken by the fast path")
    petra.tells("which cannot lead to standardise")
    assert petra.page.get_by_role("radio", name="Standardise").count() == 0
    petra.page.get_by_role("radio", name="Abandon").click()
    petra.tells("Needs what we learned")
    petra.fill("Why do we decide so?", "People are sent away")
    petra.click("Abandon and close", "Write what you learned")
    petra.fill("What did we learn?", "Exports everywhere drive reports up")
    petra.dated("Undone on, if it was", "2026-05-05")
    petra.shot(tmp_path, "fast_path")
    petra.click("Abandon and close", "Closed: Abandon.")
    petra.tells("5 May 2026")
    petra.shot(tmp_path, "abandoned")


def test_who_did_the_work_signs_a_day_later_and_another_one_countersigns(
    after_change: Any, reader: Any, tmp_path: Path
) -> None:
    dan, lena = reader(after_change.url), reader(after_change.url)
    dan.name, lena.name = "Dan Developer", "Lena Lead"
    dan.at(after_change.page("signed"))
    dan.tells("Standardise: It works and becomes the way we work")
    dan.click("Sign the verdict", "Signed.")
    dan.tells("(self-signed)")
    assert dan.page.get_by_role("button", name="Countersign").count() == 0
    lena.at(after_change.page("signed"))
    lena.unfold("Countersign")
    lena.choose("Your verdict", "Inconclusive", exact=True)
    lena.click("Countersign", "Write why; both stay visible")
    lena.fill("Why, if it is not the machine's", "The season may explain it")
    lena.shot(tmp_path, "countersigning")
    lena.click("Countersign", "Countersigned.")
    lena.tells(
        "Signed “Improved” by Dan Developer",
        "Signed “Inconclusive” by Lena Lead",
        "The season may explain it",
    )
    lena.shot(tmp_path, "countersigned")


def test_an_open_check_is_extended_looked_at_again_and_adjusted_into_the_next_cycle(
    after_change: Any, reader: Any, steady: ModuleType, tmp_path: Path
) -> None:
    petra = reader(after_change.url)
    evidence_of_a_qualitative_cycle(petra, after_change, tmp_path)
    petra.at(after_change.page("open"))
    petra.tells(
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
    petra.tells("Look 2 may run from 15 Jun 2026")
    assert petra.page.get_by_role("button", name="Sign the verdict").count() == 0
    petra.shot(tmp_path, "extended")
    steady.move_clock(after_change.folder, steady.LIVE + timedelta(weeks=15, days=1, hours=6))
    petra.again()
    petra.click("Run the Check again", "The Check has run")
    petra.tells("Look 2")
    petra.shot(tmp_path, "second_look")
    adjusted(petra, tmp_path)
    judged_on_evidence(petra, after_change, tmp_path)
    assert petra.seen.errors == []


def adjusted(person: Any, folder: Path) -> None:
    """Signs and goes on with the next cycle, which knows the one before, and is known to it."""
    person.click("Sign the verdict", "Signed.")
    person.page.get_by_role("radio", name="Adjust").click()
    person.fill("Why do we decide so?", "Filters alone are not enough")
    person.fill("What did we learn?", "Nobody saw the filters")
    person.unfold("A follow-up")
    person.fill("What is to be done?", "Ask five people")
    person.click("Adjust and close", "“Ask five people” has no owner")
    person.choose("By whom?", "Dan Developer")
    person.dated("By when?", "2026-06-30")
    person.click("Adjust and close", "This is the next cycle")
    person.tells("2. Exports keep their filters: Draft (this page)")
    person.tells("Nobody saw the filters")
    # Without dates the page still says what the metric does by itself.
    person.tells("would be proven in 80 of 100 cases")
    person.shot(folder, "child")
    person.page.get_by_role("button", name="1. Exports keep their filters: Closed").click()
    person.tells("1. Exports keep their filters: Closed (this page)")
    person.tells("2. Exports keep their filters: Draft")
    person.tells("Ask five people: Dan Developer, by 30 Jun 2026, open")
    person.shot(folder, "parent")


def evidence_of_a_qualitative_cycle(person: Any, team: Any, folder: Path) -> None:
    """Begins and does a cycle that no metric judges; its Check waits for its day."""
    person.at(f"{team.url}/new-cycle?metric=reports")
    person.unfold("No metric shows it? Judge it on evidence")
    person.fill("What do we try?", "Support writes the release notes")
    person.click("Begin on evidence", "The draft is begun.")
    person.tells("Write what you change")
    person.tells("criteria by which you will call it improved")
    person.fill("What do we change?", "Support writes the release notes")
    person.fill("Why should it help?", "They know what people ask")
    person.dated("When does it go live?", "2026-05-06")
    person.click("Save the answers", "Saved.")
    person.fill("What must be found to call it improved?", "Nobody asks what is new")
    person.fill("Where will that evidence come from?", "Interviews\nSupport's own notes")
    person.shot(folder, "qualitative_draft")
    person.unfold("Add an action")
    person.fill("What is to be done?", "Write the notes of May")
    person.choose("Who does it?", "Dan Developer")
    person.click("Add the action", "The action is added.")
    person.fill("What must be found to call it improved?", "Nobody asks what is new")
    person.fill("Where will that evidence come from?", "Interviews\nSupport's own notes")
    person.click("Lock the plan", "The plan is locked")
    person.tells("qualitative")
    person.tells("Nobody asks what is new")
    person.click("Start", "is under way")
    person.click("Done", "is done")
    person.click("Begin the Check", "the Check has begun")
    person.shot(folder, "qualitative_waiting")
    team.made["evidence"] = person.page.url.split("cycle=")[1]


def judged_on_evidence(person: Any, team: Any, folder: Path) -> None:
    """Signed by people on two kinds of evidence, and closed."""
    person.at(team.page("evidence"))
    person.click("Run the Check", "judged by people on the declared criteria")
    person.click("Sign the verdict", "needs 2 independent kinds of evidence; this one has 0")
    for kind, found in (("Interview", "Seven of eight knew what is new"),
                        ("Document", "No question about May in support's notes")):  # fmt: skip
        if not person.page.get_by_role("combobox", name="Kind").is_visible():
            person.unfold("Add evidence")
        person.choose("Kind", kind)
        person.fill("What was found?", found)
        person.click("Link the evidence", "Saved.")
    person.choose("Your verdict", "Improved", exact=True)
    person.fill("Why, if it is not the machine's", "Both kinds say so")
    person.shot(folder, "qualitative_signing")
    person.click("Sign the verdict", "Signed.")
    person.page.get_by_role("radio", name="Standardise").click()
    person.fill("Why do we decide so?", "Nobody asks any more")
    person.fill("Link to the standard", "https://wiki.example.com/notes")
    person.choose("Who looks after it?", "Dan Developer")
    person.click("Standardise and close", "Closed: Standardise.")
    person.tells("Lasts?")
    person.shot(folder, "qualitative_closed")


@pytest.mark.parametrize(
    ("scheme", "viewport", "names"),
    [("dark", DESKTOP, ("signed", "open")), ("light", PHONE, ("harmed", "open"))],
)
def test_the_pages_of_these_moves_are_accessible_and_fit_every_screen(  # noqa: PLR0913
    before_change: Any,
    after_change: Any,
    reader: Any,
    tmp_path: Path,
    scheme: str,
    viewport: dict[str, int],
    names: tuple[str, ...],
) -> None:
    person = reader(before_change.url, bypass_csp=True, color_scheme=scheme, viewport=viewport)
    pages = {
        "team": f"{before_change.url}/team",
        **{name: after_change.page(name) for name in names},
    }
    for name, url in pages.items():
        person.at(url)
        for folded in ("Pause, cancel or change the plan", "Add a guard-rail of our own"):
            if person.page.get_by_text(folded).count():
                person.page.get_by_text(folded).click()
                person.rest()
        person.shot(tmp_path, f"{name}_{scheme}_{viewport['width']}")
        assert person.width() <= viewport["width"]
        assert person.barriers() == []
