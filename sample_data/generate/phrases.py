"""Texts that do not repeat: a statement between an opening and a detail that mean nothing."""

from collections.abc import Sequence

from sample_data.generate.dice import Dice

OPENINGS = ("", "", "", "For us: ", "In our team: ", "Short version: ", "From finance: ",
            "As an admin: ", "Second try: ", "Same as last time: ")  # fmt: skip
DETAILS = (
    " We are {count} people.",
    " We publish {count} reports a month.",
    " Seen in version {count} of the browser.",
    " Our group has {count} viewers.",
    " This is about report {number}.",
    " Workspace {number}.",
    " We started {count} weeks ago.",
    "",
)


def phrase(statements: Sequence[str], dice: Dice) -> str:
    """One of the statements, dressed so that hardly any two are alike."""
    opening, statement, detail = dice.pick(OPENINGS), dice.pick(statements), dice.pick(DETAILS)
    count, number = dice.whole(3, 90), dice.whole(1000, 9999)
    return opening + statement.format(count=count) + detail.format(count=count, number=number)
