"""The keys of a meeting in session, for whoever has just said who speaks."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines.reviews import meetings
from pipelines.reviews.core.terms import MeetingKind
from pipelines.reviews.desk import Desk
from pipelines.reviews.meetings import Invitation

pytestmark = pytest.mark.browser


@pytest.fixture
def room(steady: ModuleType, served: Any, tmp_path: Path) -> Iterator[str]:
    """The link of a meeting in session."""
    folder = steady.write(tmp_path / "workspace", steady.MANAGER)
    who = Desk.open(folder, "pm")
    meeting_id = meetings.schedule(who, Invitation(MeetingKind.WEEKLY_METRICS, who.today, "core"))
    meetings.start(who, meeting_id)
    for product in served(folder, tmp_path):
        yield f"{product.url}/room?meeting={meeting_id}"


def test_who_has_just_picked_a_name_turns_the_page_by_key(
    room: str, reader: Any, tmp_path: Path
) -> None:
    person = reader(room)
    person.at(room)
    person.says("1 of")
    person.page.keyboard.press("ArrowRight")
    person.says("2 of")
    person.shot(tmp_path, "turned")
    assert person.page.get_by_role("combobox", name="You are").input_value() == "Petra Manager"
    assert not person.page.get_by_text(re.compile("Who are you")).count()
    assert person.seen.errors == []
