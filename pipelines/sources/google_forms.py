"""Google Forms answers: first column Timestamp, then one column per question."""

from collections.abc import Iterable, Iterator, Sequence

from pipelines.sources.definition import Context, Fingerprint, Made, Preset, Record, Refused
from pipelines.sources.survey_columns import SurveyColumn, is_personal, survey_column
from pipelines.sources.survey_rows import TABLES, Respondent, survey_rows
from pipelines.sources.written_times import column_times

_MAIL = ("email address", "e-mail address", "email", "e-mail", "username")
_COMMENT_WORDS = ("why", "comment", "tell us more", "please explain", "reason for your", "warum")


def google_forms_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """One response per record; a record without a readable time is refused.

    A free-text column right behind a scored one that asks why is its comment.
    """
    listed = list(records)
    if not listed:
        return
    keys = list(listed[0].values)
    texts = dict(zip(keys, context.header_rows[0] if context.header_rows else keys, strict=True))
    filled = {record.no: str(record.values[keys[0]]) for record in listed if record.values[keys[0]]}
    times = column_times(filled, texts[keys[0]], context)
    yield from times.remarks
    readable = []
    for record in listed:
        if times.at.get(record.no) is None:
            raw = str(record.values[keys[0]] or "")
            yield Refused(record.no, texts[keys[0]], raw, "bad_time", f"'{raw}' is no time.")
        else:
            readable.append(record)
    columns = _columns(readable, keys[1:], texts, context)

    def respondent(record: Record) -> Respondent:
        mail = next((record.values[key] for key in keys if key in _MAIL), None)
        return Respondent(times.at[record.no], "exact", respondent_key=mail or None)

    yield from survey_rows(readable, columns, context, respondent)


def _columns(
    records: Sequence[Record], keys: Sequence[str], texts: dict[str, str], context: Context
) -> list[SurveyColumn]:
    found: list[SurveyColumn] = []
    for key in keys:
        text = " ".join(texts[key].split())
        if is_personal(text):
            continue
        column = survey_column(
            key, text, [record.values.get(key) for record in records], context, None
        )
        if column is None:
            continue
        before = found[-1] if found else None
        if before and before.kind == "scored" and _is_comment(column):
            found[-1] = SurveyColumn(**{**vars(before), "comment_key": key})
        else:
            found.append(column)
    return found


def _is_comment(column: SurveyColumn) -> bool:
    return column.kind == "text" and any(word in column.text.casefold() for word in _COMMENT_WORDS)


PRESETS = (
    Preset(
        id="google_forms_csv",
        version="2",
        title="Google Forms",
        fingerprint=Fingerprint(
            first="timestamp",
            forbidden=frozenset({"event", "event_name", "user_id", "distinct_id"}),
        ),
        tables=TABLES,
        records=google_forms_rows,
    ),
)
