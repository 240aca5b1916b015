"""Satisfaction: what asked persons say. Scores of two surveys or scales are never pooled."""

from pipelines.metrics.definition import (
    Better,
    Family,
    Metric,
    MinimumN,
    Settling,
    Uncertainty,
    Unit,
)
from pipelines.metrics.estimate import mean, share
from pipelines.metrics.measures.survey import Scoring, SurveyScore, net_score
from pipelines.metrics.measures.survey_response import ResponseFunnel, ResponseRate

EVERY = ("month", "day", "week", "quarter", "year", "wave", "total")
SEGMENTS = ("users", "accounts")


def _questions(metric_code: str) -> str:
    return (
        "select thing_id as id, thing_name as name from marts.survey_questions "
        f"where metric_code = '{metric_code}' order by thing_id"
    )


_SURVEYS = (
    "select distinct survey_id as id, survey_id as name from marts.survey_invitations "
    "order by survey_id"
)

_NPS_SIGN = "answers.nps_sign"
_NPS = Scoring(
    value=_NPS_SIGN,
    accepts="answers.scale_min = 0 and answers.nps_sign is not null",
    refusal="'{of}' was asked on {low}–{high}, and NPS is defined on 0–10. Scores on 1–10 are the "  # noqa: RUF001
    "variant scale_1_10 (`--variant scale_1_10`), never compared with 0–10.",  # noqa: RUF001
    estimate=net_score,
)
_NPS_1_10 = Scoring(
    value=_NPS_SIGN,
    accepts="answers.scale_min = 1 and answers.nps_sign is not null",
    refusal="'{of}' was asked on {low}–{high}, not on 1–10. Leave the variant out for 0–10.",  # noqa: RUF001
    estimate=net_score,
)
_NPS_TRAILING = Scoring(_NPS.value, _NPS.accepts, _NPS.refusal, net_score, is_trailing=True)

_IN_BOX = (
    "case when answers.box_min is null then null "
    "when answers.oriented_score >= answers.box_min then 1 else 0 end"
)
_HAS_BOX = "answers.box_min is not null"
_NO_BOX = (
    "'{of}' was asked on {low}–{high}, for which no cut is agreed. Declare which answers count "  # noqa: RUF001
    "with top_box_min on its question, or ask for the mean (`--variant mean`)."
)
_BOX = Scoring(_IN_BOX, _HAS_BOX, _NO_BOX, share)
_BOX_TRAILING = Scoring(_IN_BOX, _HAS_BOX, _NO_BOX, share, is_trailing=True)
_MEAN = Scoring("answers.oriented_score", "answers.oriented_score is not null", "", mean)

METRICS: tuple[Metric, ...] = (
    Metric(
        id="nps",
        name="Net Promoter Score",
        family=Family.SATISFACTION,
        question="Would people recommend us?",
        definition="Share of promoters (9–10) less share of detractors (0–6) among the persons who "  # noqa: RUF001
        "answered in the period, the latest answer of each, in points from -100 to 100.",
        formula="100 · (promoters − detractors) / answers",  # noqa: RUF001
        unit=Unit.POINTS,
        better=Better.UP,
        reader="PM",
        measure=SurveyScore(
            "nps", {None: _NPS, "scale_1_10": _NPS_1_10, "trailing_90": _NPS_TRAILING}
        ),
        needs=("survey_responses",),
        every=EVERY,
        variants={
            "scale_1_10": "Asked on 1–10: detractors are 1–6. Never compared with 0–10.",  # noqa: RUF001
            "trailing_90": "Answers of the 90 days up to the period's end.",
        },
        settles=Settling.SURVEY_WINDOW,
        uncertainty=Uncertainty.NPS,
        minimum=MinimumN.SURVEY,
        segments=SEGMENTS,
        things=_questions("nps"),
        of_kind="survey",
        source="MeasuringU; interval: Rocks 2016",
    ),
    Metric(
        id="csat",
        name="Customer satisfaction",
        family=Family.SATISFACTION,
        question="How satisfied are the people who answer?",
        definition="Share of satisfied answers (4–5 on 1–5, or from the declared cut on) among the "  # noqa: RUF001
        "persons who answered in the period, the latest answer of each.",
        formula="answers of 4–5 / answers",  # noqa: RUF001
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=SurveyScore("csat", {None: _BOX, "mean": _MEAN, "trailing_90": _BOX_TRAILING}),
        needs=("survey_responses",),
        every=EVERY,
        variants={
            "mean": "Mean of the answers, in points of their scale.",
            "trailing_90": "Answers of the 90 days up to the period's end.",
        },
        variant_units={"mean": Unit.POINTS},
        settles=Settling.SURVEY_WINDOW,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.SURVEY,
        segments=SEGMENTS,
        things=_questions("csat"),
        of_kind="survey",
        source="Delighted, Intercom",
    ),
    Metric(
        id="ces",
        name="Customer effort",
        family=Family.SATISFACTION,
        question="Do people find it easy?",
        definition="Share of answers of 5 or more on 1–7 agreement that it was easy, among the "  # noqa: RUF001
        "persons who answered in the period, the latest answer of each.",
        formula="answers ≥ 5 / answers",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="both",
        measure=SurveyScore("ces", {None: _BOX, "mean": _MEAN, "trailing_90": _BOX_TRAILING}),
        needs=("survey_responses",),
        every=EVERY,
        variants={
            "mean": "Mean of the answers, in points of their scale.",
            "trailing_90": "Answers of the 90 days up to the period's end.",
        },
        variant_units={"mean": Unit.POINTS},
        settles=Settling.SURVEY_WINDOW,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.SURVEY,
        segments=SEGMENTS,
        things=_questions("ces"),
        of_kind="survey",
        source="CustomerGauge, CES 2.0",
    ),
    Metric(
        id="response_rate",
        name="Response rate",
        family=Family.SATISFACTION,
        question="How many of those asked answered?",
        definition="Share of the invitations delivered in the period that led to a score.",
        formula="scored / delivered",
        unit=Unit.SHARE,
        better=Better.UP,
        reader="PM",
        measure=ResponseRate(),
        needs=("survey_exposures", "survey_responses"),
        every=("wave", "day", "week", "month", "quarter", "year", "total"),
        variants={"shown": "Of the times a survey was shown in the product."},
        settles=Settling.SURVEY_WINDOW,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=SEGMENTS,
        things=_SURVEYS,
        of_kind="survey",
    ),
    Metric(
        id="response_funnel",
        name="Who answered",
        family=Family.SATISFACTION,
        question="Where do invitations end?",
        definition="Invitations delivered in the period that were started, scored and completed.",
        formula="reached the step / delivered",
        unit=Unit.SHARE,
        better=Better.NONE,
        reader="PM",
        measure=ResponseFunnel(),
        needs=("survey_exposures", "survey_responses"),
        every=("wave", "day", "week", "month", "quarter", "year", "total"),
        variants={"shown": "Of the times a survey was shown in the product."},
        settles=Settling.SURVEY_WINDOW,
        uncertainty=Uncertainty.WILSON,
        minimum=MinimumN.PROPORTION,
        segments=SEGMENTS,
        things=_SURVEYS,
        of_kind="survey",
    ),
)
