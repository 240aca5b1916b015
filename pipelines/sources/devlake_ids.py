"""Ids and links of DevLake's flat tables."""

from pipelines.sources.definition import Context


def own_id(devlake_id: str | None) -> str | None:
    """The tool's own id at the end of DevLake's.

    >>> own_id("jira:JiraSprint:2:7")
    '7'
    """
    return devlake_id.rpartition(":")[2] if devlake_id else None


def sprints_by_issue(context: Context) -> dict[str, list[str]]:
    """DevLake's issue id → sprints it is in now, from the table that only links them."""
    found: dict[str, list[str]] = {}
    for link in context.siblings.get("devlake_sprint_issues", ()):
        sprint = own_id(link.values.get("sprint_id"))
        if sprint:
            found.setdefault(str(link.values.get("issue_id")), []).append(sprint)
    return {issue: sorted(ids, key=lambda key: (len(key), key)) for issue, ids in found.items()}


def last_resolutions(context: Context) -> dict[str, str]:
    """DevLake's issue id → how it was resolved, which only the changelog tells."""
    changes = [
        (str(record.values.get("created_date")), record.values)
        for record in context.siblings.get("devlake_issue_changelogs", ())
        if str(record.values.get("field_name")).casefold() == "resolution"
    ]
    found: dict[str, str] = {}
    for _, values in sorted(changes, key=lambda change: change[0]):
        issue, after = str(values.get("issue_id")), values.get("original_to_value")
        if after:
            found[issue] = str(after)
        else:
            found.pop(issue, None)
    return found
