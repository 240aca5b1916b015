"""Minutes in words, from their body alone: an old meeting says what it said. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.exhibits.frozen_chart import since_told
from dashboard.exhibits.meeting_words import STATE, dates_told, last_day
from dashboard.format import DASH, day, goal, interval, number, period
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.reviews.core.meeting import Decision, FollowUp
from pipelines.reviews.core.terms import ItemState, Verdict
from pipelines.reviews.meeting.minutes import CorrectionSaid, Published
from pipelines.reviews.meeting.minutes_body import Body
from pipelines.reviews.meeting.since_review import from_told
from pipelines.reviews.meeting.view import MeetingView

Lines = list[tuple[str, str]]


@dataclass(frozen=True)
class ItemLines:
    """One item of the minutes."""

    item_id: str
    subject: str
    state: str
    reasons: str
    number: str
    since: str
    note: str
    verdict: str
    signatures: list[str]
    decisions: Lines


@dataclass(frozen=True)
class Sheet:
    """Minutes as a page shows them.

    Attributes:
        present: Who was there.
        stands: Which freeze, and up to when its data reach.
        items: Those that were talked about or parked.
        folded: With nothing to see.
        lists: Name → lines, of what does not belong to one item.
    """

    present: str
    stands: str
    items: list[ItemLines]
    folded: list[ItemLines]
    lists: Mapping[str, Lines]


def sheet(body: Body, shown: MeetingView, who: Speaker) -> Sheet:
    """The words of a body, of a draft and of published minutes alike.

    Args:
        body: Assembled now, or as it was published.
        shown: Its meeting, for the units of the freeze.
        who: For names.
    """
    series = shown.freeze.series if shown.freeze else ()
    units = {(each.metric_id, each.segment_key): each.unit for each in series}
    items = [_item(each, body, units, who) for each in body["items"]]
    nothing = STATE[ItemState.NOTHING_TO_SEE]
    general = [each for each in body["decisions"] if not each["item_id"]]
    lists: dict[str, Lines] = {}
    if general:
        lists["Other decisions"] = [_decision(each, who) for each in general]
    lists["Follow-ups"] = [_promise(each, who) for each in body["follow_ups"]]
    if body["closed_follow_ups"]:
        lists["Closed in this meeting"] = [_closed(each, who) for each in body["closed_follow_ups"]]
    return Sheet(
        present=_present(body, who),
        stands=_stands(body),
        items=[each for each in items if each.state != nothing],
        folded=[each for each in items if each.state == nothing],
        lists=lists,
    )


def _present(body: Body, who: Speaker) -> str:
    here = [who.name(each["person_id"]) for each in body["attendees"] if each["present"]]
    away = [who.name(each["person_id"]) for each in body["attendees"] if not each["present"]]
    told = [f"Present: {', '.join(here) or 'nobody was noted'}."]
    if away:
        told.append(f"Invited, not noted as present: {', '.join(away)}.")
    if body["meeting"]["label"]:
        told.append(f"{body['meeting']['label'].capitalize()}.")
    return " ".join(told)


def _stands(body: Body) -> str:
    snapshot = body["snapshot"]
    if not snapshot:
        return "No numbers were frozen."
    told = f"Numbers frozen {_day(snapshot['taken_at'])}, snapshot {snapshot['snapshot_id'][:8]}"
    if not snapshot["data_as_of"]:
        return f"{told}."
    return f"{told}, data to {day(last_day(_moment(snapshot['data_as_of'])))}."


def _item(
    item: Mapping[str, Any], body: Body, units: Mapping[tuple[str, str], str], who: Speaker
) -> ItemLines:
    found = [each for each in body["since_last_review"] if each["subject_id"] == item["subject_id"]]
    row = item["number"]
    unit = units.get((row["metric_id"], row["segment_key"]), "") if row else ""
    check = item.get("check")
    return ItemLines(
        item_id=item["item_id"],
        subject=item["subject"],
        state=STATE[ItemState(item["state"])],
        reasons=dates_told(" ".join(dict.fromkeys(item["reasons"]))),
        number=number_told(row, unit),
        since=since_told(from_told(found[0]), unit) if found else "",
        note=item["note"] or "",
        verdict=check["sentence"] if check else "",
        signatures=[signature_told(each, who.name) for each in check["signatures"]]
        if check
        else [],
        decisions=[
            _decision(each, who) for each in body["decisions"] if each["item_id"] == item["item_id"]
        ],
    )


def number_told(row: Mapping[str, Any] | None, unit: str) -> str:
    """A frozen value with its period, interval, n and target; "" of what is no number."""
    if row is None:
        return ""
    of = period(_date(row["period_start"]), _date(row["period_end"]))
    told = [f"{number(row['value'], unit)}, {of}"]
    between = interval(row["lo"], row["hi"], unit)
    if between:
        told.append(f"95 % interval {between}")
    if row["n"] is not None:
        told.append(f"n {row['n']:,.0f}")
    if row["target_value"] is not None:
        told.append(f"target {goal(row['target_value'], unit)}")
    return "; ".join(told) + "."


def signature_told(signed: Mapping[str, Any], name: Callable[[str | None], str]) -> str:
    """Who signed which verdict, with the machine's and the reason where they differ."""
    human, machine = (
        words(Verdict(signed[which] or signed["machine_verdict"]))
        for which in ("human_verdict", "machine_verdict")
    )
    on = f" on {_day(signed['signed_at'])}" if signed["signed_at"] else ""
    told = f"Signed “{human}” by {name(signed['signed_by'])}{on}"
    if human != machine:
        told += f"; the machine says “{machine}”"
    if signed["human_reason"]:
        told += f". Reason: {signed['human_reason'].rstrip('.')}"
    return f"{told}{' (self-signed)' if signed['self_signed'] else ''}."


