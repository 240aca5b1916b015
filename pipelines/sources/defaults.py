"""What Launchloop fills in where a file leaves a required column out (imports.md 2)."""

from pipelines.engines.duckdb import quoted
from pipelines.sources.definition import Context
from pipelines.sources.tables import Column, Table

_FIXED = {
    "change_origin": "reported",
    "link_origin": "reported",
    "snapshot_origin": "reported",
    "time_quality": "exact",
    "answer_state": "answered",
    "discount_kind": "none",
    "channel_code": "unknown",
    "service_id": "unknown",
    "repo_id": "repository",
}

# Keys that follow from a record's content where the file has none (imports.md 1.5.3).
FROM_CONTENT = frozenset(
    "event_key occurrence_no change_no revision_no payment_id response_id feedback_id".split()
)


def default_sql(table: Table, column: Column, context: Context) -> str | None:  # noqa: PLR0911
    """SQL of the default of an absent or blank required cell; None if there is none.

    May name other columns of the same row by their canonical names.
    """
    if not column.is_required or column.name in FROM_CONTENT:
        return None
    if column.type == "BOOLEAN":
        return "false"
    if column.name == "survey_kind":
        survey = context.source.survey
        return quoted((survey.kind if survey else None) or "relational")
    if column.name == "currency":
        return quoted(context.source.currency or context.workspace.product.currency)
    if column.name == "as_of_at" and context.exported_at:
        return f"cast({quoted(context.exported_at.isoformat())} as timestamptz)"
    if column.name == "product_id":
        return quoted(context.workspace.product.name)
    if table.name == "releases" and column.name == "channel_code":
        return quoted("stable")
    if table.name == "workflow_statuses" and column.name == "status_id":
        return "status_name"
    if table.name == "plans" and column.name == "plan_name":
        return "plan_id"
    if column.name in _FIXED:
        return quoted(_FIXED[column.name])
    return None
