"""`[[question]]` of a mapping → plans for answers, comments, and the questions themselves."""

import json
from collections.abc import Iterator, Mapping

from pipelines.engines.duckdb import quoted
from pipelines.errors import SourceError
from pipelines.sources import conversion
from pipelines.sources.definition import Context, Value
from pipelines.sources.mapping_file import MappingFile, Origins, QuestionRule
from pipelines.sources.mapping_sql import Cell, Plan, table_plan
from pipelines.sources.raw import Raw
from pipelines.sources.source_columns import Columns
from pipelines.sources.survey_columns import stated_scale
from pipelines.sources.tables import TABLES
from pipelines.workspace.sources import Scale, Survey

RESPONSES = TABLES["survey_responses"]
QUESTIONS = TABLES["survey_questions"]
FEEDBACK = TABLES["feedback_items"]
# "The last 1-2 weeks" is no scale.
_FEWEST_STEPS = 3
# What the question about a scale proposes, by the metric as it was published.
_USUAL_SCALES = {
    "nps": (0.0, 10.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0), "sus": (1.0, 5.0),
    "pmf": (1.0, 3.0), "rating": (1.0, 5.0),
}  # fmt: skip
_SCORED = frozenset(_USUAL_SCALES)


def with_survey(mapping: MappingFile, context: Context) -> MappingFile:
    """The mapping with what the source's `survey` says filled in where the mapping is silent."""
    if mapping.target != "survey_responses":
        return mapping
    survey = context.source.survey or Survey()
    constants = dict(mapping.constants)
    if mapping.questions and "survey_id" not in mapping.columns:
        constants.setdefault("survey_id", context.source.name)
    if survey.id and "survey_id" not in mapping.columns:
        constants["survey_id"] = survey.id
    if survey.wave and not {"wave_id"} & {*constants, *mapping.columns}:
        constants["wave_id"] = survey.wave
    if survey.wave_on and not {"answered_at"} & {*constants, *mapping.columns}:
        # A wave has a day, no hour: midnight in the zone of the source, else of the reports.
        wave_at = context.workspace.instant(survey.wave_on, context.source)
        constants["answered_at"] = wave_at.isoformat()
        constants.setdefault("time_quality", "wave")
    questions = tuple(_scaled(question, survey.scale, context) for question in mapping.questions)
    return mapping.model_copy(update={"constants": constants, "questions": questions})


def _scaled(question: QuestionRule, scale: Scale | None, context: Context) -> QuestionRule:
    """A scored question with the scale of its source where it declares none.

    Raises:
        SourceError: `ask_scale`: nobody declares one; `scale_conflict`: the question's own words
            name another one.
    """
    if question.metric not in _SCORED:
        return question
    known = question.scale or scale
    text = question.text or str(question.from_[0])
    stated = stated_scale(text)
    is_scale = stated and stated[1] - stated[0] >= _FEWEST_STEPS
    if known and stated and is_scale and stated != (known.min, known.max):
        raise SourceError(
            "scale_conflict",
            f"{context.file_name}: '{text}' says {stated[0]:g}–{stated[1]:g}, the mapping "
            f"{known.min:g}–{known.max:g}. Scores on different scales are not pooled. Which is "
            "right? Correct `scale` of that [[question]], or give it its own `text`.",
        )
    if known is None:
        raise _unscaled(question, text, stated if is_scale else None, context)
    return question.model_copy(update={"scale": known})


def _unscaled(
    question: QuestionRule, text: str, stated: tuple[float, float] | None, context: Context
) -> SourceError:
    """The question about a scale, with a line that answers it if that scale was shown."""
    low, high = stated or _USUAL_SCALES[question.metric]
    return SourceError(
        "ask_scale",
        f"{context.file_name}: '{text}' (question '{question.id}') is scored and declares no "
        "scale"
        + (f"; its text says {low:g}–{high:g}" if stated else "")  # noqa: RUF001
        + ". Which one was shown, and which end is good? Scores on an undeclared scale are not "
        "used. Add the line to its [[question]].",
        f"scale = {{ min = {low:g}, max = {high:g}, higher_is_better = true }}",
    )


def _state_sql(question: QuestionRule, text: str, untouched: str, score: str) -> str:
    cases = [
        f"when lower({untouched}) in ('n/a', 'na') then 'not_applicable'",
        f"when {text} is null then 'blank'",
    ]
    if question.metric in _SCORED:
        cases.append(f"when {score} is null then 'unmapped'")
        if question.scale:
            low, high = question.scale.min, question.scale.max
            if low > 0:
                # A zero below the scale is how tools write "no rating".
                cases.append(f"when {score} = 0 then 'blank'")
            cases.append(f"when not {score} between {low} and {high} then 'out_of_scale'")
    return f"case {' '.join(cases)} else 'answered' end"


def _score_sql(question: QuestionRule, text: str, decimal: str | None) -> str:
    labels = " ".join(
        f"when {conversion.folded(quoted(label.strip()))} then cast({number} as double)"
        for label, number in question.labels.items()
    )
    # No scale has thousands, so without a declared mark "4,5" can only be four and a half.
    marks = (decimal,) if decimal else (".", ",")
    numbers = [conversion.decimal_number(text, mark, "DOUBLE") for mark in marks]
    number = f"coalesce({', '.join(numbers)})"
    return f"case {conversion.folded(text)} {labels} else {number} end" if labels else number


