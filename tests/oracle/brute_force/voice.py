"""Surveys and feedback: the latest answer of each person, one survey at a time."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from brute_force.answer import Cell, Key, immature, share, unknown
from brute_force.answer import score as nps
from brute_force.calendar import first_day, next_day, periods
from brute_force.exports import Exports, utc

RELATIONSHIP = "relationship survey"
IN_APP = "in-app survey"
RECOMMEND = "Wie wahrscheinlich empfehlen Sie Lumen weiter?"
WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@dataclass(frozen=True)
class Answer:
    """One scored answer."""

    person: str
    account: str
    answered_at: datetime
    day: date
    wave: str
    score: int
    text: str


def relationship(exports: Exports) -> list[Answer]:
    """The scored answers of the German tool; "keine Angabe" is no score."""
    found = []
    for name in exports.names("nps/nps_*.csv"):
        for row in exports.rows(name, ";"):
            if row[RECOMMEND].isdigit():
                written = datetime.strptime(row["Datum"], "%d.%m.%Y %H:%M")
                moment = written.replace(tzinfo=exports.zone)
                found.append(
                    Answer(
                        row["Nutzer-Nr"], row["Kunden-Nr"], moment, written.date(),
                        row["Welle"], int(row[RECOMMEND]), row["Warum?"],
                    )
                )  # fmt: skip
    return found


def in_app(exports: Exports) -> list[Answer]:
    """The scored answers of the form: each row is one person; damaged rows and cells are out."""
    found = []
    for name in exports.names("csat/csat_*.csv"):
        for number, row in enumerate(exports.rows(name)):
            cells = list(row.values())
            is_whole = len(cells) == 3 and WRITTEN_TIME.fullmatch(cells[0])
            if is_whole and is_a_time(cells[0]) and cells[1] in {"1", "2", "3", "4", "5"}:
                written = datetime.fromisoformat(cells[0])
                moment = written.replace(tzinfo=exports.zone)
                person, day, score = f"{name}:{number}", written.date(), int(cells[1])
                found.append(Answer(person, "", moment, day, "", score, cells[2]))
    return found


def is_a_time(text: str) -> bool:
    """Whether a well-formed time exists in the calendar."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def latest(answers: Iterable[Answer]) -> list[int]:
    """The last score of each person."""
    found: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda each: each.answered_at):
        found[answer.person] = answer
    return [answer.score for answer in found.values()]


def nps_of(scores: list[int]) -> Cell:
    """Promoters answer 9 or 10, detractors 0 to 6."""
    return nps(sum(each >= 9 for each in scores), sum(each <= 6 for each in scores), len(scores))


def csat_of(scores: list[int]) -> Cell:
    """Satisfied are 4 and 5 of 5."""
    return share(sum(each >= 4 for each in scores), len(scores))


def nps_by_wave(exports: Exports) -> dict[Key, Cell]:
    """One score per wave; the last one closed before the data end."""
    waves: dict[str, list[Answer]] = defaultdict(list)
    for answer in relationship(exports):
        waves[answer.wave].append(answer)
    return {(wave,): nps_of(latest(taken)) for wave, taken in waves.items()}


def by_period(exports: Exports, source: str, every: str) -> dict[Key, Cell]:
    """NPS or CSAT of the answers given in each period of the survey's history."""
    answers = in_app(exports) if source == IN_APP else relationship(exports)
    until = exports.exported_at(source)
    # The history begins with the first answer to any survey; before its own a score is unknown.
    first = min(each.day for each in in_app(exports) + relationship(exports))
    found: dict[Key, Cell] = {}
    for start in periods(first, exports.local_day(until), every):
        end = next_day(start, every)
        scores = latest(each for each in answers if start <= each.day < end)
        known = csat_of(scores) if source == IN_APP else nps_of(scores)
        is_settled = exports.ends_by(end, until)
        found[(start.isoformat(),)] = known if is_settled else immature(len(scores))
    return found


def response_rate(exports: Exports) -> dict[Key, Cell]:
    """Of the invitations delivered in each wave, how many led to a score."""
    scored = set()
    for name in exports.names("nps/nps_*.csv"):
        rows = exports.rows(name, ";")
        scored |= {row["Antwort-Nr"] for row in rows if row[RECOMMEND].isdigit()}
    delivered: dict[str, set[str]] = defaultdict(set)
    for name in exports.names("nps/invitations_*.csv"):
        for row in exports.rows(name):
            if row["exposure_kind"] == "delivered":
                wave = row["exposure_id"].rpartition("-")[0]
                delivered[wave].add(row["exposure_id"])
    return {(wave,): share(len(ids & scored), len(ids)) for wave, ids in delivered.items()}


def shown_response_rate(exports: Exports) -> dict[Key, Cell]:
    """Of the times the form was shown in each month, how many led to a score."""
    shown = [exports.local_day(utc(row["exposed_at"])) for row in exports.rows("csat/shown.csv.gz")]
    answers = [each.day for each in in_app(exports)]
    found: dict[Key, Cell] = {}
    for month in periods(min(shown), exports.local_day(exports.exported_at(IN_APP)), "month"):
        asked = sum(first_day(each, "month") == month for each in shown)
        scored = sum(first_day(each, "month") == month for each in answers)
        found[(month.isoformat(),)] = share(scored, asked) if asked else unknown()
    return found
