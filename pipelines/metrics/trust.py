"""Trust: how old the data are and how much of them is missing."""

from pipelines.metrics.definition import Better, Family, Metric, Unit
from pipelines.metrics.measures.freshness import DataFreshness, DataTrust

METRICS: tuple[Metric, ...] = (
    Metric(
        id="data_freshness",
        name="Data freshness",
        family=Family.TRUST,
        question="How old are the data?",
        definition="Hours from the time up to which a source is complete to the moment of reading; "
        "fresh up to one expected interval, late up to two, stale beyond.",
        formula="time of reading − watermark",  # noqa: RUF001
        unit=Unit.HOURS,
        better=Better.DOWN,
        reader="both",
        measure=DataFreshness(),
        needs=(),
        every=("total",),
        things="select distinct source_id as id, source_id as name from control.coverage "
        "order by source_id",
        of_kind="source",
    ),
    Metric(
        id="data_trust",
        name="Data trust",
        family=Family.TRUST,
        question="How much of the data is there and usable?",
        definition="The smaller of the share of the period that all tables behind a metric cover "
        "and the share of their records that could be read.",
        formula="min(date coverage, 1 − quarantined share)",  # noqa: RUF001
        unit=Unit.SHARE,
        better=Better.UP,
        reader="both",
        measure=DataTrust(),
        needs=(),
        every=("month", "day", "week", "quarter", "year", "total"),
        things="select distinct metric_id as id, metric_name as name from control.metric_tables "
        "order by metric_id",
        of_kind="metric",
        of_required=False,
    ),
)
