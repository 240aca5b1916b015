"""Cards that name cycles in a real browser: on the board, and beside each piece of evidence."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import expect

from pipelines.reviews import evidence
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import Finding, Link

pytestmark = pytest.mark.browser
USE = EvidenceUse.LEARNING
TITLE = "Exports are offered everywhere"
LONGEST = "Improved, a guard-rail is open"
# Where lines of a text begin, the leftmost and the rightmost, and how many there are.
TEXT_BOX = """one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const lines = [...range.getClientRects()];
    const lefts = lines.map(each => each.left);
    return [Math.min(...lefts), Math.max(...lefts), new Set(lines.map(each => each.top)).size];
}"""


@pytest.fixture(scope="module")
def judged(
    tmp_path_factory: pytest.TempPathFactory, steady: ModuleType, moved: ModuleType, served: Any
) -> Iterator[Any]:
    """Three cycles whose Check has run; two pieces of evidence speak for one, the first twice."""
    folder = tmp_path_factory.mktemp("judged") / "w"
    made = moved.write(folder, steady)
    who = Desk.open(folder, "pm")
    links = [Link(About.CYCLE, made["open"], use) for use in (EvidenceUse.PROBLEM, USE)]
    for kind, of_it in ((EvidenceKind.INTERVIEW, links), (EvidenceKind.DOCUMENT, links[1:])):
        evidence.add(who, Finding(kind, who.today, moved.TEAM, f"By {kind.value}"), of_it)
    yield from served(folder, tmp_path_factory.mktemp("judged_log"))


def test_a_title_of_two_lines_begins_where_the_lines_below_it_begin(
    judged: Any, reader: Any, tmp_path: Path
) -> None:
    person = reader(judged.url)
    person.open("cycles")
    person.is_("Petra Manager")
    title = person.page.get_by_role("button", name=TITLE).locator("strong")
    leftmost, rightmost, lines = title.evaluate(TEXT_BOX)
    below, *_ = person.page.get_by_text("Exports per user").first.evaluate(TEXT_BOX)
    person.shot(tmp_path, "board")
    assert lines == 2
    assert [leftmost, rightmost] == pytest.approx([below, below], abs=1)


def test_the_longest_verdict_stands_on_a_card_with_all_its_words(
    judged: Any, reader: Any, tmp_path: Path
) -> None:
    person = reader(judged.url)
    person.open("cycles")
    person.is_("Petra Manager")
    badge = person.page.locator(".stMarkdownBadge", has_text="Improved").first
    badge.evaluate("(one, text) => { one.innerText = text; }", LONGEST)
    person.shot(tmp_path, "long_verdict")
    assert badge.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    assert badge.evaluate(TEXT_BOX)[-1] == 2


def test_a_cycle_is_named_by_every_piece_of_evidence_that_speaks_for_it(
    judged: Any, reader: Any, tmp_path: Path
) -> None:
    person = reader(judged.url)
    person.open("evidence")
    person.is_("Petra Manager")
    person.shot(tmp_path, "evidence")
    cycle = "Exports keep their filters"
    expect(person.page.get_by_role("button", name=f"Learning: {cycle}")).to_have_count(2)
    expect(person.page.get_by_role("button", name=f"Problem: {cycle}")).to_have_count(1)
    assert "could not be built" not in person.body()