def _first_filled(origins: Origins, columns: Columns, occurrence: int | None) -> str:
    """SQL of the first filled text of the origins that the file has."""
    there = [part for part in origins if isinstance(part, int) or columns.has(part)]
    texts = [columns.text(part, occurrence) for part in there or origins[:1]]
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


def _untouched(question: QuestionRule, columns: Columns) -> str:
    """The text as it stands, "N/A" included, where the question has one column only."""
    there = [part for part in question.from_ if isinstance(part, int) or columns.has(part)]
    if len(there) > 1:
        return "cast(null as varchar)"
    return columns.untouched((there or question.from_)[0], question.occurrence)


def answer_plan(
    question: QuestionRule, mapping: MappingFile, raw: Raw, context: Context, columns: Columns
) -> Plan:
    """The plan for the answers to one question: one row per record."""
    base = table_plan(RESPONSES, mapping, raw, context, columns)
    text = _first_filled(question.from_, columns, question.occurrence)
    untouched = _untouched(question, columns)
    header = ", ".join(map(str, question.from_))
    score = _score_sql(question, text, mapping.decimal)
    state = _state_sql(question, text, untouched, score)
    answered = f"({state}) = 'answered'"
    scored = question.metric in _SCORED
    # Filled only where the answer is off the scale or unknown, so that it is listed.
    problem = f"case when ({state}) in ('out_of_scale', 'unmapped') then {text} end"

    def cell(name: str, sql: str, *, typed: str = "{text}") -> Cell:
        return Cell(RESPONSES.column(name), header, sql, typed)

    cells = [
        *(kept for kept in base.cells if kept.column.name not in {"answer_state", "question_id"}),
        cell("question_id", quoted(question.id)),
        cell("answer_state", state),
    ]
    if scored:
        value = f"case when {answered} then cast({score} as varchar) else {problem} end"
        typed = "case when t_answer_state = 'answered' then try_cast({text} as double) end"
        wanted = "an answer of the declared scale"
        if question.scale:
            wanted = f"an answer from {question.scale.min:g} to {question.scale.max:g}"
        cells.append(
            Cell(RESPONSES.column("score"), header, value, typed, code="off_scale", wanted=wanted)
        )
    else:
        cells.append(cell("answer_code" if question.metric == "choice" else "answer_text", text))
    return Plan(RESPONSES, tuple(cells), columns.sources, base.where, privacy=base.privacy)


def comment_plan(
    question: QuestionRule, mapping: MappingFile, raw: Raw, context: Context, columns: Columns
) -> Plan:
    """The plan for the comments beside one question, as feedback items."""
    answers = {
        cell.column.name: cell
        for cell in answer_plan(question, mapping, raw, context, columns).cells
    }
    body = _first_filled(question.comment_from, columns, _comment_occurrence(question, columns))
    header = ", ".join(map(str, question.comment_from))

    def cell(name: str, sql: str, typed: str = "{text}") -> Cell:
        return Cell(FEEDBACK.column(name), header, sql, typed)

    cells = [
        cell("feedback_kind", quoted("survey_comment")),
        cell("body_text", body),
        cell("tag_list", quoted(question.id), "[{text}]"),
    ]
    for target, source in (
        ("submitted_at", "answered_at"), ("time_quality", "time_quality"), ("user_id", "user_id"),
        ("account_id", "account_id"), ("app_version", "app_version"), ("rating", "score"),
    ):  # fmt: skip
        if source in answers:
            answer = answers[source]
            text = answer.text if source != "score" else _answered_text(answers, answer)
            typed = answer.typed if source != "score" else "try_cast({text} as double)"
            cells.append(Cell(FEEDBACK.column(target), header, text, typed, answer.default))
    if question.scale:
        cells.append(cell("scale_min", quoted(str(question.scale.min)), "cast({text} as double)"))
        cells.append(cell("scale_max", quoted(str(question.scale.max)), "cast({text} as double)"))
    return Plan(
        FEEDBACK, tuple(cells), columns.sources, "true", only="body_text is not null",
        privacy=_respondent_privacy(),
    )  # fmt: skip


def _answered_text(answers: Mapping[str, Cell], score: Cell) -> str:
    """The score's text where it counts; what is off the scale was listed with the answer."""
    return f"case when ({answers['answer_state'].text}) = 'answered' then {score.text} end"


def _comment_occurrence(question: QuestionRule, columns: Columns) -> int | None:
    """Under the score's own header the comment stands right beside it; else it repeats as it."""
    header = question.comment_from[0]
    if header == question.from_[0]:
        return (question.occurrence or 1) + 1
    return question.occurrence if columns.count(header) > 1 else None


def _respondent_privacy() -> dict[str, str]:
    return {"body_text": "mask"}


def question_rows(mapping: MappingFile, context: Context) -> Iterator[dict[str, Value]]:
    """One row of survey_questions per question of the mapping."""
    survey = context.source.survey
    kind = (survey.kind if survey else None) or "relational"
    for question in mapping.questions:
        yield {
            "survey_id": str(mapping.constants.get("survey_id", context.source.name)),
            "question_id": question.id,
            "question_text": question.text or str(question.from_[0]),
            "metric_code": question.metric,
            "survey_kind": kind,
            "scale_min": question.scale_min,
            "scale_max": question.scale_max,
            "is_higher_better": question.is_higher_better,
            "top_box_min": question.top_box_min,
            "labels_json": json.dumps(question.labels, ensure_ascii=False)
            if question.labels
            else None,
        }
