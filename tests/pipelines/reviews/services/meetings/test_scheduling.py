"""A meeting is moved or cancelled with a reason, and never into the past."""

from datetime import date

import pytest

from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews import meetings
from pipelines.reviews.core.terms import MeetingStatus
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meeting.view import meetings as list_of


def test_a_meeting_is_moved_or_cancelled_with_a_reason(anna, plan_meeting, is_whole):
    meeting_id = plan_meeting(anna)
    meetings.reschedule(anna, meeting_id, date(2026, 7, 13), "Anna is away")
    with pytest.raises(NotAllowedError, match="say why"):
        meetings.reschedule(anna, meeting_id, date(2026, 7, 14), "")
    with pytest.raises(NotAllowedError, match="Say why the meeting is cancelled"):
        meetings.cancel(anna, meeting_id, " ")
    meetings.cancel(anna, meeting_id, "Nobody can come")
    (line,) = list_of(anna, "growth")
    assert (line.meeting.status, line.meeting.held_on) == (
        MeetingStatus.CANCELLED, date(2026, 7, 13),
    )  # fmt: skip
    with pytest.raises(NotAllowedError, match="is over"):
        plan_meeting(anna, date(2026, 7, 1))
    with pytest.raises(RecordsError, match="There is no meeting"):
        meeting_view(anna, "m0")
    assert is_whole(anna)
