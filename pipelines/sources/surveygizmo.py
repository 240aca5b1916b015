"""SurveyGizmo (Alchemer) answers: one row per response, finished or not."""

from collections.abc import Iterable, Iterator

from pipelines.sources.definition import Context, Fingerprint, Made, Preset, Record, Refused
from pipelines.sources.survey_columns import is_personal, survey_column
from pipelines.sources.survey_rows import TABLES, Respondent, survey_rows
from pipelines.sources.written_times import column_times


def surveygizmo_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """One response per record, dated by its submission; `Partial` ones are not complete."""
    listed = list(records)
    if not listed:
        return
    keys = list(listed[0].values)
    texts = dict(zip(keys, context.header_rows[0] if context.header_rows else keys, strict=True))
    times = column_times(
        {record.no: str(record.values["date submitted"] or "") for record in listed},
        "Date Submitted",
        context,
    )
    yield from times.remarks
    columns = []
    for key in keys:
        text = " ".join(texts[key].split())
        if not is_personal(text):
            cells = [record.values.get(key) for record in listed]
            columns.append(survey_column(key, text, cells, context, None))
    readable = []
    for record in listed:
        if times.at[record.no] is None:
            raw = str(record.values["date submitted"] or "")
            yield Refused(record.no, "Date Submitted", raw, "bad_time", f"'{raw}' is no time.")
        else:
            readable.append(record)

    def respondent(record: Record) -> Respondent:
        is_complete = str(record.values["status"]).casefold() == "complete"
        return Respondent(times.at[record.no], "exact", is_complete=is_complete)

    found = [column for column in columns if column]
    yield from survey_rows(readable, found, context, respondent)


PRESETS = (
    Preset(
        id="surveygizmo_csv",
        version="2",
        title="SurveyGizmo",
        fingerprint=Fingerprint(required=frozenset({"time started", "date submitted", "status"})),
        tables=TABLES,
        records=surveygizmo_rows,
    ),
)
