"""A workspace of neutral CSV files → refresh → what `query` answers."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import query
from pipelines.refresh import refresh

PRODUCT = '[product]\nname = "Test"\ntimezone = "{timezone}"\ncurrency = "{currency}"\n'
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ask]:
    """`published(toml, events=[{…}], …)` → `ask("dau", every="day")`, the rows of the answer.

    Each keyword is a canonical table; its rows become a CSV with the table's own column names.
    """
    monkeypatch.setenv("LAUNCHLOOP_KEY", "a key of the tests")

    def built(
        toml: str = "",
        *,
        timezone: str = "UTC",
        currency: str = "EUR",
        **tables: Sequence[Mapping[str, object]],
    ) -> Ask:
        sources = ""
        for name, rows in tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
            sources += f'[[source]]\nname = "{name}"\nfiles = "{name}.csv"\n'
        product = PRODUCT.format(timezone=timezone, currency=currency)
        (tmp_path / "launchloop.toml").write_text(product + sources + toml, encoding="utf-8")
        assert refresh(tmp_path).published

        def ask(metric: str, **asked: Any) -> list[dict[str, Any]]:
            return list(query(tmp_path, metric, **asked)["rows"])

        return ask

    return built
