"""What the columns of a survey export are: which are scored and on which scale, which are texts.

Pure. The scale is never guessed: it is declared in the source, else it is asked for, and a
question whose own text says another one is asked about.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.errors import SourceError
from pipelines.sources.definition import Context
from pipelines.workspace.sources import Scale

Kind = Literal["scored", "choice", "text"]

# Cells that say "no answer"; the last three say that the question does not apply.
BLANK = frozenset({"", "-", ".", "/", "?", "null", "none"})
NOT_APPLICABLE = frozenset({"n/a", "na", "not applicable"})

# Personal data that no survey table has a place for.
_PERSONAL = re.compile(
    r"^(ip address|email( address)?|e-mail( address)?|username|(first|last|full|your )?\s?name"
    r"|phone( number)?|custom data \d*|respondent id|collector id|start date|end date|timestamp"
    r"|date (created|modified|submitted)|time started|status)$"
)
_STATED = (
    re.compile(r"\b(?P<low>\d+) being [\w ]+, (?P<high>\d+) being\b"),
    re.compile(r"(?P<high>\d+) [-–=] [\w ]+, (?P<low>\d+) [-–=] [\w ]+"),  # noqa: RUF001
    re.compile(r"\b(?P<low>[01])\s?(?:-|–|to)\s?(?P<high>[2-9]|10|100)\b"),  # noqa: RUF001
)
_ALTERNATIVES = re.compile(r"\b(\d+) or (\d+)\b")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_PARTS = re.compile(r"[;,]\s+(?![^()]*\))|;")
# An option is one that several people ticked; most ticks must fall on such.
_TICKS_OF_AN_OPTION = 3
_SHARE_ON_OPTIONS = 0.8
# A few words among numbers are bad cells of a rating, not another kind of question.
_SHARE_OF_NUMBERS = 0.8
_SLUG_LENGTH = 48
# Where nothing is declared, a column mostly beyond this is a quantity, not a rating.
LARGEST_SCALE = (0.0, 10.0)
# What the question about a scale proposes: the smallest that holds all answers.
COMMON_SCALES = ((1.0, 5.0), (1.0, 7.0), LARGEST_SCALE)


@dataclass(frozen=True)
class SurveyColumn:
    """One question of a survey file.

    Attributes:
        key: The record's key of its cells.
        question_id: Stable over waves with the same wording.
        text: The question as written.
        kind: What its cells are.
        metric_code: Of `survey_questions`.
        scale: Of a scored question.
        options: Answers that several respondents gave, for a choice.
        comment_key: The record's key of the free text beside it.
        option_keys: Of a question with one column per option: key and option.
    """

    key: str
    question_id: str
    text: str
    kind: Kind
    metric_code: str
    scale: Scale | None = None
    options: frozenset[str] = frozenset()
    comment_key: str | None = None
    option_keys: tuple[tuple[str, str], ...] = ()


def is_personal(header: str) -> bool:
    """Whether a column holds who answered or when, and no answer.

    >>> is_personal("Email Address"), is_personal("How often do you use it?")
    (True, False)
    """
    return _PERSONAL.match(header.strip().casefold()) is not None


def question_id(text: str) -> str:
    """A short stable id made of the question's words.

    >>> question_id("How's the documentation?")
    'how_s_the_documentation'
    """
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    if slug and len(slug) <= _SLUG_LENGTH:
        return slug
    digest = hashlib.sha256(text.casefold().encode()).hexdigest()[:6]
    return f"{slug[:_SLUG_LENGTH].rstrip('_')}_{digest}".lstrip("_")


def stated_scale(text: str) -> tuple[float, float] | None:
    """The scale that a question names in its own words, or None.

    >>> stated_scale("On a scale of 1 - 5 (1 being hardest, 5 being easiest) how easy is it?")
    (1.0, 5.0)
    >>> stated_scale("Would you recommend us?10 - strongly agree, 1 - strongly disagree.")
    (1.0, 10.0)
    """
    for pattern in _STATED:
        found = pattern.search(text)
        if found and float(found["low"]) < float(found["high"]):
            return float(found["low"]), float(found["high"])
    return None


# Parts of words, as questions in English, German and the Romance languages have them.
_RECOMMEND = ("recommend", "empfehl", "recommand", "recomend", "raccomand")
_EASE = ("easy", "effort", "einfach", "leicht", "aufwand")


def metric_code(text: str, scale: Scale) -> str:
    """Which metric a scored question feeds, by its wording and scale.

    >>> metric_code("How likely are you to recommend us?", Scale(min=0, max=10))
    'nps'
    """
    words = text.casefold()
    if any(word in words for word in _RECOMMEND) and scale.max == 10 and scale.min in {0, 1}:  # noqa: PLR2004 (NPS)
        return "nps"
    if "satisf" in words or "zufrieden" in words:
        return "csat"
    if any(word in words for word in _EASE) and (scale.min, scale.max) == (1, 7):
        return "ces"
    return "rating"


def number(cell: str) -> float | None:
    """The number of a cell: `4`, `4.0`, or the `10` of `10 - strongly agree`; else None.

    >>> number("4.0"), number("10 - strongly agree"), number("1 - 3 years")
    (4.0, 10.0, None)
    """
    head, _, label = cell.partition(" - ")
    if _NUMBER.fullmatch(head.strip()) and not re.search(r"\d", label):
        return float(head)
    return None


def is_blank(cell: str | None) -> bool:
    """Whether a cell holds no answer."""
    return cell is None or cell.strip().casefold() in BLANK


def options(cell: str) -> list[str]:
    """The options ticked in one cell; a comma inside brackets does not part two.

    >>> options("SSH;HPC resource manager (SLURM, PBS, SGE)")
    ['SSH', 'HPC resource manager (SLURM, PBS, SGE)']
    """
    return [part.strip() for part in _PARTS.split(cell) if part.strip()]


def survey_column(
    key: str, text: str, cells: Sequence[str | None], context: Context, comment_key: str | None
) -> SurveyColumn | None:
    """What one column is, judged by all its cells; None if nobody answered it.

    Raises:
        SourceError: `ask_scale` or `scale_conflict` for a scored question.
    """
    filled = [cell.strip() for cell in cells if cell and not is_blank(cell)]
    answers = [cell for cell in filled if cell.casefold() not in NOT_APPLICABLE]
    if not answers:
        return None
    own_id = question_id(text)
    numbers = [found for cell in answers if (found := number(cell)) is not None]
    is_numeric = len(numbers) >= _SHARE_OF_NUMBERS * len(answers)
    if is_numeric and not _names_alternatives(text, answers):
        scale = _scale(text, numbers, context)
        if scale:
            code = metric_code(text, scale)
            return SurveyColumn(key, own_id, text, "scored", code, scale, comment_key=comment_key)
    ticked = Counter(part for cell in answers for part in options(cell))
    known = frozenset(part for part, count in ticked.items() if count >= _TICKS_OF_AN_OPTION)
    if sum(ticked[part] for part in known) >= _SHARE_ON_OPTIONS * ticked.total():
        return SurveyColumn(
            key, own_id, text, "choice", "choice", options=known, comment_key=comment_key
        )
    return SurveyColumn(key, own_id, text, "text", "text", comment_key=comment_key)


def _names_alternatives(text: str, answers: Sequence[str]) -> bool:
    """Whether the numbers are names, as in "Python 2 or 3?"."""
    found = _ALTERNATIVES.search(text)
    if not found:
        return False
    return {number(cell) for cell in answers} <= {float(name) for name in found.groups()}


def _scale(text: str, numbers: Sequence[float], context: Context) -> Scale | None:
    """The declared scale, or None where the numbers are no ratings on it."""
    survey = context.source.survey
    declared = survey.scale if survey else None
    stated = stated_scale(text)
    low, high = (declared.min, declared.max) if declared else LARGEST_SCALE
    inside = sum(low <= value <= high for value in numbers)
    if not stated and 2 * inside < len(numbers):
        return None
    if declared is None:
        hint = stated or next(
            (low, high)
            for low, high in COMMON_SCALES
            if all(low <= value <= high for value in numbers) or (low, high) == LARGEST_SCALE
        )
        raise SourceError(
            "ask_scale",
            f"{context.file_name}: '{_short(text)}' holds numbers from {min(numbers):g} to "
            f"{max(numbers):g}"
            + (f" and its text says {stated[0]:g}–{stated[1]:g}" if stated else "")  # noqa: RUF001
            + ". Which scale was shown? Scores on an undeclared scale are not used.",
            survey_line(context, scale=hint),
        )
    if stated and stated != (declared.min, declared.max):
        raise SourceError(
            "scale_conflict",
            f"{context.file_name}: the text of '{_short(text)}' says {stated[0]:g}–{stated[1]:g}, "  # noqa: RUF001
            f"the source {declared.min:g}–{declared.max:g}. Scores on different scales are not "  # noqa: RUF001
            "pooled. Which is right? A file with several scales takes a mapping: "
            "`launchloop map FILE`.",
            survey_line(context, scale=stated),
        )
    return declared


def survey_line(
    context: Context, *, scale: tuple[float, float] | None = None, wave_on: str | None = None
) -> str:
    """The source's `survey` line with an answer added to what it says already."""
    survey = context.source.survey
    parts = []
    if survey:
        parts += [f'{name} = "{value}"' for name in ("id", "kind", "wave")
                  if (value := getattr(survey, name))]  # fmt: skip
        wave_on = wave_on or (survey.wave_on.isoformat() if survey.wave_on else None)
        if scale is None and survey.scale:
            scale = (survey.scale.min, survey.scale.max)
    if wave_on:
        parts.append(f"wave_on = {wave_on}")
    if scale:
        parts.append(f"scale = {{ min = {scale[0]:g}, max = {scale[1]:g} }}")
    return f"survey = {{ {', '.join(parts)} }}"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"  # noqa: PLR2004 (fits a message)
