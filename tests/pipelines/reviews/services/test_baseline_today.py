"""A frozen baseline beside what today's data say of the same periods."""

import pytest

from pipelines.reviews.cycle.baseline_today import baseline_today
from pipelines.reviews.cycle.record import read_record


@pytest.fixture
def differing(product, asked, card, steps):
    """`differing("step")` → the points of a locked baseline that the data of a stage change."""

    def after(stage):
        cycle_id = steps.locked(product.desk(), card, asked())
        product.data(stage)
        desk = product.desk()
        with desk.store.reading() as session:
            return baseline_today(desk, read_record(session, cycle_id))

    return after


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
class TestOfALockedBaseline:
    def test_nothing_is_told_where_later_data_left_it_as_it_was(self, differing):
        assert differing("step") == []

    def test_every_restated_period_is_told_with_both_values(self, differing):
        found = differing("restated")
        assert len(found) > 20
        assert all(now is not None and abs(now - point.value) > 1e-6 for point, now in found)
