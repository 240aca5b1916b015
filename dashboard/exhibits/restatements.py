"""Settled numbers that later rows changed: what was told before, and what is told now."""

import polars as pl

from dashboard import data
from dashboard.format import day, number
from dashboard.question import Opened

_CAUSES = {"rows": "late or corrected rows", "rules": "another setting or program"}
_COLUMNS = ("Noted", "Metric", "Of", "Period from", "Before", "Now", "Because of", "Since snapshot")
RULE = (
    "Settled numbers of the headline metrics that a later refresh changed. Reviews keep the "
    "numbers that they were held on."
)


def restatement_table(opened: Opened) -> pl.DataFrame:
    """One row per change, newest first, in the columns above (text)."""
    currency = data.settings(opened).product.currency
    rows = [
        (
            day(row["noted_at"].date()),
            row["metric_name"],
            row["of_id"] or "",
            day(row["period_on"]),
            number(row["before_value"], unit),
            number(row["after_value"], unit) if row["after_value"] is not None else "not known",
            _CAUSES[row["cause_code"]],
            row["since_snapshot"],
        )
        for row in data.restatements(opened).iter_rows(named=True)
        for unit in [currency if row["unit"] == "money" else row["unit"]]
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def restatements_told(table: pl.DataFrame) -> str:
    """How many numbers were restated, of how many metrics."""
    if table.is_empty():
        return "No settled number was restated"
    count = table["Metric"].n_unique()
    metrics = "1 metric" if count == 1 else f"{count} metrics"
    numbers = "1 number was" if table.height == 1 else f"{table.height:,} numbers were"
    return f"{numbers} restated, of {metrics}"
