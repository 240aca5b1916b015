"""What an item of an agenda is about, as the one text by which its record knows it. Pure."""

import json
from enum import StrEnum

from pipelines.reviews.core.card import Card


class About(StrEnum):
    """Kinds of things that a meeting talks about, and that evidence speaks for."""

    METRIC = "metric"
    CYCLE = "pdca_cycle"
    FOLLOW_UP = "follow_up"
    LEDGER_ROW = "outcome_link"
    SOURCE = "source"
    RELEASE = "release"
    MEETING_ITEM = "meeting_item"
    EVIDENCE = "evidence"


def subject_of(about: About, thing_id: str) -> str:
    """The text that an agenda keeps.

    >>> subject_of(About.SOURCE, "helpdesk")
    'source:helpdesk'
    """
    return f"{about.value}:{thing_id}"


def thing_of(subject_id: str) -> tuple[About, str]:
    """What a subject is and its id.

    >>> thing_of("pdca_cycle:c1")
    (<About.CYCLE: 'pdca_cycle'>, 'c1')
    """
    about, _, thing_id = subject_id.partition(":")
    return About(about), thing_id


def metric_subject(card: Card) -> str:
    """The subject of a number; the same number has the same subject in every meeting.

    >>> metric_subject(Card("csat", of="checkout"))
    'metric:csat{"of":"checkout"}'
    """
    return subject_of(About.METRIC, card.metric_id + card.segment_key)


def card_of(subject_id: str | None) -> Card | None:
    """The number that a subject is about; None where it is about something else.

    >>> card_of(metric_subject(Card("csat", of="checkout")))
    Card(metric_id='csat', of='checkout', where=(), variant=None, policy=None, pick=(), every=None)
    """
    if subject_id is None or not subject_id.startswith(f"{About.METRIC.value}:"):
        return None
    _, name = thing_of(subject_id)
    metric_id, brace, rest = name.partition("{")
    return card_of_key(metric_id, brace + rest)


def card_of_key(metric_id: str, segment_key: str, every: str | None = None) -> Card:
    """The number that a freeze knows by these columns."""
    return Card.of_filters(metric_id, json.loads(segment_key) if segment_key else {}, every)
