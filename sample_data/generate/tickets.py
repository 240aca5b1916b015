"""Help desk tickets and comments in the tables of the help desk's loader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.people import People, User
from sample_data.generate.phrases import phrase
from sample_data.generate.stories import (
    CHECKOUT_BROKEN_AT,
    CHECKOUT_FIXED_AT,
    ONBOARDING_AT,
    export_complaints_expected,
)
from sample_data.generate.ticket_texts import CHECKOUT, EXPORT_SLOW, ONBOARDING, TOPICS, Topic
from sample_data.generate.timeline import (
    DATA_END,
    DATA_START,
    FIRST_DAY,
    WEEKDAY_WEIGHT,
    busyness,
    days,
    instant,
    naive,
)
from sample_data.generate.writing import Row

AGENTS = ("9001", "9002", "9003", "9004")
CHECKOUT_TICKETS_PER_WEEK = 13.0
SYNCED = naive(DATA_END)


@dataclass(frozen=True)
class Ticket:
    """One conversation: who asked what, who answered when, and how it stands."""

    number: int
    topic: Topic
    user: User
    created_at: datetime
    subject: str
    body: str
    agent: str
    answered_at: datetime
    answer: str
    has_note: bool
    solved_at: datetime
    channel: str
    is_deleted: bool

    @property
    def status(self) -> str:
        """As the help desk shows it when the data end."""
        if self.is_deleted:
            return "deleted"
        if self.solved_at < DATA_END - timedelta(days=28):
            return "closed"
        if self.solved_at < DATA_END:
            return "solved"
        return "open" if self.answered_at < DATA_END else "new"


def simulated_tickets(people: People) -> list[Ticket]:
    """All tickets in order of time; more customers ask more."""
    dice = Dice("tickets")
    customers = [u for u in people.users if not (u.account.is_internal or u.account.is_test)]
    planned = [
        (instant(day, dice.whole(7, 19), dice.whole(0, 59), dice.whole(0, 59)), topic)
        for day in days()
        for topic in (*TOPICS, ONBOARDING, CHECKOUT, EXPORT_SLOW)
        for _ in range(dice.count(_expected(topic, day)))
    ]
    planned.sort(key=lambda plan: (plan[0], plan[1].code))
    known = [
        (at, topic, [user for user in customers if user.signed_up_at < at]) for at, topic in planned
    ]
    asked = [(at, topic, users) for at, topic, users in known if users]
    return [
        _ticket(number, topic, dice.pick(users), at, dice)
        for number, (at, topic, users) in enumerate(asked, 20001)
    ]


def _expected(topic: Topic, day: date) -> float:
    noon = instant(day, 12)
    weekly = topic.per_week * (0.5 + (day - FIRST_DAY).days / 400)
    if topic is EXPORT_SLOW:
        weekly = export_complaints_expected(day)
    if topic is CHECKOUT and CHECKOUT_BROKEN_AT <= noon < CHECKOUT_FIXED_AT:
        weekly = CHECKOUT_TICKETS_PER_WEEK
    if topic is ONBOARDING and noon >= ONBOARDING_AT:
        weekly *= 0.35
    return weekly * busyness(day) / sum(WEEKDAY_WEIGHT)


def _ticket(number: int, topic: Topic, user: User, created_at: datetime, dice: Dice) -> Ticket:
    answered_at = created_at + timedelta(hours=0.3 + 30 * dice.share() ** 2.5)
    slow = 3.0 if topic is EXPORT_SLOW else 1.0
    return Ticket(
        number=number,
        topic=topic,
        user=user,
        created_at=created_at,
        subject=dice.pick(topic.subjects),
        body=phrase(topic.bodies, dice),
        agent=dice.pick(AGENTS),
        answered_at=answered_at,
        answer=dice.pick(topic.answers),
        has_note=dice.chance(0.15),
        solved_at=answered_at + timedelta(hours=slow * 90 * dice.share() ** 2),
        channel=dice.weighted((("email", 55), ("web", 35), ("chat", 10))),
        is_deleted=dice.chance(0.012),
    )


def ticket_rows(tickets: list[Ticket]) -> list[Row]:
    """One row per ticket; the accounts' ids stand as organisations."""
    return [
        {
            "id": ticket.number,
            "_fivetran_synced": SYNCED,
            "allow_channelback": "FALSE",
            "assignee_id": ticket.agent if ticket.answered_at < DATA_END else "",
            "brand_id": "7001",
            "created_at": naive(ticket.created_at),
            "description": ticket.body,
            "group_id": "7101",
            "has_incidents": "FALSE",
            "is_public": "TRUE",
            "organization_id": ticket.user.account.account_id,
            "priority": "normal",
            "requester_id": ticket.user.user_id,
            "status": ticket.status,
            "subject": ticket.subject,
            "submitter_id": ticket.user.user_id,
            "type": ticket.topic.kind,
            "updated_at": naive(_updated_at(ticket)),
            "via_channel": ticket.channel,
            "merged_ticket_ids": "[]",
        }
        for ticket in tickets
    ]


def _updated_at(ticket: Ticket) -> datetime:
    known = (ticket.created_at, ticket.answered_at, ticket.solved_at)
    return max(at for at in known if at < DATA_END)


def comment_rows(tickets: list[Ticket]) -> list[Row]:
    """The question, sometimes an internal note, and the first public answer of each ticket."""
    said = [entry for ticket in tickets for entry in _entries(ticket) if entry[0] < DATA_END]
    return [
        {
            "id": f"{500000 + number}",
            "_fivetran_synced": SYNCED,
            "body": body,
            "created": naive(at),
            "facebook_comment": "FALSE",
            "public": public,
            "ticket_id": ticket_id,
            "tweet": "FALSE",
            "user_id": user_id,
            "voice_comment": "FALSE",
        }
        for number, (at, ticket_id, user_id, public, body) in enumerate(said, 1)
    ]


def _entries(ticket: Ticket) -> Iterator[tuple[datetime, int, str, str, str]]:
    yield (ticket.created_at, ticket.number, ticket.user.user_id, "TRUE", ticket.body)
    if ticket.has_note:
        halfway = ticket.created_at + (ticket.answered_at - ticket.created_at) / 2
        yield (halfway, ticket.number, ticket.agent, "FALSE", "Looking into it.")
    yield (ticket.answered_at, ticket.number, ticket.agent, "TRUE", ticket.answer)


def agent_rows() -> list[Row]:
    """One row per agent; requesters are known from the tickets."""
    return [
        {
            "id": agent,
            "_fivetran_synced": SYNCED,
            "active": "TRUE",
            "created_at": naive(DATA_START),
            "locale": "en-US",
            "name": f"Agent {number}",
            "role": "agent",
            "suspended": "FALSE",
            "time_zone": "Berlin",
            "updated_at": naive(DATA_START),
        }
        for number, agent in enumerate(AGENTS, 1)
    ]
