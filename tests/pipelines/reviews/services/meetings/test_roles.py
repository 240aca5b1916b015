"""Only who runs meetings may run them, and only the team reads and adds."""

import pytest

from pipelines.errors import NotAllowedError
from pipelines.reviews import meetings
from pipelines.reviews.meeting import in_session, minutes
from pipelines.reviews.meeting.view import meeting_view


class TestRoles:
    def test_only_who_runs_meetings_may_run_them(
        self, anna, speak, plan_meeting, begun, decided, publish
    ):
        ben, fay, vic, cleo = (speak(who) for who in ("ben", "fay", "vic", "cleo"))
        for desk in (ben, vic, cleo):
            with pytest.raises(NotAllowedError, match="run a meeting"):
                plan_meeting(desk)
            with pytest.raises(NotAllowedError, match="run a meeting"):
                meetings.end(desk, begun)
        assert decided(fay, begun)
        with pytest.raises(NotAllowedError, match="run a meeting"):
            decided(vic, begun)
        with pytest.raises(NotAllowedError, match="read the team's records"):
            meeting_view(cleo, begun)
        in_session.add_item(ben, begun, "My point")
        with pytest.raises(NotAllowedError):
            in_session.add_item(vic, begun, "My point")
        publish(fay, begun)
        with pytest.raises(NotAllowedError, match="append a correction"):
            minutes.correct(vic, begun, "4", "5 was wrong")

    def test_the_note_taker_writes_and_another_member_does_not(
        self, anna, speak, plan_meeting, decided
    ):
        meeting_id = plan_meeting(anna, note_taker_id="p0")
        meetings.start(anna, meeting_id)
        assert decided(speak("p0"), meeting_id)
        with pytest.raises(NotAllowedError, match="run a meeting"):
            decided(speak("ben"), meeting_id)
