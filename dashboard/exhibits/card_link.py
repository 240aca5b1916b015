"""A metric as a link carries it: from any card to the page on which a cycle begins. Pure."""

from collections.abc import Mapping

from dashboard.question import Question
from pipelines.reviews.core.card import Card

_WHERE, _PICK = "where.", "pick."


def link_of(question: Question) -> dict[str, str]:
    """What the link to a new cycle says about a card.

    >>> link_of(Question("funnel", of="checkout", pick=(("step", 2),)))
    {'metric': 'funnel', 'of': 'checkout', 'pick.step': '2'}
    """
    named = {"metric": question.metric, "of": question.of, "variant": question.variant}
    link = {name: value for name, value in named.items() if value}
    link |= {f"{_WHERE}{name}": value for name, value in question.where}
    return link | {f"{_PICK}{name}": str(value) for name, value in question.pick}


def card_of(link: Mapping[str, str]) -> Card | None:
    """The card that a link means; None where it names no metric.

    >>> card_of({"metric": "funnel", "of": "checkout", "pick.step": "2"}).filters
    {'of': 'checkout', 'pick': {'step': 2}}
    """
    if not link.get("metric"):
        return None
    return Card(
        link["metric"],
        of=link.get("of") or None,
        where=tuple(sorted(_named(link, _WHERE).items())),
        variant=link.get("variant") or None,
        pick=tuple(sorted((name, _typed(text)) for name, text in _named(link, _PICK).items())),
    )


def _named(link: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in link.items() if
            name.startswith(prefix)}  # fmt: skip


def _typed(text: str) -> str | int:
    return int(text) if text.isdecimal() else text
