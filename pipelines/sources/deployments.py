"""Deployments and incidents in DevLake's tables (GitHub, GitLab, PagerDuty).

GitHub's INACTIVE is a success that a later one replaced, and its finish is when that happened:
a deployment is dated by its start. Only environments that a person marked count as production.
"""

from collections.abc import Iterable, Iterator, Mapping

from pipelines.sources.definition import (
    Context,
    Dropped,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Row,
)
from pipelines.sources.jira_values import moment

_RESULTS = {
    "success": "success",
    "inactive": "success",
    "active": "success",
    "completed": "success",
    "failure": "failure",
    "failed": "failure",
    "error": "failure",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "abort": "cancelled",
    "skipped": "cancelled",
    "running": "running",
    "in_progress": "running",
    "queued": "running",
    "pending": "running",
    "created": "unknown",
    "blocked": "unknown",
    "undeployed": "unknown",
}
_KINDS = {
    "production": ("production", "prod", "live"),
    "staging": ("staging", "stage", "preprod", "pre-production", "uat"),
    "test": ("test", "testing", "qa", "ci"),
}


def environment_kind(name: str, production: Iterable[str]) -> str:
    """production, staging, test or other; a person's word on production comes first.

    >>> environment_kind("github-pages", ["github-pages"]), environment_kind("github-pages", [])
    ('production', 'other')
    """
    marked = {text.casefold() for text in production}
    key = name.strip().casefold()
    if marked:
        if key in marked:
            return "production"
        kind = next((kind for kind, names in _KINDS.items() if key in names), "other")
        return "other" if kind == "production" else kind
    return next((kind for kind, names in _KINDS.items() if key in names), "other")


def result_of(values: Mapping[str, str | None]) -> str:
    """The result by the tool's own status, else by DevLake's."""
    for column in ("original_result", "original_status", "result", "status"):
        known = _RESULTS.get((values.get(column) or "").strip().casefold())
        if known:
            return known
    return "unknown"


def _deployment_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    seen: set[str] = set()
    for record in records:
        values = record.values
        key = str(values.get("cicd_deployment_id") or values.get("id"))
        started_at = moment(values.get("started_date")) or moment(values.get("created_date"))
        if started_at is None:
            raw = str(values.get("started_date"))[:200]
            text = "A deployment needs a start with an offset."
            yield Refused(record.no, "started_date", raw, "bad_required", text)
            continue
        if key in seen:
            yield Dropped(record.no, "further commit of the same deployment")
            continue
        seen.add(key)
        environment = values.get("original_environment") or values.get("environment") or ""
        yield Row(
            record.no,
            "deployments",
            {
                "deployment_id": key,
                "service_id": values.get("repo_url") or values.get("cicd_scope_id") or "unknown",
                "environment_code": environment_kind(environment, context.source.production),
                "created_at": moment(values.get("created_date")),
                "started_at": started_at,
                "finished_at": moment(values.get("finished_date")),
                "result_code": result_of(values),
                "commit_sha": values.get("commit_sha"),
            },
        )


def _incident_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    del context
    for record in records:
        values = record.values
        opened_at = moment(values.get("created_date"))
        if opened_at is None:
            raw = str(values.get("created_date"))[:200]
            text = "An incident needs the time it was opened, with an offset."
            yield Refused(record.no, "created_date", raw, "bad_required", text)
            continue
        yield Row(
            record.no,
            "incidents",
            {
                "incident_id": values.get("id"),
                "opened_at": opened_at,
                # An open incident has no end; the time of its last change is none.
                "resolved_at": moment(values.get("resolution_date")),
                "severity_code": values.get("severity") or values.get("urgency"),
                "status_code": values.get("original_status"),
                "title_text": values.get("title"),
                "source_updated_at": moment(values.get("updated_date")),
            },
        )


PRESETS = (
    Preset(
        id="devlake_deployments",
        version="1",
        title="DevLake deployments (GitHub, GitLab)",
        fingerprint=Fingerprint(
            required=frozenset({"cicd_scope_id", "result", "original_environment", "started_date"})
        ),
        tables=("deployments",),
        records=_deployment_rows,
    ),
    Preset(
        id="pagerduty_devlake_csv",
        version="1",
        title="PagerDuty incidents (DevLake)",
        fingerprint=Fingerprint(required=frozenset({"issue_key", "urgency", "original_status"})),
        tables=("incidents",),
        records=_incident_rows,
    ),
)
