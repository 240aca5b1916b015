"""The planted stories: what happens to Lumen, when, and how strongly.

Every number that a story moves is defined here and nowhere else; STORIES.md tells it in words.
"""

from datetime import date, datetime, timedelta

from sample_data.generate.timeline import FIRST_DAY, instant, local_day

LAUNCH_ID = "lumen-2"
LAUNCH_ON = date(2026, 5, 4)
LAUNCHED_AT = instant(LAUNCH_ON, 9, 5)

CHECKOUT_BROKEN_AT = instant(date(2026, 6, 16), 14, 10)
CHECKOUT_FIXED_AT = instant(date(2026, 6, 24), 10, 25)

ONBOARDING_AT = instant(date(2026, 7, 14), 10, 40)

PRICE_CHANGE_ON = date(2026, 2, 1)
CAMPAIGN_FROM, CAMPAIGN_TO = date(2026, 9, 7), date(2026, 9, 27)

EXPORT_SLOWS_ON = date(2026, 7, 1)
SLIPPING_SPRINT_ON = date(2026, 4, 13)


def signups_expected(day: date) -> float:
    """Sign-ups per week at that day's pace, before weekday and season."""
    months = (day - FIRST_DAY).days / 30.4
    pace = 24 + 1.0 * months
    if day >= LAUNCH_ON:
        pace *= 2.2 if day < LAUNCH_ON + timedelta(days=14) else 1.3
    if CAMPAIGN_FROM <= day <= CAMPAIGN_TO:
        pace *= 1.3
    return pace


def activation_chance(signed_up_at: datetime) -> float:
    """Chance that a new user shares a report within seven days."""
    if signed_up_at >= ONBOARDING_AT:
        return 0.51
    return 0.37 if signed_up_at >= LAUNCHED_AT else 0.34


def engagement(day: date) -> float:
    """How much more often activated users come back: 1 before the launch."""
    return 1.16 if day >= LAUNCH_ON else 1.0


def checkout_chance(moment: datetime, platform: str) -> float:
    """Chance that a started checkout is completed."""
    if CHECKOUT_BROKEN_AT <= moment < CHECKOUT_FIXED_AT and platform == "web":
        return 0.2
    return 0.66


def export_seconds(day: date) -> float:
    """Typical duration of an export: grows from July 2026 on."""
    late = max(0, (day - EXPORT_SLOWS_ON).days)
    return 4.0 + 0.16 * late


def export_complaints_expected(day: date) -> float:
    """Tickets per week that say exports are slow."""
    late = max(0, (day - EXPORT_SLOWS_ON).days)
    return 0.4 + 0.085 * late


def csat_chance(moment: datetime) -> float:
    """Chance that an in-app answer is a 4 or a 5."""
    day = local_day(moment)
    if CHECKOUT_BROKEN_AT <= moment < CHECKOUT_FIXED_AT:
        return 0.6
    late = max(0, (day - EXPORT_SLOWS_ON).days)
    base = 0.83 if day >= LAUNCH_ON else 0.76
    return base - 0.0011 * late


# NPS waves: name, first day, promoters' share, detractors' share.
NPS_WAVES = (
    ("2025-H2", date(2025, 11, 10), 0.33, 0.27),
    ("2026-H1", date(2026, 5, 25), 0.52, 0.15),
    ("2026-H2", date(2026, 10, 5), 0.48, 0.18),
)
