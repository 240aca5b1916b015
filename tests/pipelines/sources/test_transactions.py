"""Plain purchase lists."""

from pathlib import Path

import pytest

from pipelines.errors import SourceError
from pipelines.sources.definition import Context
from pipelines.sources.transactions import PRESETS
from pipelines.workspace import load

(PRESET,) = PRESETS
CDNOW = Path(__file__).parents[2] / "data" / "cdnow" / "CDNOW_part.txt"


@pytest.fixture
def context(tmp_path):
    def made(more=""):
        (tmp_path / "launchloop.toml").write_text(
            '[product]\nname = "Test"\ncurrency = "USD"\n'
            f'[[source]]\nname = "shop"\nfiles = "*.csv"\n{more}\n',
            "utf-8",
        )
        workspace = load(tmp_path)
        return Context(workspace.sources[0], workspace, "shop.csv")

    return made


def test_the_header_of_cdnow_is_a_purchase_list(context):
    header = CDNOW.read_text().splitlines()[0].split()
    assert PRESET.fingerprint.matches(header)
    mapping = PRESET.mapping(header, context())
    assert (mapping.target, mapping.duplicates) == ("payments", "keep")
    origins = {name: rule.from_ for name, rule in mapping.columns.items()}
    assert origins["account_id"] == ("customer_id",)
    assert origins["amount_minor"] == ("dollar_value",)
    assert mapping.constants["currency"] == "USD"


def test_columns_and_currency_of_the_source_win(context):
    columns = 'columns = { customer = "buyer", date = "day", amount = "paid" }\ncurrency = "JPY"'
    mapping = PRESET.mapping(["buyer", "day", "paid", "amount"], context(columns))
    assert mapping.columns["amount_minor"].from_ == ("paid",)
    assert mapping.constants["currency"] == "JPY"


def test_money_with_a_minus_or_in_brackets_went_back(context):
    rule = PRESET.mapping(["customer", "date", "amount"], context()).columns["payment_kind"]
    assert rule.starts_with == {"-": "refund", "(": "refund"}
    assert rule.otherwise == "charge"


def test_two_columns_that_could_be_the_amount_are_asked_about(context):
    with pytest.raises(SourceError, match="which column is the amount") as asked:
        PRESET.mapping(["customer", "date", "amount", "total"], context())
    assert asked.value.code == "ask_columns"
    assert asked.value.toml.startswith("columns = ")


def test_tables_of_other_systems_are_left_to_them():
    for mark in ("_fivetran_synced", "event_name", "payment_kind"):
        assert not PRESET.fingerprint.matches(["customer_id", "date", "amount", mark])
