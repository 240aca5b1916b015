"""SurveyMonkey answers: two header rows, the lower one saying what a column of a question is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from pipelines.errors import SourceError
from pipelines.sources.definition import Context, Fingerprint, Made, Preset, Record
from pipelines.sources.survey_columns import (
    SurveyColumn,
    is_personal,
    question_id,
    survey_column,
    survey_line,
)
from pipelines.sources.survey_rows import TABLES, Respondent, survey_rows
from pipelines.sources.written_times import ColumnTimes, column_times

_RESPONSE = ("response", "open-ended response")
_TIME_COLUMNS = ("end date", "date modified", "start date", "date created")
# By whether the file holds times and whether this record has one.
_QUALITY = {(True, True): "exact", (True, False): "unknown", (False, True): "wave"}
_MAIL_COLUMNS = ("email address", "email")


def surveymonkey_rows(records: Iterable[Record], context: Context) -> Iterator[Made]:
    """One response per record.

    Raises:
        SourceError: `ask_wave_date` where the file has no times and the source no
            `survey.wave_on`; `ask_scale`, `scale_conflict`, `ask_timezone`.
    """
    listed = list(records)
    if not listed:
        return
    times = _times(listed, context)
    yield from times.remarks
    wave_at = None if times.at else _wave_at(context)
    columns = _columns(listed, context)

    def respondent(record: Record) -> Respondent:
        values = record.values
        answered_at = times.at.get(record.no) if times.at else wave_at
        mail = next((values[key] for key in _MAIL_COLUMNS if values.get(key)), None)
        return Respondent(
            answered_at,
            _QUALITY[bool(times.at), answered_at is not None],
            response_id=values.get("respondent id") or None,
            respondent_key=mail,
        )

    yield from survey_rows(listed, columns, context, respondent)


def _times(records: Sequence[Record], context: Context) -> ColumnTimes:
    """When each record was answered; empty where the export holds no times."""
    for key in _TIME_COLUMNS:
        cells = {record.no: str(record.values[key]) for record in records if record.values.get(key)}
        if cells:
            return column_times(cells, key, context)
    return ColumnTimes()


def _wave_at(context: Context) -> datetime:
    """The start of the declared day of the wave."""
    survey = context.source.survey
    if survey is None or survey.wave_on is None:
        known = context.exported_at.date().isoformat() if context.exported_at else "YYYY-MM-DD"
        raise SourceError(
            "ask_wave_date",
            f"{context.file_name}: holds no dates. On which day did this wave close?",
            survey_line(context, wave_on=known),
        )
    zone = ZoneInfo(context.timezone or context.workspace.product.timezone)
    return datetime.combine(survey.wave_on, time(), tzinfo=zone)


def _columns(records: Sequence[Record], context: Context) -> list[SurveyColumn]:
    """One column per question: its answers, with the free text beside them as comment.

    A question with one column per option (tick all that apply) is one choice.
    """
    found = []
    for text, keys, subheads in _questions(records[0], context):
        if is_personal(text) or not text:
            continue
        answers = [
            key for key, sub in zip(keys, subheads, strict=True) if sub.casefold() in _RESPONSE
        ]
        if not answers:
            found.append(_options_column(text, keys, subheads))
            continue
        comments = [key for key in keys if key not in answers]
        cells = [record.values.get(answers[0]) for record in records]
        column = survey_column(answers[0], text, cells, context, comments[0] if comments else None)
        if column:
            found.append(column)
    return found


def _options_column(text: str, keys: Sequence[str], subheads: Sequence[str]) -> SurveyColumn:
    pairs = tuple(zip(keys, subheads, strict=True))
    return SurveyColumn(
        keys[0],
        question_id(text),
        text,
        "choice",
        "choice",
        options=frozenset(subheads),
        option_keys=pairs,
    )


def _questions(record: Record, context: Context) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each question with the keys of its columns and what the lower header says of them."""
    keys = list(record.values)
    upper = list(context.header_rows[0]) if context.header_rows else _upper(keys)
    lower = list(context.header_rows[1]) if len(context.header_rows) > 1 else _lower(keys)
    upper += [""] * (len(keys) - len(upper))
    lower += [""] * (len(keys) - len(lower))
    start = 0
    while start < len(keys):
        end = start + 1
        while end < len(keys) and not upper[end].strip():
            end += 1
        text = " ".join(upper[start].split())
        yield text, keys[start:end], [" ".join(sub.split()) for sub in lower[start:end]]
        start = end


def _upper(keys: Sequence[str]) -> list[str]:
    """The upper header from keys that were filled from the left: `name`, `name#2`, …."""
    return ["" if "#" in key and key.partition("#")[0] in keys else key for key in keys]


def _lower(keys: Sequence[str]) -> list[str]:
    """Without the lower header: the first column of a question holds its answers."""
    return ["response" if head else "" for head in _upper(keys)]


PRESETS = (
    Preset(
        id="surveymonkey_csv",
        version="2",
        title="SurveyMonkey",
        fingerprint=Fingerprint(second_row=r"(?i)^\s*(open-ended )?response\s*$"),
        tables=TABLES,
        records=surveymonkey_rows,
        header_rows=2,
    ),
)
