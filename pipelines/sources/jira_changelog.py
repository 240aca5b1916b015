"""Jira: from an issue's histories to rows of work_item_changes.

Histories come newest first from some endpoints and oldest first from others; creation writes
none. So they are sorted, and what the item was created with is found by walking back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.sources.definition import Row
from pipelines.sources.jira_values import id_list, joined, moment, number_text

POINTS_NAMES = frozenset({"story points", "story point estimate"})
_FIELD_CODES = {
    "status": "status",
    "resolution": "resolution",
    "sprint": "sprint",
    "timeoriginalestimate": "estimate",
    "flagged": "flag",
    "priority": "priority",
    "parent": "parent",
    "issueparentassociation": "parent",
    "issuetype": "type",
    "fix version": "fix_version",
    "duedate": "due",
}
# What an item may be created with and no history item tells.
_SET_AT_CREATION = ("status", "sprint", "points", "fix_version")


@dataclass(frozen=True)
class Item:
    """One change of one field, as the history tells it.

    Attributes:
        moved_at: When, with offset.
        history: Id of the save that made it; items of one save share it.
        field: Jira's own name of the field, case-folded.
        record_no: Of the input record, where a change is a record of its own.
    """

    moved_at: datetime
    history: str
    field: str
    before: Any
    after: Any
    before_label: str | None
    after_label: str | None
    record_no: int | None = None


def code_of(field: str) -> str:
    """The field code for Jira's own name of a field, "" where none fits."""
    return "points" if field in POINTS_NAMES else _FIELD_CODES.get(field, "")


def items_of(issue: Mapping[str, Any], points_ids: frozenset[str]) -> list[tuple[str, Item]]:
    """Every change of an issue, oldest first, with its field code ("" where none fits)."""
    changelog = issue.get("changelog")
    histories = changelog.get("histories") if isinstance(changelog, dict) else None
    found: list[tuple[str, Item]] = []
    for history in histories or []:
        moved_at = moment(history.get("created"))
        if moved_at is None:
            continue
        for entry in history.get("items") or []:
            item = Item(
                moved_at,
                str(history.get("id") or ""),
                str(entry.get("field") or "").casefold(),
                entry.get("from") or None,
                entry.get("to") or None,
                entry.get("fromString") or None,
                entry.get("toString") or None,
            )
            is_points = entry.get("fieldId") in points_ids
            found.append(("points" if is_points else code_of(item.field), item))
    return in_order(found)


def in_order(items: Iterable[tuple[str, Item]]) -> list[tuple[str, Item]]:
    """Oldest first; saves of the same instant by their id, which Jira counts up."""
    return sorted(items, key=lambda pair: (pair[1].moved_at, len(pair[1].history), pair[1].history))


def is_incomplete(issue: Mapping[str, Any]) -> bool:
    """Whether the export holds fewer histories than the issue has."""
    changelog = issue.get("changelog")
    if not isinstance(changelog, dict):
        return False
    total = changelog.get("total")
    return isinstance(total, int) and total > len(changelog.get("histories") or [])


def _values(code: str, item: Item) -> tuple[str | None, str | None]:
    """Before and after, in the form in which all sources write the field."""
    if code in {"points", "estimate"}:
        # Numeric fields carry their value in the label only.
        return (
            number_text(item.before_label if item.before is None else item.before),
            number_text(item.after_label if item.after is None else item.after),
        )
    if code == "sprint":
        return joined(id_list(item.before)), joined(id_list(item.after))
    if code == "flag":
        return item.before_label or item.before, item.after_label or item.after
    before = item.before_label if item.before is None else str(item.before)
    after = item.after_label if item.after is None else str(item.after)
    return before, after


class _Versions:
    """Turns single additions and removals of fix versions into whole sets, walking back."""

    def __init__(self, current: Sequence[str]) -> None:
        self._names = list(current)

    def undo(self, item: Item) -> tuple[str | None, str | None]:
        after = joined(self._names)
        if item.after_label in self._names:
            self._names.remove(item.after_label)
        if item.before_label and item.before_label not in self._names:
            self._names.append(item.before_label)
            self._names.sort()
        return joined(self._names), after


def change_rows(
    record_no: int,
    key: str,
    created_at: datetime,
    items: Sequence[tuple[str, Item]],
    current: Mapping[str, str | None],
) -> Iterator[Row]:
    """Rows of one item's changes, what it was created with first.

    Args:
        record_no: Of the issue.
        key: The item's.
        created_at: When the item was created.
        items: From `items_of`.
        current: Value now of status, sprint, points and fix_version, in the form of changes.
    """
    # Workflow items: an administrator moved the item to another workflow.
    migrations = {item.moved_at for _, item in items if item.field == "workflow"}
    versions = _Versions(id_list(current.get("fix_version")))
    changes: list[tuple[str, Item, str | None, str | None]] = []
    for code, item in reversed(items):
        if code:
            before, after = versions.undo(item) if code == "fix_version" else _values(code, item)
            changes.append((code, item, before, after))
    changes.reverse()
    first = {code: before for code, _, before, _ in reversed(changes)}
    numbers: Counter[tuple[datetime, str]] = Counter()
    for code in _SET_AT_CREATION:
        value = first.get(code, current.get(code))
        if value is not None:
            numbers[created_at, code] += 1
            yield _row(record_no, key, created_at, numbers[created_at, code], code, {
                "to_value": value, "change_origin": "reconstructed",
            })  # fmt: skip
    for code, item, before, after in changes:
        numbers[item.moved_at, code] += 1
        number = numbers[item.moved_at, code]
        yield _row(item.record_no or record_no, key, item.moved_at, number, code, {
            "from_value": before,
            "to_value": after,
            "from_label": item.before_label,
            "to_label": item.after_label,
            "is_migration": code == "status" and item.moved_at in migrations,
            "change_origin": "reported",
        })  # fmt: skip


def _row(  # noqa: PLR0913, PLR0917 (the key of the table, column by column)
    record_no: int,
    key: str,
    changed_at: datetime,
    change_no: int,
    code: str,
    values: Mapping[str, str | bool | None],
) -> Row:
    return Row(
        record_no,
        "work_item_changes",
        {
            "work_item_key": key,
            "changed_at": changed_at,
            "change_no": change_no,
            "field_code": code,
            "is_migration": False,
            **values,
        },
    )


def field_ids(issues: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Case-folded field name → its ids, as far as histories and `names` tell.

    Field ids differ per site, so they are never built in.
    """
    found: dict[str, set[str]] = {}
    for issue in issues:
        for field_id, name in (issue.get("names") or {}).items():
            found.setdefault(str(name).casefold(), set()).add(field_id)
        changelog = issue.get("changelog")
        for history in (changelog or {}).get("histories") or []:
            for entry in history.get("items") or []:
                if entry.get("fieldId"):
                    name = str(entry.get("field")).casefold()
                    found.setdefault(name, set()).add(str(entry["fieldId"]))
    return {name: frozenset(ids) for name, ids in found.items()}
