"""git: commits and tags, as these two lines of shell write them (the second in one line).

    (echo sha,author_id,authored_at,committed_at; git log --all --format=%H,%ae,%aI,%cI)
    (echo tag,created_at,commit_sha; git for-each-ref refs/tags --format='%(refname:short),
    %(creatordate:iso-strict),%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)')

Offsets differ from row to row. Versions are recognised by pattern and never sorted as text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.sources.definition import (
    Context,
    Fingerprint,
    Made,
    Preset,
    Record,
    Refused,
    Row,
)
from pipelines.sources.jira_values import moment
from pipelines.sources.mapping_file import MappingFile, parse_mapping

_CHANNELS = (
    ("stable", re.compile(r"^v?\d+\.\d+\.\d+$")),
    ("nightly", re.compile(r"nightly|snapshot|(^|\D)20\d{6}(\D|$)", re.IGNORECASE)),
    ("prerelease", re.compile(r"^v?\d+\.\d+(\.\d+)?[-.]?(alpha|beta|rc|pre|b)", re.IGNORECASE)),
)
_COMMIT_COLUMNS = {
    "commit_sha": ("sha",),
    "authored_at": ("authored_at",),
    "committed_at": ("committed_at",),
    "author_hash": ("author_id", "author_hash", "author"),
    "parent_count": ("n_parents", "parent_count"),
    "release_id": ("release_id",),
}


def channel_of(tag: str) -> str:
    """Which channel a tag belongs to, by its pattern.

    >>> [channel_of(tag) for tag in ("v0.18.0", "v0.18.0-beta1", "20220520", "test")]
    ['stable', 'prerelease', 'nightly', 'internal']
    """
    return next((name for name, pattern in _CHANNELS if pattern.search(tag)), "internal")


def _commits(header: Sequence[str], context: Context) -> MappingFile:
    columns = {
        column: name
        for column, names in _COMMIT_COLUMNS.items()
        for name in header
        if name in names
    }
    return parse_mapping(
        {
            "import": {"target": "commits"},
            "constants": {"repo_id": context.source.name},
            "columns": columns,
        }
    )


def _tag_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    del context
    for record in records:
        tag, released_at = record.values.get("tag"), moment(record.values.get("created_at"))
        if not tag or released_at is None:
            raw = str(record.values.get("created_at"))[:200]
            text = "A tag needs its name and a time with an offset."
            yield Refused(record.no, "created_at", raw, "bad_required", text)
            continue
        yield Row(
            record.no,
            "releases",
            {
                "release_id": tag,
                "version": str(tag).removeprefix("v") if channel_of(tag) == "stable" else tag,
                "channel_code": channel_of(tag),
                "released_at": released_at,
                "tag_name": tag,
                "commit_sha": record.values.get("commit_sha"),
            },
        )


PRESETS = (
    Preset(
        id="git_commits_csv",
        version="1",
        title="git commits",
        fingerprint=Fingerprint(required=frozenset({"sha", "authored_at", "committed_at"})),
        tables=("commits",),
        mapping=_commits,
    ),
    Preset(
        id="git_tags_csv",
        version="1",
        title="git tags",
        fingerprint=Fingerprint(required=frozenset({"tag", "created_at", "commit_sha"})),
        tables=("releases",),
        records=_tag_rows,
    ),
)
