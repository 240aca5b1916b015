"""What `mode` of a source or mapping says of its files, and whether the table can be that."""

from pipelines.errors import SourceError
from pipelines.sources.definition import Context
from pipelines.sources.tables import Table

# Where the states of a thing over time belong.
_CHANGES = {"subscriptions": "subscription_changes", "work_items": "work_item_changes"}


def mode_notes(mode: str | None, table: Table, context: Context, *, is_full: bool) -> list[str]:
    """A sentence where a declared mode adds nothing to how rows are loaded anyway.

    Rows of one key update each other in every mode, and a row that is absent stays unless
    `scope = "full"` (imports.md 1.5).

    Args:
        mode: Of the source, else of the mapping.
        table: What the file feeds first.
        context: Names the file.
        is_full: A row that is absent was deleted at the source.

    Raises:
        SourceError: `mode`: the table keeps one state per thing, and a changelog has many; or
            absent changes are to be deleted.
    """
    if mode == "changelog" and table.is_entity:
        better = _CHANGES.get(table.name)
        advice = f"Map it to {better}" if better else 'Write mode = "snapshot"'
        raise SourceError(
            "mode",
            f'{context.file_name}: mode = "changelog" means many states of one thing, but '
            f"{table.name} keep the latest only. {advice}.",
        )
    if mode == "changelog" and is_full:
        raise SourceError(
            "mode",
            f'{context.file_name}: mode = "changelog" and scope = "full" contradict each other: '
            "what happened is not undone by a later file. Keep the one that is right.",
        )
    if mode == "snapshot" and not is_full:
        return [
            "Read as a snapshot: rows that are no longer in it stay. If they were deleted, write "
            'scope = "full".'
        ]
    return []
