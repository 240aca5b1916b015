"""Survey records → rows of survey_questions, survey_responses and feedback_items.

Shared by the presets of survey tools whose export has one row per respondent and one column
per question. Pure.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.sources.definition import BadCell, Context, Made, Record, Row, Value
from pipelines.sources.survey_columns import (
    NOT_APPLICABLE,
    SurveyColumn,
    is_blank,
    number,
    options,
)

TABLES = ("survey_responses", "survey_questions", "feedback_items")
# One word is a label, not a remark.
_REMARK = re.compile(r"\w+\W+\w+")


@dataclass(frozen=True)
class Respondent:
    """What a preset knows about one record beside its answers.

    Attributes:
        answered_at: UTC, None if unknown.
        time_quality: Of `answered_at`.
        response_id: The tool's own id; None = made from the record's content.
        respondent_key: An e-mail address or id, hashed by the engine.
        is_complete: None where the tool does not say.
    """

    answered_at: datetime | None
    time_quality: str
    response_id: str | None = None
    respondent_key: str | None = None
    is_complete: bool | None = None


@dataclass
class ResponseIds:
    """Ids for records without one: the hash of the content and how often it came before.

    Two respondents may give the very same answers; both count.
    """

    _seen: dict[str, int] = field(default_factory=dict)

    def id_of(self, record: Record) -> str:
        """The id of the next record."""
        cells = "\x1f".join(f"{key}\x1e{value or ''}" for key, value in record.values.items())
        digest = hashlib.sha256(cells.encode()).hexdigest()[:24]
        self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"{digest}-{self._seen[digest]}"


def survey_id(context: Context) -> str:
    """The declared id of the survey, else the source's name."""
    survey = context.source.survey
    return (survey.id if survey else None) or context.source.name


def survey_rows(
    records: Sequence[Record],
    columns: Sequence[SurveyColumn],
    context: Context,
    respondent: Callable[[Record], Respondent],
) -> Iterator[Made]:
    """All rows of a survey file, in file order; the questions stand with the first record."""
    survey = context.source.survey
    wave_id = (survey.wave if survey else None) or (
        survey.wave_on.isoformat() if survey and survey.wave_on else None
    )
    ids = ResponseIds()
    for record in records:
        if record is records[0]:
            for column in columns:
                yield Row(record.no, "survey_questions", _question(column, context))
        who = respondent(record)
        common: dict[str, Value] = {
            "survey_id": survey_id(context),
            "response_id": who.response_id or ids.id_of(record),
            "respondent_key": who.respondent_key,
            "answered_at": who.answered_at,
            "time_quality": who.time_quality,
            "wave_id": wave_id,
            "is_complete": who.is_complete,
        }
        answered = False
        for column in columns:
            for made in _answers(record, column, common):
                answered = answered or isinstance(made, Row)
                yield made
        if not answered and columns:
            blank: dict[str, Value] = {"question_id": columns[0].question_id}
            yield Row(record.no, "survey_responses", {**common, **blank, "answer_state": "blank"})


def _question(column: SurveyColumn, context: Context) -> dict[str, Value]:
    survey = context.source.survey
    scale = column.scale
    return {
        "survey_id": survey_id(context),
        "question_id": column.question_id,
        "question_text": column.text,
        "metric_code": column.metric_code,
        "survey_kind": (survey.kind if survey else None) or "relational",
        "scale_min": scale.min if scale else None,
        "scale_max": scale.max if scale else None,
        "is_higher_better": scale.higher_is_better if scale else None,
    }


def _answers(
    record: Record, column: SurveyColumn, common: Mapping[str, Value]
) -> Iterator[Row | BadCell]:
    """The response row of one question, what was wrong with its cell, and its comment."""
    cell = _cell(record, column)
    comment = (record.values.get(column.comment_key) or "").strip() if column.comment_key else ""
    score: float | None = None
    if column.kind == "scored":
        values, refusal = scored_cell(cell, column)
        if refusal:
            yield BadCell(record.no, column.text, cell, *refusal)
        found = values.get("score")
        score = found if isinstance(found, float) else None
    elif is_blank(cell):
        values = {}
    elif column.kind == "choice":
        ticked = [part if part in column.options else "other" for part in _ticked(record, column)]
        values = {"answer_state": "answered", "answer_code": "; ".join(dict.fromkeys(ticked))}
        if "other" in ticked:
            values["answer_text"] = cell
    else:
        values = {"answer_state": "answered", "answer_text": cell}
    if values:
        question: dict[str, Value] = {"question_id": column.question_id}
        yield Row(record.no, "survey_responses", {**common, **question, **values})
    remark = comment or (cell if column.kind == "text" and _REMARK.search(cell) else "")
    if not is_blank(remark) and remark.casefold() not in NOT_APPLICABLE:
        yield Row(record.no, "feedback_items", _remark(remark, column, score, common))


def _ticked(record: Record, column: SurveyColumn) -> list[str]:
    """The options of an answer."""
    if not column.option_keys:
        return options(_cell(record, column))
    cells = (record.values.get(key) or "" for key, _ in column.option_keys)
    return [" ".join(cell.split()) for cell in cells if not is_blank(cell)]


def _cell(record: Record, column: SurveyColumn) -> str:
    """The answer's text; options that stand in columns of their own are joined."""
    if not column.option_keys:
        return (record.values.get(column.key) or "").strip()
    cells = (record.values.get(key) or "" for key, _ in column.option_keys)
    return "; ".join(cell.strip() for cell in cells if not is_blank(cell))


def scored_cell(cell: str, column: SurveyColumn) -> tuple[dict[str, Value], tuple[str, str] | None]:
    """Score and state of a cell, and code and text of what is wrong with it.

    A value outside the scale is kept out, never clipped; 0 on a scale from 1 is no rating.
    """
    if cell.casefold() in NOT_APPLICABLE:
        return {"answer_state": "not_applicable"}, None
    value = number(cell)
    scale = column.scale
    if is_blank(cell) or scale is None or (value == 0 and scale.min == 1):
        return {"answer_state": "blank"}, None
    if value is None:
        text = f"'{column.text}': label '{cell}' has no number."
        return {"answer_state": "unmapped"}, ("unknown_label", text)
    if not scale.min <= value <= scale.max:
        text = (
            f"'{column.text}' is declared {scale.min:g}–{scale.max:g} but holds {value:g}. "  # noqa: RUF001
            "The answer is left out of the score."
        )
        return {"answer_state": "out_of_scale"}, ("off_scale", text)
    return {"answer_state": "answered", "score": value}, None


def _remark(
    text: str, column: SurveyColumn, score: float | None, common: Mapping[str, Value]
) -> dict[str, Value]:
    """A comment as feedback; the score beside it says more about it than its words."""
    scale = column.scale if score is not None else None
    return {
        "feedback_id": f"{common['survey_id']}/{common['response_id']}/{column.question_id}",
        "revision_no": 1,
        "feedback_kind": "survey_comment",
        "submitted_at": common["answered_at"],
        "time_quality": common["time_quality"],
        "user_id": None,
        "rating": score,
        "scale_min": scale.min if scale else None,
        "scale_max": scale.max if scale else None,
        "title_text": None,
        "body_text": text,
        "channel_code": "survey",
    }
