"""What a refresh adds to what was built gives the numbers of a build from nothing."""

from datetime import UTC, datetime

import pytest

from pipelines.refresh import refresh
from pipelines.sources.landing import Landing
from pipelines.warehouse import Warehouse


def one_more_day(daily, folder):
    daily.one_more_day(folder)


def a_late_row(daily, folder):
    rows = "u1,share,2026-03-04 22:59:59,web,a1\nu1,share,2026-03-04 23:00:00,app,a1\n"
    (folder / "events" / "late.csv").write_text(daily.EVENT_HEAD + rows)


def a_corrected_day(_, folder):
    text = (folder / "events" / "d05.csv").read_text()
    (folder / "events" / "d05.csv").write_text(text.replace("share", "export"))


def a_day_without_its_first_users(_, folder):
    lines = (folder / "events" / "d00.csv").read_text().splitlines(keepends=True)
    (folder / "events" / "d00.csv").write_text("".join(lines[:1] + lines[3:]))


def an_account_that_is_ours(_, folder):
    text = (folder / "crm" / "accounts.csv").read_text().replace("code\n", "code,is_internal\n")
    lines = text.splitlines()
    marked = [line + (",true" if line.startswith("a2") else ",false") for line in lines[1:]]
    (folder / "crm" / "accounts.csv").write_text("\n".join([lines[0], *marked]) + "\n")


def changed(old: str, new: str):
    def change(_, folder):
        text = (folder / "launchloop.toml").read_text()
        assert old in text
        (folder / "launchloop.toml").write_text(text.replace(old, new))

    change.__name__ = f"{old} to {new}"
    return change


CHANGES = [
    one_more_day,
    a_late_row,
    a_corrected_day,
    a_day_without_its_first_users,
    an_account_that_is_ours,
    changed('events = ["share"]', 'events = ["export"]'),
    changed("Europe/Berlin", "Pacific/Auckland"),
    changed('week_start = "monday"', 'week_start = "sunday"'),
    changed('platform = "events.platform_code"', 'plan = "accounts.segment_code"'),
    changed('steps = ["sign_up", "share", "export"]', 'steps = ["sign_up", "export"]'),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changes_a_little_equals_a_build_from_nothing(copy, tmp_path, change, daily):
    change(daily, copy)
    report = refresh(copy)
    assert report.is_good, report
    assert report.published
    (tmp_path / "fresh").mkdir()
    daily.same(daily.contents(copy), daily.fresh(tmp_path / "fresh", copy))


def test_a_revoked_file_is_as_if_it_had_never_come(copy, tmp_path, daily):
    landing = Landing(copy / "landing")
    (wrong,) = [one for one in landing.manifests if one.file_name == "events/d06.csv"]
    landing.decide(wrong.import_id, "revoke", datetime(2026, 7, 1, tzinfo=UTC))
    assert refresh(copy).published
    other = daily.lay(tmp_path / "other", range(daily.DAYS))
    (other / "events" / "d06.csv").unlink()
    refresh(other)
    daily.same(daily.contents(copy), daily.contents(other))


def test_files_in_another_order_and_in_two_halves_give_the_same(published, tmp_path, daily):
    other = daily.lay(tmp_path / "other", range(daily.DAYS - 1, daily.DAYS // 2, -1))
    refresh(other)
    daily.lay(other)
    refresh(other)
    daily.same(daily.contents(other), daily.contents(published))
    left, right = (Warehouse(folder / "snapshots").current_id for folder in (other, published))
    assert left[-8:] == right[-8:]
