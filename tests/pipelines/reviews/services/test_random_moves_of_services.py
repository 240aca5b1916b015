"""Random moves, legal and illegal, of cycles and meetings through the services, on SQLite."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipelines.errors import RecordsError, UsageError
from pipelines.reviews import cycles, evidence, followups, meetings, training
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.states import may_follow
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    CycleStatus,
    EvidenceKind,
    EvidenceUse,
    FollowUpStatus,
    ItemState,
    MeetingKind,
    MeetingStatus,
    Verdict,
)
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.records.chain import head_of
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import (
    Base,
    Event,
    FollowUp,
    MeetingItem,
    PdcaAction,
    PdcaCycle,
    ReviewMeeting,
    columns_of,
    key_of,
)
from pipelines.reviews.records.verifying import NOT_TOLD, verify_records

FEW = settings(
    max_examples=8,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
WORDS = st.sampled_from(["Send the mail", "Warte, ich prüfe das", "It helps", "  "])
WHO = st.sampled_from(["anna"] * 6 + ["ben", "vera"])
PICK = st.integers(0, 30)
DAYS = st.integers(-2, 30)
AFTER_CHECK, MOST = 120, 4
STATUSES = {
    PdcaCycle: CycleStatus,
    PdcaAction: ActionStatus,
    ReviewMeeting: MeetingStatus,
    FollowUp: FollowUpStatus,
}
# Statements that change one row of a table behind the back of the program.
TAMPERING = {
    "decision": "rationale = rationale || '.'",
    "minutes": "published_at = '2001-01-01 00:00:00.000000'",
    "correction": "text = text || '.'",
    "follow_up": "due_on = '2001-01-01'",
    "meeting_item": "subject = subject || '.'",
    "review_meeting": "held_on = '2001-01-01'",
    "pdca_plan": "reason = 'another'",
    "pdca_cycle": "title = title || '.'",
    "evidence": "summary = summary || '.'",
    "event": "reason = 'another'",
}


class Moves(RuleBasedStateMachine):
    """A team that does as it likes; what the rules refuse must leave no trace."""

    def __init__(self, product, steps, card, asked, seen):
        super().__init__()
        self.product, self.steps, self.seen = product, steps, seen
        self.card, self.asked = card, asked
        self.store = self.product.desk("anna").store
        self.kept, self.published = {}, {}

    def attempt(self, move, *arguments, **more):
        """Makes a move; a refusal writes nothing."""
        before = self.read(head_of)
        try:
            answer = move(*arguments, **more)
        except (RecordsError, UsageError):
            assert self.read(head_of) == before
            self.seen["refused"] += 1
            return None
        self.seen[move.__name__] += 1
        return answer

    def read(self, question):
        with self.store.reading() as session:
            return question(session)

    def rows(self, table):
        return self.read(lambda session: rows_of(session, table))

    def one(self, table, pick):
        """A row, the newest ones more often; None without any."""
        found = sorted(self.rows(table), key=key_of, reverse=True)
        return found[pick % len(found[:3])] if found else None

    def day(self, days):
        return self.product.now.date() + timedelta(days=days)

    @initialize(far=st.booleans())
    def a_first_cycle_and_meeting(self, far):
        desk = self.product.desk("anna")
        if far:
            self.steps.do(desk, self.steps.locked(desk, self.card, self.asked("ben")))
            self.product.data("step")
            self.product.wait_until(self.day(AFTER_CHECK))
        else:
            self.attempt(cycles.start_cycle, desk, "product", self.card, self.asked("ben"))
        self.attempt(meetings.schedule, desk, self.invitation(3))

    def invitation(self, days):
        kind = MeetingKind.WEEKLY_METRICS
        return Invitation(kind, self.day(days), "product", "anna", "ben", ("vera",))

    @rule(days=st.sampled_from([1, 7, 50]), come_in=st.booleans())
    def wait(self, days, come_in):
        self.product.wait_until(self.day(days))
        if come_in:
            self.product.data("step")

    @rule(who=WHO, days=DAYS, what=st.booleans())
    def begin(self, who, days, what):
        desk = self.product.desk(who)
        if what and len(self.rows(PdcaCycle)) < MOST:
            self.attempt(cycles.start_cycle, desk, "product", self.card, self.asked("ben"))
        elif len(self.rows(ReviewMeeting)) < MOST:
            self.attempt(meetings.schedule, desk, self.invitation(days))

    # the next move of each, as a team would make it ------------------------------------------

    @rule(pick=PICK, preread=st.booleans())
    def advance_meeting(self, pick, preread):
        row, desk = self.one(ReviewMeeting, pick), self.product.desk("anna")
        first = meetings.send_preread if preread else meetings.start
        following = {
            MeetingStatus.SCHEDULED: first,
            MeetingStatus.PREREAD_SENT: meetings.start,
            MeetingStatus.IN_SESSION: meetings.end,
            MeetingStatus.MINUTES_DRAFT: minutes.publish,
        }
        if row.status == MeetingStatus.MINUTES_DRAFT:
            for item in self.rows(MeetingItem):
                self.attempt(in_session.set_state, desk, item.item_id, ItemState.DISCUSSED)
        if row.status in following:
            self.attempt(following[MeetingStatus(row.status)], desk, row.meeting_id)
        if row.status == MeetingStatus.MINUTES_DRAFT:
            self.published[row.meeting_id] = minutes.published(desk, row.meeting_id).text

    @rule(pick=PICK, decision=st.sampled_from(list(ActDecision)))
    def advance_cycle(self, pick, decision):
        row, desk = self.one(PdcaCycle, pick), self.product.desk("anna")
        known = (desk, row.cycle_id, row.row_version)
        if row.status == CycleStatus.DRAFT:
            self.attempt(cycles.lock, *known)
        elif row.status in (CycleStatus.PLANNED, CycleStatus.DOING):
            for action in self.rows(PdcaAction):
                move = cycles.begin_action if action.status == "todo" else cycles.end_action
                self.attempt(move, desk, action.action_id, action.row_version)
            self.attempt(cycles.begin_check, *known)
        elif row.status == CycleStatus.CHECKING:
            run = self.attempt(cycles.run_check, desk, row.cycle_id)
            if run is not None:
                verdict = run.verdict.machine_verdict
                self.attempt(cycles.sign, *known, verdict, human_reason="As the machine says")
        elif row.status == CycleStatus.ACTING:
            self.attempt(cycles.decide, *known, self.act(decision, "It taught us"))

    def act(self, decision, words):
        return Act(decision, rationale=words, learning=words, standard_link="wiki/form",
                   standard_owner_id="ben")  # fmt: skip

    # any move by anybody --------------------------------------------------------------------

    @rule(who=WHO, pick=PICK, days=DAYS, words=WORDS, stale=st.sampled_from([0, 0, 1]),
          move=st.sampled_from(["lock", "begin_check", "cancel", "hold", "resume", "extend",
                                "take_fast_path", "sign", "decide"]))  # fmt: skip
    def any_move_of_a_cycle(self, who, pick, days, words, stale, move):
        row = self.one(PdcaCycle, pick)
        more = {
            "cancel": (words,),
            "hold": (words, self.day(days)),
            "extend": (self.day(days), words),
            "sign": (Verdict.IMPROVED,),
            "decide": (self.act(ActDecision.KEEP, words),),
        }
        # Simulating what a plan can show takes a second: nobody locks what is locked.
        if move != "lock" or row.status == CycleStatus.DRAFT:
            self.attempt(getattr(cycles, move), self.product.desk(who), row.cycle_id,
                         row.row_version - stale, *more.get(move, ()))  # fmt: skip

    @rule(who=WHO, pick=PICK, words=WORDS)
    def any_move_of_an_action(self, who, pick, words):
        row = self.one(PdcaAction, pick)
        if row is not None:
            known = (self.product.desk(who), row.action_id, row.row_version)
            moves = (cycles.begin_action, cycles.end_action, cycles.give_up_action)
            chosen = moves[pick % 3]
            self.attempt(chosen, *known, *([words] if chosen is cycles.give_up_action else []))

    @rule(who=WHO, pick=PICK, words=WORDS, days=DAYS,
          move=st.sampled_from(["make_agenda", "send_preread", "start", "end", "cancel",
                                "reschedule", "publish"]))  # fmt: skip
    def any_move_of_a_meeting(self, who, pick, words, days, move):
        row, desk = self.one(ReviewMeeting, pick), self.product.desk(who)
        if move == "publish":
            if self.attempt(minutes.publish, desk, row.meeting_id):
                self.published[row.meeting_id] = minutes.published(desk, row.meeting_id).text
            return
        reason = words if pick == 1 else ""
        more = {"cancel": (reason,), "reschedule": (self.day(days), words)}
        self.attempt(getattr(meetings, move), desk, row.meeting_id, *more.get(move, ()))

    @rule(who=WHO, pick=PICK, words=WORDS, state=st.sampled_from(list(ItemState)),
          stale=st.booleans())  # fmt: skip
    def write_in_a_meeting(self, who, pick, words, state, stale):
        desk, meeting = self.product.desk(who), self.one(ReviewMeeting, pick)
        card = Card("wau") if pick % 5 == 0 else None
        self.attempt(in_session.add_item, desk, meeting.meeting_id, words, card=card)
        self.attempt(in_session.attend, desk, meeting.meeting_id, who, present=stale)
        self.attempt(minutes.correct, desk, meeting.meeting_id, words, words)
        item = self.one(MeetingItem, pick)
        if item is not None:
            self.attempt(in_session.write_note, desk, item.item_id, words,
                         item.row_version - stale)  # fmt: skip
            self.attempt(in_session.set_state, desk, item.item_id, state, note=words)
            self.attempt(in_session.show, desk, item.item_id)

    @rule(who=WHO, pick=PICK, words=WORDS, key=st.sampled_from([None, "click"]))
    def decide_in_a_meeting(self, who, pick, words, key):
        row, desk = self.one(ReviewMeeting, pick), self.product.desk(who)
        earlier = sorted(one[1] for one in self.kept if one[0] == "decision")
        reverses = earlier[pick % len(earlier)] if earlier and pick % 2 else None
        said = Deciding("Do it", "ben", words, reverses_id=reverses)
        self.attempt(deciding.decide, desk, row.meeting_id, said, key=key)
        self.attempt(deciding.promise, desk, row.meeting_id, words, "ben", self.day(pick - 3))

    @rule(who=WHO, pick=PICK, words=WORDS, kind=st.sampled_from(list(EvidenceKind)))
    def keep_promises_and_evidence(self, who, pick, words, kind):
        desk, row = self.product.desk(who), self.one(PdcaCycle, pick)
        said = Finding(kind, self.day(0), "product", words, quotes=(words,), consent=pick % 2 == 0)
        link = Link(About.CYCLE, row.cycle_id, EvidenceUse.LEARNING)
        found = self.attempt(evidence.add, desk, said, [link])
        if kind is EvidenceKind.TRAINING:
            asked = training.Training(said, "Learn", "ben", self.day(pick))
            self.attempt(training.train, desk, asked)
        promise = self.one(FollowUp, pick)
        if promise is not None:
            self.attempt(followups.redate, desk, promise.follow_up_id, self.day(pick), words)
            self.attempt(followups.fulfil, desk, promise.follow_up_id, found or "")
            self.attempt(followups.drop, desk, promise.follow_up_id, words)

    # what always holds ----------------------------------------------------------------------

    @invariant()
    def records_are_what_was_saved(self):
        assert self.read(verify_records) is None

    @invariant()
    def every_state_was_reached_by_moves_that_the_log_tells(self):
        events = self.rows(Event)
        for table, machine in STATUSES.items():
            for row in self.rows(table):
                told = [
                    event
                    for event in sorted(events, key=lambda each: each.seq)
                    if (event.entity, event.entity_id) == (table.__tablename__, key_of(row))
                    and event.to_status is not None
                ]
                path = [machine(event.to_status) for event in told]
                assert path[-1] == row.status
                assert [event.from_status for event in told[1:]] == [s.value for s in path[:-1]]
                assert all(now is then or may_follow(now, then) for now, then in pairwise(path))

    @invariant()
    def nothing_that_was_kept_is_lost_or_altered(self):
        now = {}
        for mapper in Base.registry.mappers:
            table = mapper.class_
            if table in NOT_TOLD:
                continue
            for row in self.rows(table):
                content = columns_of(row) if table.insert_only else None
                now[table.__tablename__, key_of(row)] = content
        assert now.keys() >= self.kept.keys()
        assert all(now[name] == content for name, content in self.kept.items())
        self.kept = now

    @precondition(lambda self: self.published)
    @invariant()
    def published_minutes_are_the_same_bytes(self):
        desk = self.product.desk("vera")
        for meeting_id, text in self.published.items():
            assert minutes.published(desk, meeting_id).text == text

    def teardown(self):
        """At the end somebody changes a row behind the back of the program, and is found."""
        tables = sorted({name for name, _ in self.kept} & TAMPERING.keys())
        table = tables[len(self.kept) % len(tables)]
        self.store.close()
        with closing(sqlite3.connect(self.product.folder / "records.db")) as raw, raw:
            triggers = raw.execute("select name from sqlite_master where type = 'trigger'")
            for (name,) in triggers.fetchall():
                raw.execute(f"drop trigger {name}")
            first = f"(select min(rowid) from {table})"
            raw.execute(f"update {table} set {TAMPERING[table]} where rowid = {first}")
        assert self.read(verify_records) is not None, table


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_no_move_breaks_the_records(product, stages, steps, card, asked, people, tmp_path_factory):
    seen = Counter()

    def machine():
        folder = tmp_path_factory.mktemp("moved")
        made = type(product)(folder, stages, "sqlite:///records.db")
        made.data("before", people)
        return Moves(made, steps, card, asked, seen)

    run_state_machine_as_test(machine, settings=FEW)
    wanted = {"lock", "run_check", "send_preread", "start", "end", "publish", "promise", "fulfil"}
    assert wanted | {"refused"} <= seen.keys(), seen
