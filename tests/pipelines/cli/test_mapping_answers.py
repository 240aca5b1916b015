"""What a mapping says beside its columns: which files it reads, and where its answers go."""

from pathlib import Path

import pytest

MAPPING = """\
[import]
target = "payments"
files = "exports/*.csv"
timezone = "UTC"
[constants]
payment_kind = "charge"
status_code = "succeeded"
[columns]
account_id = "customer"
happened_at = "day"
amount_minor = { from = "amount", unit = "major" }
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    (tmp_path / "sales.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "launchloop.toml").write_text(
        '[product]\nname = "Shop"\n[[source]]\nname = "sales"\nmapping = "sales.toml"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_source_without_files_reads_what_its_mapping_names(run, workspace):
    (workspace / "exports" / "a.csv").write_text("customer,day,amount\nc,2026-01-01,2.50\n")
    answer = run("check", "-w", workspace, "--json")
    assert answer.code == 0, answer.err
    assert [(one["file"], one["loaded"]) for one in answer.json["sources"]] == [
        ("exports/a.csv", 1)
    ]


def test_an_answer_that_only_a_mapping_takes_is_placed_there(run, workspace):
    (workspace / "exports" / "a.csv").write_text("customer,day,amount\nc,2026-01-01,1.234\n")
    answer = run("check", "-w", workspace)
    assert answer.code == 1
    assert 'Add to [import] of sales.toml:\n      decimal = ","' in answer.out