def decision_told(decision: Decision, who: Speaker) -> str:
    """Who decided, why, from what, and when it is looked at again."""
    return _decision(vars(decision), who)[1]


def promise_told(promise: FollowUp, who: Speaker) -> str:
    """Who, and until when."""
    return _promise(vars(promise), who)[1]


def _decision(row: Mapping[str, Any], who: Speaker) -> tuple[str, str]:
    told = [f"Decided by {who.name(row['decider_id'])}"]
    if row["rationale"]:
        told.append(f"because: {row['rationale']}")
    if row["options"]:
        told.append(f"considered: {', '.join(row['options'])}")
    if row["revisit_on"]:
        told.append(f"looked at again on {_day(row['revisit_on'])}")
    return row["text"], "; ".join(told)


def _promise(row: Mapping[str, Any], who: Speaker) -> tuple[str, str]:
    due = _day(row["due_on"]) if row["due_on"] else DASH
    return row["title"], f"{who.name(row['owner_id'])}, by {due}"


def _closed(row: Mapping[str, Any], who: Speaker) -> tuple[str, str]:
    reason = f": {row['reason']}" if row["reason"] else ""
    return row["title"], f"{who.name(row['owner_id'])}, {row['status']}{reason}"


def corrections_by_item(
    corrections: Sequence[CorrectionSaid], who: Speaker
) -> dict[str, list[str]]:
    """Item → its corrections in words; "" holds those of the minutes as a whole."""
    found: dict[str, list[str]] = {}
    for each in corrections:
        told = (
            f"Correction by {who.name(each.author_id)}, {day(each.at)}: {each.text} "
            f"(reason: {each.reason})"
        )
        found.setdefault(each.item_id or "", []).append(told)
    return found


def published_told(found: Published, who: Speaker) -> str:
    """Who published what, and when."""
    by = who.name(found.published_by)
    return f"Version {found.version}, {day(found.published_at)} by {by}. Hash (SHA-256):"


def open_items(shown: MeetingView) -> list[tuple[str, str]]:
    """(id, subject) of what nobody discussed or parked."""
    return [
        (each.item.item_id, each.item.subject)
        for each in shown.items
        if each.item.state is ItemState.PROPOSED
    ]


def _date(value: date | str) -> date:
    """A body that was stored has its days as ISO text."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _moment(value: datetime | str) -> datetime:
    """A body that was stored has its moments as ISO text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: date | datetime | str) -> str:
    return day(_date(value))
