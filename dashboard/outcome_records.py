"""The outcome ledger in the records, for a person: as `records`."""

from datetime import date

from dashboard.records import Speaker
from pipelines.reviews import outcomes
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.outcome import page as ledger_page
from pipelines.reviews.outcome.page import Ledger, LedgerLine
from pipelines.reviews.outcomes import Prediction


def ledger(who: Speaker) -> Ledger:
    """Every row and the scorecard, on the newest snapshot.

    Raises:
        NotAllowedError: The person may read nothing.
    """
    return ledger_page.ledger(who.desk)


def without_cycle(who: Speaker, team_id: str) -> list[LedgerLine]:
    """Releases, and items of a team, that belong to no cycle yet; the newest first.

    Raises:
        NotAllowedError: The person may read nothing.
    """
    return [
        line
        for line in ledger(who).lines
        if line.row.cycle_id is None and line.team_id in {None, team_id}
    ]


def may(who: Speaker, permission: Permission, line: LedgerLine) -> bool:
    """For buttons: in the team of an item; of a release, which is everybody's, in any team."""
    if line.team_id is not None:
        return who.may(permission, line.team_id)
    return bool(who.teams(permission))


def predict(who: Speaker, link_id: str, version: int, said: Prediction, key: str) -> None:
    """Writes a prediction, whole or in part."""
    outcomes.predict(who.desk, link_id, version, said, key=key)


def lock(who: Speaker, link_id: str, version: int, key: str) -> None:
    """Locks a prediction."""
    outcomes.lock(who.desk, link_id, version, key=key)


def suggested_review(who: Speaker, card: Card, released_on: date) -> date:
    """The first day on which enough periods after a release are complete.

    Raises:
        UsageError: The metric has no series.
    """
    return outcomes.suggested_review(who.desk, card, released_on)
