"""Which columns of an unknown file are answers to questions, as `[[question]]` blocks. Pure."""

from collections.abc import Iterator, Sequence

from pipelines.sources.draft_samples import MAX_LABELS, SampledColumn, toml_text
from pipelines.sources.survey_columns import (
    COMMON_SCALES,
    LARGEST_SCALE,
    is_personal,
    metric_code,
    number,
    question_id,
    stated_scale,
)
from pipelines.workspace.sources import Scale

# A header of so many words asks something; a field's name does not.
_WORDS_OF_A_QUESTION = 4
# One such header may be a long name; two are a questionnaire.
_QUESTIONS_OF_A_SURVEY = 2
# A few words among numbers are "no answer" in the survey's language.
_SHARE_OF_NUMBERS = 0.8


def is_survey(columns: Sequence[SampledColumn]) -> bool:
    """Whether the columns are questions rather than fields."""
    asked = [column for column in columns if _asks(column)]
    return any("?" in str(column.origin) for column in asked) or (
        len(asked) >= _QUESTIONS_OF_A_SURVEY
    )


def questions(columns: Sequence[SampledColumn]) -> tuple[list[str], list[SampledColumn]]:
    """The lines of all questions, and the columns that are none."""
    lines: list[str] = []
    left: list[SampledColumn] = []
    ids: set[str] = set()
    for column in columns:
        own = question_id(str(column.origin))
        if not _asks(column) or not column.values or own in ids:
            left.append(column)
            continue
        ids.add(own)
        lines += ["", *_question(own, column)]
    return lines, left


def _asks(column: SampledColumn) -> bool:
    header = str(column.origin)
    if is_personal(header) or column.is_time:
        return False
    return "?" in header or len(header.split()) >= _WORDS_OF_A_QUESTION


def _question(own_id: str, column: SampledColumn) -> Iterator[str]:
    text = str(column.origin)
    numbers = [found for value in column.values if (found := number(value)) is not None]
    yield "[[question]]"
    yield f"id = {toml_text(own_id)}"
    yield f"from = {toml_text(text)}"
    if column.occurrence:
        yield f"occurrence = {column.occurrence}"
    if len(numbers) >= _SHARE_OF_NUMBERS * len(column.values):
        yield from _scored(text, numbers)
        words = [label for label in column.labels if number(label) is None]
        if words:
            shown = ", ".join(toml_text(word) for word in words[:MAX_LABELS])
            yield f"# ? {shown}: add to `missing` of [import], or give it a number in `labels`"
    elif len(column.labels) <= MAX_LABELS and len(column.labels) < len(column.values):
        yield 'metric = "choice"'
        yield "# ? are these steps of a scale? Then give it: metric, scale, and a number per label"
        shown = ", ".join(f"{toml_text(label)} = 1" for label in column.labels)
        yield f"# labels = {{ {shown} }}"
    else:
        yield 'metric = "text"'


def _scored(text: str, numbers: Sequence[float]) -> Iterator[str]:
    low, high = stated_scale(text) or next(
        scale
        for scale in COMMON_SCALES
        if scale == LARGEST_SCALE or all(scale[0] <= value <= scale[1] for value in numbers)
    )
    yield f"metric = {toml_text(metric_code(text, Scale(min=low, max=high)))}"
    yield f"# ? which scale was shown? The answers go from {min(numbers):g} to {max(numbers):g}"
    yield f"scale = {{ min = {low:g}, max = {high:g}, higher_is_better = true }}"
