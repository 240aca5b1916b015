"""Incidents, and notes on the calendar."""

from datetime import date, datetime, timedelta

from sample_data.generate.releases import SERVICE, History
from sample_data.generate.stories import CAMPAIGN_FROM, CAMPAIGN_TO, PRICE_CHANGE_ON
from sample_data.generate.timeline import instant, iso
from sample_data.generate.writing import Row

INCIDENT_HEADER = (
    "incident_id", "service_id", "opened_at", "acknowledged_at", "resolved_at", "severity_code",
    "status_code", "caused_by_deployment_id", "caused_by_release_id", "title_text",
)  # fmt: skip
ANNOTATION_HEADER = (
    "annotation_id", "happened_at", "ended_at", "annotation_kind", "title_text", "product_id",
    "segment_code", "metric_id", "release_id", "item_url",
)  # fmt: skip

# Opened, minutes to acknowledge, resolved, severity, release at fault, title.
INCIDENTS = (
    (instant(date(2025, 9, 16), 13, 2), 9, instant(date(2025, 9, 19), 15, 55), "minor", "v1.2.0",
     "Shared links opened the wrong page"),
    (instant(date(2025, 12, 3), 7, 40), 14, instant(date(2025, 12, 3), 9, 5), "major", "",
     "Sign-in unavailable: certificate expired"),
    (instant(date(2026, 5, 5), 11, 20), 6, instant(date(2026, 5, 5), 12, 48), "minor", "v2.0.0",
     "Summaries delayed under launch load"),
    (instant(date(2026, 6, 16), 16, 40), 55, instant(date(2026, 6, 24), 11, 10), "critical",
     "v2.1.0", "Checkout on the web refuses valid cards"),
    (instant(date(2026, 8, 31), 9, 15), 12, instant(date(2026, 9, 2), 13, 50), "minor", "v2.3.0",
     "Comments shown in the wrong order"),
    (instant(date(2026, 10, 14), 8, 30), 25, None, "major", "",
     "Exports of large reports time out"),
)  # fmt: skip


def incident_rows(history: History) -> list[Row]:
    """One row per incident; the last one is still open."""
    deployed = {
        str(row["release_id"]): row["deployment_id"]
        for row in history.deployments
        if row["release_id"]
    }
    return [
        {
            "incident_id": f"inc-{number:03d}",
            "service_id": SERVICE,
            "opened_at": iso(opened_at),
            "acknowledged_at": iso(opened_at + timedelta(minutes=minutes)),
            "resolved_at": iso(resolved_at) if resolved_at else "",
            "severity_code": severity,
            "status_code": "resolved" if resolved_at else "acknowledged",
            "caused_by_deployment_id": deployed.get(release, ""),
            "caused_by_release_id": release,
            "title_text": title,
        }
        for number, (opened_at, minutes, resolved_at, severity, release, title) in enumerate(
            INCIDENTS, 1
        )
    ]


def annotation_rows() -> list[Row]:
    """One row per note on the calendar."""
    notes: list[tuple[datetime, datetime | None, str, str]] = [
        (instant(date(2025, 12, 22)), instant(date(2026, 1, 5)), "holiday", "Christmas break"),
        (instant(PRICE_CHANGE_ON), None, "price_change",
         "Team plan 39 → 45 EUR for new customers"),
        (instant(CAMPAIGN_FROM), instant(CAMPAIGN_TO + timedelta(days=1)), "campaign",
         "Autumn campaign: paid social and two webinars"),
    ]  # fmt: skip
    return [
        {
            "annotation_id": f"note-{number}",
            "happened_at": iso(at),
            "ended_at": iso(ended_at) if ended_at else "",
            "annotation_kind": kind,
            "title_text": title,
            "product_id": "",
        }
        for number, (at, ended_at, kind, title) in enumerate(notes, 1)
    ]
