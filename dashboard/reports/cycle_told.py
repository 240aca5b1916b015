"""A cycle with what the parts of its paper need to put it into words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.reviews.core.plan import Plan
from pipelines.reviews.cycle.page import CycleRecordPage, LockedPlan
from pipelines.reviews.numbers.frozen import Frozen, FrozenSeries
from pipelines.reviews.reports.record_reports import CycleReport


@dataclass(frozen=True)
class Told:
    """A cycle whose plan was locked.

    Attributes:
        locked: The plan in force.
        freeze: Of the newest run of the Check, else of the lock.
        series: Metric id → its frozen series.
    """

    report: CycleReport
    locked: LockedPlan
    freeze: Frozen
    series: Mapping[str, FrozenSeries]

    @property
    def record(self) -> CycleRecordPage:
        """What stands in the records."""
        return self.report.page.record

    @property
    def plan(self) -> Plan:
        """As locked."""
        return self.locked.plan

    def person(self, person_id: str | None) -> str:
        """The name to show."""
        return self.report.page.names.get(person_id or "", "nobody")

    def name(self, metric_id: str) -> str:
        """Of a metric, as it was frozen."""
        found = self.series.get(metric_id)
        return found.name if found else metric_id

    def unit(self, metric_id: str) -> str:
        """Of a metric, as it was frozen."""
        found = self.series.get(metric_id)
        return found.unit if found else ""
