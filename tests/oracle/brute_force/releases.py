"""Deployments to production: how often, and how many failed."""

from dataclasses import replace
from datetime import date, timedelta

from brute_force.answer import Cell, Key, count, immature, share
from brute_force.calendar import next_day, periods
from brute_force.exports import Exports, Row, utc
from brute_force.intervals import dispersion, poisson

SETTLES_AFTER = timedelta(days=7)


class Deployments:
    """Those to production, and those that an incident names."""

    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self.until = exports.exported_at("deployments")
        everything = exports.rows("deployments.csv")
        self.first_day = min(self._day(row) for row in everything)
        self.rows = [row for row in everything if row["environment_code"] == "production"]
        incidents = exports.rows("incidents.csv")
        self.blamed = {row["caused_by_deployment_id"] for row in incidents} - {""}

    def frequency(self) -> dict[Key, Cell]:
        """Deployments of each week that ended well."""
        weeks: dict[date, int] = {}
        for week in self._periods("week"):
            good = [row for row in self._of(week, "week") if row["result_code"] == "success"]
            weeks[week] = len(good)
        settled = {week for week in weeks if self._is_over(week, "week", timedelta(0))}
        spread = dispersion([weeks[week] for week in settled])
        return {
            (week.isoformat(),): replace(count(size), intervals=(poisson(size, spread),))
            if week in settled
            else immature(size)
            for week, size in weeks.items()
        }

    def fail_rate(self) -> dict[Key, Cell]:
        """Of those with a result, which failed or caused an incident; known after a week."""
        found: dict[Key, Cell] = {}
        for month in self._periods("month"):
            ended = [
                row
                for row in self._of(month, "month")
                if row["result_code"] in {"success", "failure"}
            ]
            failed = sum(
                row["result_code"] == "failure" or row["deployment_id"] in self.blamed
                for row in ended
            )
            is_known = self._is_over(month, "month", SETTLES_AFTER)
            cell = share(failed, len(ended)) if is_known else immature(len(ended))
            found[(month.isoformat(),)] = cell
        return found

    def _periods(self, every: str) -> list[date]:
        return list(periods(self.first_day, self.exports.local_day(self.until), every))

    def _of(self, start: date, every: str) -> list[Row]:
        return [row for row in self.rows if start <= self._day(row) < next_day(start, every)]

    def _is_over(self, start: date, every: str, wait: timedelta) -> bool:
        return self.exports.ends_by(next_day(start, every), self.until, wait)

    def _day(self, row: Row) -> date:
        return self.exports.local_day(utc(row["started_at"]))
