"""What a team does to a plan in a real browser: settings, guard-rails, rigour, rest and end."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARGIN = "Largest harm that is tolerated, in its unit (of shares in percentage points)"


def test_a_team_chooses_how_it_works_and_two_who_choose_at_once_read_both(
    before_change: Any, reader: Any, tmp_path: Path
) -> None:
    petra, lena, gus = (
        reader(before_change.url),
        reader(before_change.url),
        reader(before_change.url),
    )
    lena.name, gus.name = "Lena Lead", "Gus Guest"
    for each in (petra, lena, gus):
        each.at(f"{before_change.url}/team")
    gus.tells("A product manager, product owner or admin of the team changes them")
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
    gus.tells("2 cycles")
    gus.tells("Light: five answers")


def test_a_team_sets_its_own_guard_rails_and_every_new_plan_has_them(
    before_change: Any, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before_change.url)
    petra.at(f"{before_change.url}/team")
    petra.unfold("Add a guard-rail of our own")
    petra.click("Add the guard-rail", "Choose the metric that must not get worse")
    petra.choose("Metric", "Exports per user")
    petra.fill(MARGIN, "0.4")
    petra.click("Add the guard-rail", "Saved.")
    petra.tells("Exports per user gets worse by less than 0.4")
    petra.shot(tmp_path, "own_guard_rails")
    petra.begin("reports", "0.5", "Dan Developer")
    petra.tells("Exports per user passes as a guard-rail in")
    petra.unfold("Waive a guard-rail")
    petra.fill("Why is Exports per user waived?", "Nobody exports in this quarter")
    petra.shot(tmp_path, "waiving")
    petra.click("Lock the plan", "The plan is locked")
    petra.tells("Exports per user: Nobody exports in this quarter.")
    petra.tells("(waived)")
    # An amendment lets it decide again, and is shown as a change after the lock.
    petra.unfold("Pause, cancel or change the plan")
    petra.fill("Why is Exports per user waived?", "")
    petra.click("Lock the changed plan", "Say why the plan changes after its lock")
    petra.fill("Why is the plan changed?", "Somebody exports after all")
    petra.shot(tmp_path, "amending")
    petra.click("Lock the changed plan", "Version 2 of the plan is locked.")
    petra.tells("plan changed after lock")
    assert petra.page.get_by_text("(waived)").count() == 0
    petra.shot(tmp_path, "amended")
    petra.at(f"{before_change.url}/team")
    petra.click("Take those that fit instead", "Saved.")
    petra.tells("up to two that fit its metric")
    assert petra.seen.errors == []


def test_a_standard_plan_names_all_that_is_missing_and_locks_once_it_is_said(
    before_change: Any, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before_change.url)
    petra.at(f"{before_change.url}/team")
    petra.page.get_by_text("Standard: problem, evidence").click()
    petra.click("Save the settings", "Saved.")
    petra.begin("reports", "0.5", "Dan Developer")
    petra.tells("Standard rigour")
    petra.tells(
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
    petra.unfold("Add evidence")
    petra.fill("What was found?", "Six of eight did not find the button")
    petra.click("Link the evidence", "Saved.")
    petra.tells("Nothing stands in the way")
    petra.shot(tmp_path, "standard_whole")
    petra.click("Lock the plan", "The plan is locked")
    petra.tells("Five whys")
    petra.shot(tmp_path, "standard_locked")
    petra.at(f"{before_change.url}/team")
    petra.page.get_by_text("Light: five answers").click()
    petra.click("Save the settings", "Saved.")


def test_a_cycle_rests_goes_on_and_ends_before_its_check_with_reasons(
    before_change: Any, reader: Any, tmp_path: Path
) -> None:
    petra = reader(before_change.url)
    petra.begin("reports", "0.5", "Dan Developer")
    petra.unfold("Pause, cancel or change the plan")
    petra.click("Put on hold", "Say why the cycle is put on hold")
    petra.fill("Why is it paused?", "The designer is away")
    petra.dated("Resume on", "2026-03-16")
    petra.click("Put on hold", "On hold until 16 Mar 2026")
    petra.tells("The designer is away")
    petra.shot(tmp_path, "on_hold")
    petra.click("Resume the cycle", "Resumed.")
    petra.unfold("Pause, cancel or change the plan")
    petra.click("Cancel the cycle", "Say why the cycle is cancelled")
    petra.fill("Why is it cancelled?", "Another team does it")
    petra.click("Cancel the cycle", "Cancelled.")
    petra.tells("Another team does it")
    petra.shot(tmp_path, "cancelled")
    assert petra.page.get_by_role("button", name="Lock the plan").count() == 0
    petra.at(f"{before_change.url}/cycles")
    petra.tells("Cancelled · 1")
