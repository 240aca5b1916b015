"""Notices → messages: one a kind, in plain text that no channel takes for anything else. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines.reviews.notify.notices import Notice

# A message is read on a phone; a digest is one text of many lines.
MOST_TOLD = 12
LONGEST_TEXT = 4_000
LONGEST_SUBJECT = 120
_ONE_AND_MANY = {
    "import_held": ("file was not let in", "files were not let in"),
    "check_due": ("Check is due", "Checks are due"),
    "follow_up_overdue": ("follow-up is overdue", "follow-ups are overdue"),
    "guard_rail_breach": ("guard-rail shows harm", "guard-rails show harm"),
}
_ALONE = {"refresh_failed": "the refresh failed", "digest": "the week in numbers"}


@dataclass(frozen=True)
class Message:
    """What is sent.

    Attributes:
        kind: One of `NOTICES` of `[notify] on`.
        keys: Of the notices in it.
        subject: One line.
        body: Plain text.
    """

    kind: str
    keys: tuple[str, ...]
    subject: str
    body: str


def messages(
    notices: Sequence[Notice], product: str, asked_for: Collection[str]
) -> tuple[Message, ...]:
    """One message for each kind that is asked for, in the order of `[notify] on`.

    Args:
        notices: Of which nobody was told yet.
        product: Its name, for the subject.
        asked_for: `[notify] on`.
    """
    return tuple(
        _message(kind, some, product)
        for kind in dict.fromkeys(asked_for)
        if (some := [notice for notice in notices if notice.kind == kind])
    )


def plain_lines(text: str) -> str:
    r"""Text from data as text: line ends stay, all else that steers a reader's program goes.

    >>> plain_lines("a\x1b[31m\r\nb\u202ec")
    'a [31m\nb c'
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(
        "".join(mark if mark.isprintable() else " " for mark in line) for line in lines
    )


def one_line(text: str, longest: int) -> str:
    r"""Text for a header: one line, which ends no header and begins none.

    >>> one_line("Sprout\r\nBcc: all@example.org", 120)
    'Sprout Bcc: all@example.org'
    """
    words = " ".join(plain_lines(text).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _message(kind: str, some: Sequence[Notice], product: str) -> Message:
    what = _ALONE.get(kind) or _counted(len(some), *_ONE_AND_MANY[kind])
    body = [_cut(plain_lines(notice.text)) for notice in some[:MOST_TOLD]]
    if len(some) > MOST_TOLD:
        body.append(f"And {len(some) - MOST_TOLD} more, which the dashboard lists.")
    return Message(
        kind=kind,
        keys=tuple(notice.key for notice in some),
        subject=one_line(f"{product}: {what}", LONGEST_SUBJECT),
        body="\n\n".join(body),
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
