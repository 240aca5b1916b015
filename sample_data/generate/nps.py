"""The relationship survey: three waves as a German CSV, and who was asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.events import active_users_between
from sample_data.generate.people import User
from sample_data.generate.phrases import phrase
from sample_data.generate.sessions import Happening
from sample_data.generate.stories import EXPORT_SLOWS_ON, LAUNCH_ON, NPS_WAVES
from sample_data.generate.survey_texts import (
    NPS_DETRACTOR,
    NPS_EXPORT,
    NPS_LAUNCH,
    NPS_PASSIVE,
    NPS_PROMOTER,
)
from sample_data.generate.timeline import BERLIN, instant, iso
from sample_data.generate.writing import Row

SURVEY_ID = "relationship"
SCORE = "Wie wahrscheinlich empfehlen Sie Lumen weiter?"
NPS_HEADER = ("Antwort-Nr", "Welle", "Datum", "Nutzer-Nr", "Kunden-Nr", SCORE, "Warum?", "Status")
EXPOSURE_HEADER = (
    "survey_id", "exposure_id", "exposure_kind", "exposed_at", "user_id", "account_id",
    "channel_code",
)  # fmt: skip
ASKED_AT_MOST = 540
OPENS, STARTS, FINISHES = 0.66, 0.74, 0.93  # each of those who did the step before
NO_ANSWER = "keine Angabe"


@dataclass(frozen=True)
class Wave:
    """One wave's answers and its invitations' histories."""

    name: str
    answers: tuple[Row, ...]
    exposures: tuple[Row, ...]


def simulated_waves(happenings: list[Happening]) -> list[Wave]:
    """The three waves, each to people seen in the four weeks before."""
    dice = Dice("nps")
    return [
        _wave(name, day, (promoters, detractors), happenings, dice)
        for name, day, promoters, detractors in NPS_WAVES
    ]


def _wave(
    name: str, day: date, shares: tuple[float, float], happenings: list[Happening], dice: Dice
) -> Wave:
    sent_at = instant(day, 9)
    candidates = [
        user
        for user in active_users_between(happenings, sent_at - timedelta(days=28), sent_at)
        if not (user.account.is_internal or user.account.is_test)
    ]
    keep = min(1.0, ASKED_AT_MOST / len(candidates))
    asked = [user for user in candidates if dice.chance(keep)]
    answers: list[Row] = []
    exposures: list[Row] = []
    for number, user in enumerate(asked, 1):
        invitation = f"{name}-{number:04d}"
        sent = sent_at + timedelta(seconds=number)
        if dice.chance(0.02):
            exposures.append(_exposure(invitation, "bounced", sent, user))
            continue
        exposures.append(_exposure(invitation, "delivered", sent, user))
        _answer(invitation, user, sent, (name, day, shares), (answers, exposures), dice)
    answers.sort(key=lambda row: (str(row["Datum"])[6:10], str(row["Datum"])[3:5],
                                  str(row["Datum"])[:2], str(row["Antwort-Nr"])))  # fmt: skip
    return Wave(name, tuple(answers), tuple(exposures))


def _answer(
    invitation: str,
    user: User,
    sent: datetime,
    wave: tuple[str, date, tuple[float, float]],
    into: tuple[list[Row], list[Row]],
    dice: Dice,
) -> None:
    """Open, start and finish the form, or stop on the way."""
    name, day, shares = wave
    answers, exposures = into
    opened = sent + timedelta(hours=0.2 + 280 * dice.share() ** 3)
    if not dice.chance(OPENS):
        return
    exposures.append(_exposure(invitation, "opened", opened, user))
    started = opened + timedelta(seconds=dice.whole(5, 90))
    if not dice.chance(STARTS if user.is_activated else STARTS - 0.25):
        return
    exposures.append(_exposure(invitation, "started", started, user))
    finished = started + timedelta(seconds=dice.whole(20, 200))
    is_finished = dice.chance(FINISHES)
    score = _score(shares, dice)
    if is_finished:
        exposures.append(_exposure(invitation, "completed", finished, user))
    answers.append(
        {
            "Antwort-Nr": invitation,
            "Welle": name,
            "Datum": finished.astimezone(BERLIN).strftime("%d.%m.%Y %H:%M"),
            "Nutzer-Nr": user.user_id,
            "Kunden-Nr": user.account.account_id,
            SCORE: score if is_finished else NO_ANSWER,
            "Warum?": _reason(score, day, dice) if is_finished else "",
            "Status": "fertig" if is_finished else "abgebrochen",
        }
    )


def _exposure(invitation: str, kind: str, at: datetime, user: User) -> Row:
    return {
        "survey_id": SURVEY_ID,
        "exposure_id": invitation,
        "exposure_kind": kind,
        "exposed_at": iso(at),
        "user_id": user.user_id,
        "account_id": user.account.account_id,
        "channel_code": "email",
    }


def _score(shares: tuple[float, float], dice: Dice) -> int:
    promoters, detractors = shares
    draw = dice.share()
    if draw < promoters:
        return 10 if dice.chance(0.45) else 9
    if draw < promoters + detractors:
        return dice.weighted(((6, 38), (5, 27), (4, 13), (3, 9), (2, 6), (1, 2), (0, 5)))
    return 8 if dice.chance(0.58) else 7


def _reason(score: int, day: date, dice: Dice) -> str:
    """A comment from about four in ten; what it is about follows the calendar."""
    if not dice.chance(0.42):
        return ""
    lowest_promoter, lowest_passive = 9, 7
    if score >= lowest_promoter:
        pool = NPS_PROMOTER + (NPS_LAUNCH * 3 if day >= LAUNCH_ON else ())
    else:
        pool = NPS_PASSIVE if score >= lowest_passive else NPS_DETRACTOR
        pool += NPS_EXPORT * 3 if day >= EXPORT_SLOWS_ON else ()
    return phrase(pool, dice)
