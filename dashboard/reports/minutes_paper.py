"""Published minutes: who met, what was decided by whom and why, promises, corrections. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.exhibits.meeting_words import SOURCE, dates_told
from dashboard.exhibits.minutes_words import signature_told
from dashboard.format import counted, day
from dashboard.reports.calendar import Due
from dashboard.reports.content import Content
from dashboard.reports.frozen_blocks import day_or_dash, freeze_provenance, restated_words
from dashboard.reports.paper import (
    Block,
    Bullets,
    Column,
    Fact,
    Facts,
    Grid,
    Paper,
    Prose,
    Section,
)
from dashboard.reports.preread_paper import kind_told, number_blocks, number_rule
from dashboard.review_words import words
from pipelines.reviews.core.restatement import Since
from pipelines.reviews.core.terms import FollowUpStatus, ItemSource, ItemState, MeetingKind
from pipelines.reviews.meeting.minutes import CorrectionSaid
from pipelines.reviews.meeting.since_review import from_told
from pipelines.reviews.meeting.view import markers_of, numbers_of
from pipelines.reviews.reports.record_reports import MinutesReport

_TALKED = (ItemState.DISCUSSED.value, ItemState.PARKED.value)


@dataclass(frozen=True)
class _Told:
    """Minutes with what their parts need."""

    report: MinutesReport

    @property
    def body(self) -> Mapping[str, Any]:
        """What was published, with what was redacted since covered."""
        return self.report.minutes.shown

    def person(self, person_id: str | None) -> str:
        """The name to show."""
        return self.report.names.get(person_id or "", "nobody")

    def corrections(self, item_id: str | None) -> list[CorrectionSaid]:
        """Later words on one item; of None those on the whole."""
        return [each for each in self.report.minutes.corrections if each.item_id == item_id]


def minutes_content(report: MinutesReport) -> Content:
    """The paper of published minutes, with corrections beside what they correct."""
    told = _Told(report)
    meeting = told.body["meeting"]
    items = [each for each in told.body["items"] if each["state"] in _TALKED]
    held = date.fromisoformat(meeting["held_on"])
    kind = words(MeetingKind(meeting["kind"]))
    paper = Paper(
        title=f"{kind}, {day(held)}",
        kind=kind_told("Minutes", report.team, is_imported=report.is_imported),
        lead=_lead(told),
        provenance=freeze_provenance(
            report.freeze,
            meeting["timezone"],
            restated_words(_changes(told)),
            is_simulated=report.is_simulated,
        ),
        sections=(
            _decided(told, items),
            *(_item(told, place, each) for place, each in enumerate(items, start=1)),
            _proof(told),
        ),
    )
    review = Due("review", meeting["meeting_id"], held, f"{kind}: {report.team}")
    return Content(paper, report.export, (review, *_dues(told)))


def _lead(told: _Told) -> str:
    decisions, promises = len(told.body["decisions"]), len(told.body["follow_ups"])
    said = f"{counted(decisions, 'decision')} and {counted(promises, 'follow-up')}."
    if told.body["decisions"]:
        said += f" First: {told.body['decisions'][0]['text'].rstrip('.')}."
    if told.report.minutes.corrections:
        said += f" {counted(len(told.report.minutes.corrections), 'correction')} since."
    if told.body["meeting"]["label"]:
        said += f" Held with {told.body['meeting']['label']}."
    return said


def _changes(told: _Told) -> list[tuple[str, str, Since]]:
    found = []
    for each in told.body["since_last_review"]:
        series = numbers_of(told.report.freeze, each["subject_id"])
        if series is not None:
            found.append((series.name, series.unit, from_told(each).change))
    return found


def _decided(told: _Told, items: list[Any]) -> Section:
    decisions = tuple(
        (
            each["text"],
            told.person(each["decider_id"]),
            each["rationale"] or "–",
            "; ".join(each["options"]) or "–",
            _day(each["revisit_on"]),
        )
        for each in told.body["decisions"]
    )
    heads = ("Decision", "By", "Why", "Options considered", "Look again")
    grid = Grid("Decisions", tuple(Column(head) for head in heads), decisions,
                "" if decisions else "Nothing was decided.")  # fmt: skip
    return Section(
        "What was decided and promised",
        (
            grid,
            _promises(told, "follow_ups", "Follow-ups", "Nothing was promised."),
            _promises(told, "closed_follow_ups", "Closed in this meeting", "None was closed."),
            *_people(told, items),
        ),
        "Decisions and people",
    )


def _promises(told: _Told, part: str, caption: str, nothing: str) -> Grid:
    rows = tuple(
        (
            each["title"],
            told.person(each["owner_id"]),
            _day(each["due_on"]),
            words(FollowUpStatus(each["status"])),
            each["reason"] or "–",
        )
        for each in told.body[part]
    )
    heads = ("What", "Who", "Due", "State", "Reason")
    return Grid(caption, tuple(Column(head) for head in heads), rows, "" if rows else nothing)


def _people(told: _Told, items: list[Any]) -> list[Block]:
    meeting = told.body["meeting"]
    there = [each["person_id"] for each in told.body["attendees"] if each["present"]]
    away = [each["person_id"] for each in told.body["attendees"] if not each["present"]]
    facts = Facts(
        (
            Fact("Led by", told.person(meeting["facilitator_id"])),
            Fact("Notes by", told.person(meeting["note_taker_id"])),
            Fact("Present", str(len(there)), f"{len(away)} not noted as present"),
            Fact("Talked about", counted(len(items), "item")),
        )
    )
    attendees = Grid(
        "Who was there",
        (Column("Person"), Column("Present")),
        tuple((told.person(each), "yes" if each in there else "no") for each in (*there, *away)),
    )
    folded = [each["subject"] for each in told.body["items"] if each["state"] not in _TALKED]
    blocks: list[Block] = [facts, attendees]
    if folded:
        blocks.append(Bullets(tuple(folded), "Nothing to see"))
    if told.body["left_out"]:
        said = tuple(f"{name}: {why}" for name, why in told.body["left_out"])
        blocks.append(Bullets(said, "Could not be shown"))
    return [*blocks, *_corrections(told, None)]


def _item(told: _Told, place: int, item: Mapping[str, Any]) -> Section:
    series = numbers_of(told.report.freeze, item["subject_id"])
    blocks: list[Block] = []
    if item["reasons"]:
        said = tuple(dates_told(each) for each in item["reasons"])
        blocks.append(Bullets(said, "Why it was here"))
    figures = number_blocks(series, markers_of(series, told.body["markers"])) if series else []
    blocks += [*_check(told, item.get("check")), *figures[:1]]
    if item["note"]:
        blocks.append(Prose(item["note"], "Note"))
    blocks += [
        Prose(
            f"{each['text']}\nBy {told.person(each['decider_id'])}, because: {each['rationale']}",
            "Decision",
        )
        for each in told.body["decisions"]
        if each["item_id"] == item["item_id"]
    ]
    # The table of a chart is long, so it comes last.
    blocks += [*_corrections(told, item["item_id"]), *figures[1:]]
    state, source = words(ItemState(item["state"])), SOURCE[ItemSource(item["source"])]
    if not blocks:
        blocks.append(Prose(f"{state}; nothing was noted."))
    rule = (number_rule(series),) if series else ()
    return Section(item["subject"], (*blocks, *rule), f"Item {place} · {source} · {state}")


def _check(told: _Told, check: Mapping[str, Any] | None) -> list[Block]:
    """The verdict with its signatures; nothing of an item that was not checked."""
    if check is None:
        return []
    signed = [signature_told(each, told.person) for each in check["signatures"]]
    return [Prose("\n".join([check["sentence"], *(signed or ["Nobody has signed it yet."])]),
                  "What the Check found")]  # fmt: skip


def _corrections(told: _Told, item_id: str | None) -> list[Block]:
    found = told.corrections(item_id)
    if not found:
        return []
    rows = tuple(
        (each.text, each.reason, told.person(each.author_id), each.at.date()) for each in found
    )
    heads = ("Correction", "Why", "By", "On")
    note = "Appended after publication; what was published stands unchanged above it."
    return [Grid("Corrected since", tuple(Column(head) for head in heads), rows, note)]


def _proof(told: _Told) -> Section:
    minutes = told.report.minutes
    rows = (
        ("These minutes, as published", minutes.body_hash),
        ("Numbers that the meeting looked at", told.report.freeze.snapshot_id),
        ("Last event of the log before", str(told.body["events_last_hash"])),
        ("This record as JSON", str(told.report.export["hash"])),
    )
    facts = Facts(
        (
            Fact("Version", str(minutes.version)),
            Fact("Published", day(minutes.published_at.date()),
                 f"by {told.person(minutes.published_by)}"),
            Fact("Events in the log", f"{told.body['events_count']:,}", "at publication"),
        )
    )  # fmt: skip
    grid = Grid(
        "Hashes (sha256)",
        (Column("Of"), Column("Hash")),
        rows,
        "Export as JSON and run `launchloop reviews verify FILE` to take them again.",
    )
    return Section("What proves it", (facts, grid), "Record")


def _dues(told: _Told) -> tuple[Due, ...]:
    promises = [
        Due("follow-up", each["follow_up_id"], date.fromisoformat(each["due_on"]), each["title"],
            f"Owner: {told.person(each['owner_id'])}.")
        for each in told.body["follow_ups"]
        if each["status"] == FollowUpStatus.OPEN.value and each["due_on"]
    ]  # fmt: skip
    again = [
        Due("review of a decision", each["decision_id"], date.fromisoformat(each["revisit_on"]),
            f"Look again: {each['text']}")
        for each in told.body["decisions"]
        if each["revisit_on"]
    ]  # fmt: skip
    return (*promises, *again)


def _day(text: str | None) -> str:
    return day_or_dash(date.fromisoformat(text) if text else None)
