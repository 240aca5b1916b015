"""Every metric of delivery and quality answers where there is nothing to measure."""

import pytest

from pipelines.metrics import delivery, quality


@pytest.mark.parametrize("metric", delivery.METRICS + quality.METRICS, ids=lambda metric: metric.id)
def test_every_metric_answers_an_empty_table_without_rows_or_with_a_sentence(
    deliver, board, metric
):
    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Parked")],
        work_item_changes=[board.change("A", "05-03", "priority", "low", "high")],
        sprints=[],
        deployments=[board.deployment("a", "05-04") | {"environment_code": "test"}],
    )
    for every in metric.every:
        for row in warehouse.query(metric.id, every=every):
            assert row["value"] is not None or row["note"]
    for name in metric.variants:
        for row in warehouse.query(metric.id, variant=name):
            assert row["value"] is not None or row["note"]
