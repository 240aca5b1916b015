"""In-app satisfaction: a form's export per month, one of them damaged, and how often shown."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.phrases import phrase
from sample_data.generate.sessions import Happening
from sample_data.generate.stories import (
    CHECKOUT_BROKEN_AT,
    CHECKOUT_FIXED_AT,
    EXPORT_SLOWS_ON,
    csat_chance,
)
from sample_data.generate.survey_texts import CSAT_BAD, CSAT_CHECKOUT, CSAT_EXPORT, CSAT_GOOD
from sample_data.generate.timeline import BERLIN, iso, local_day
from sample_data.generate.writing import Row, csv_text

SURVEY_ID = "in_app"
SCORE = "How satisfied are you with Lumen today?"
COMMENT = "Why? What could we do better?"
CSAT_HEADER = ("Timestamp", SCORE, COMMENT)
SHOWN_PER_VIEW = 0.14
ANSWERS = 0.31
STARTS_ON = date(2025, 6, 1)
DAMAGED_MONTH = "2026-03"


def simulated_csat(happenings: list[Happening]) -> tuple[dict[str, list[Row]], list[Row]]:
    """Answers per month on Berlin's clock, and one exposure per time the form was shown."""
    dice = Dice("csat")
    months: dict[str, list[Row]] = defaultdict(list)
    shown: list[Row] = []
    for happening in happenings:
        account = happening.user.account
        is_own = account.is_internal or account.is_test
        if happening.name != "dashboard_viewed" or is_own or not dice.chance(SHOWN_PER_VIEW):
            continue
        if local_day(happening.at) < STARTS_ON:
            continue
        shown.append(_exposure(len(shown) + 1, happening))
        answered_at = happening.at + timedelta(seconds=dice.whole(4, 50))
        chance = csat_chance(happening.at)
        if dice.chance(ANSWERS):
            stamp = answered_at.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M:%S")
            months[stamp[:7]].append(_answer(stamp, chance, answered_at, dice))
    return months, shown


def _exposure(number: int, happening: Happening) -> Row:
    return {
        "survey_id": SURVEY_ID,
        "exposure_id": f"f{number:05d}",
        "exposure_kind": "shown",
        "exposed_at": iso(happening.at),
        "user_id": happening.user.user_id,
        "account_id": happening.user.account.account_id,
        "channel_code": "in_app",
    }


def _answer(stamp: str, chance: float, at: datetime, dice: Dice) -> Row:
    is_good = dice.chance(chance)
    if is_good:
        score = 5 if dice.chance(0.48) else 4
        pool: tuple[str, ...] = CSAT_GOOD
    else:
        score = dice.weighted(((3, 52), (2, 30), (1, 18)))
        pool = CSAT_BAD
        if local_day(at) >= EXPORT_SLOWS_ON:
            pool += CSAT_EXPORT * 3
        if CHECKOUT_BROKEN_AT <= at < CHECKOUT_FIXED_AT:
            pool = CSAT_CHECKOUT
    comment = phrase(pool, dice) if dice.chance(0.16 if is_good else 0.4) else ""
    return {"Timestamp": stamp, SCORE: score, COMMENT: comment}


def csat_text(month: str, rows: list[Row]) -> str:
    """The month's export; in the damaged month some lines were edited by hand."""
    text = csv_text(CSAT_HEADER, rows)
    return _damaged(text) if month == DAMAGED_MONTH else text


def _damaged(text: str) -> str:
    """Three times that are none, two scores off the scale, and an unquoted comma."""
    lines = text.splitlines()
    edits = {
        5: ("2026-03-32 10:15:00", "4", ""),
        11: ("2026-03-05 14:02:11", "7", ""),
        19: ("end of last week", "5", "Nice and clear."),
        27: ("2026-03-12 09:41:37", "11", ""),
        33: ("2026-02-30 16:20:05", "3", ""),
        41: ("2026-03-20 11:11:48", "2", "Slow", " and the menu is hard to find"),
    }
    for line, cells in edits.items():
        lines.insert(line, ",".join(cells))
    return "\n".join(lines) + "\n"
