"""launchloop.toml as settings: every key of the contract, its default, its type."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import WorkspaceError
from pipelines.workspace import EventMatch, Segment, TargetPoint, Workspace, load, template

EVERY_KEY = """\
[product]
name = "Lumen"
timezone = "Europe/Berlin"
week_start = "sunday"
currency = "CHF"
now = 2026-11-01T00:00:00

[[launch]]
id = "lumen-2"
name = "Lumen 2.0"
on = 2026-05-04
business_case = "exports/business_case.csv"
scorecard = ["nps", "wau"]

[[source]]
name = "payments"
files = ["exports/a.csv", "exports/b.csv"]
preset = "transactions_csv"
timezone = "America/New_York"
date_order = "dmy"
encoding = "cp1252"
delimiter = "blanks"
sheet = "Sheet1"
exported_at = 2026-07-01T06:00:00Z
complete_to = 2026-07-01
expected_every = "1w"
limit = 0.1
mode = "snapshot"
scope = "full"
currency = "JPY"
columns = { customer = "Kunde", date = "Datum", amount = 3 }
team = "web"
production = ["live", "eu-live"]
[source.survey]
id = "s"
kind = "transactional"
wave = "2026-H1"
wave_on = 2026-06-15
scale = { min = 1, max = 10, higher_is_better = true }
[[source]]
name = "survey"
mapping = "mappings/survey.toml"

[usage]
active_events = ["*"]
passive_events = ["email_sent"]
sign_up_event = "sign_up"
activation.events = ["share", { event = "page_view", where = { path = "/done" } }]
activation.within_days = 3
activation.match = "any"
[usage.features]
export = ["export_csv", { event = "export", where = { kind = ["pdf", "csv"] } }]

[[funnel]]
id = "buy"
name = "Buying"
steps = ["view", "view", { event = "buy", where = { plan = "team", seats = 3, trial = false } }]
window_days = 7
order = "strict"
[[funnel]]
id = "quick"
steps = ["view", "buy"]
window = "36h"
[[funnel]]
id = "default"
steps = ["view", "buy"]

[segments]
platform = "events.platform_code"
theme = "events.properties.ui.theme"
country = "users.country_code"
plan = "accounts.segment_code"

[retention]
start_events = ["sign_up"]
return_events = ["view"]
every = "month"
variant = "unbounded"

[finance]
mrr_policy = "stripe"

[delivery]
states = { "Ready for QA" = "doing", "Won't do" = "cancelled" }
points_field = "Story points"

[[team]]
id = "web"
name = "Web"
timezone = "Europe/Lisbon"
workdays = ["mon", "Tuesday", "wed", "thursday"]
holidays = [2026-12-25]
sprint_days = 7
boards = ["12", "13"]

[[target]]
metric = "activation_rate"
of = "x"
where = { plan = "team" }
value = 0.45
from = 2026-07-01
to = 2027-01-01
owner = "Ada"
reason = "business case"
[[target]]
metric = "cycle_time"
low = 3
high = 8
[[target]]
metric = "wau"
shape = "ramp"
points = { 2026-07-01 = 100, 2026-10-01 = 250.5 }
[[target]]
metric = "revenue"
shape = "cumulative"
value = 1000

[[metric]]
id = "reports"
name = "Reports"
definition = "Reports created."
table = "events"
measure = { count = true }
where = { event_name = "report_created" }
unit = "count"
better = "up"
every = "day"

[[person]]
id = "ada"
name = "Ada"
email = "ada@example.org"
roles = { web = ["product_owner", "facilitator"], "*" = "viewer" }

[snapshots]
keep = 5
keep_monthly = 0
[schedule]
cron = "0 6 * * mon-fri"
[notify]
urls = ["env:HOOK"]
on = ["refresh_failed", "digest"]
[engine]
name = "spark"
master = "env:SPARK_MASTER"
storage = "s3://bucket/x"
[records]
url = "env:LAUNCHLOOP_RECORDS_URL"
"""


@pytest.fixture
def written(tmp_path):
    """Writes launchloop.toml beside a mapping and a business case, and loads it."""
    for name in ("mappings/survey.toml", "exports/business_case.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()

    def write(text):
        (tmp_path / "launchloop.toml").write_text(text, encoding="utf-8")
        return load(tmp_path)

    return write


@pytest.fixture
def full(written):
    return written(EVERY_KEY)


def test_a_product_name_is_all_that_must_be_said(written):
    workspace = written('[product]\nname = "Lumen"\n')
    assert workspace.product.timezone == "UTC"
    assert workspace.product.week_start == "monday"
    assert workspace.product.currency == "EUR"
    assert workspace.product.now is None
    assert workspace.sources == ()
    assert workspace.usage.active_events == (EventMatch(event="*"),)
    assert workspace.retention.every == "week"
    assert workspace.retention.return_events == (EventMatch(event="*"),)
    assert workspace.finance.mrr_policy == "ours"
    assert (workspace.snapshots.keep, workspace.snapshots.keep_monthly) == (30, 12)
    assert workspace.engine.name == "duckdb"
    assert workspace.records.url == "sqlite:///records.db"


def test_a_source_waits_a_day_and_loses_two_percent_at_most(written):
    (source,) = written('[product]\nname="x"\n[[source]]\nname="a"\nfiles="*.csv"\n').sources
    assert source.files == ("*.csv",)
    assert source.expected_every == timedelta(days=1)
    assert source.limit == 0.02
    assert source.date_order is None


def test_every_key_of_a_source_is_read(full):
    source = full.sources[0]
    assert source.files == ("exports/a.csv", "exports/b.csv")
    assert source.expected_every == timedelta(weeks=1)
    assert source.complete_to == date(2026, 7, 1)
    assert source.exported_at == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert source.columns == {"customer": "Kunde", "date": "Datum", "amount": 3}
    assert source.survey.wave_on == date(2026, 6, 15)
    assert (source.survey.scale.min, source.survey.scale.max) == (1, 10)
    assert source.production == ("live", "eu-live")
    assert full.source("survey").mapping == "mappings/survey.toml"


def test_a_fixed_clock_without_offset_is_local_to_the_product(full):
    assert full.product.now == datetime(2026, 10, 31, 23, tzinfo=UTC)


def test_a_day_a_source_is_complete_to_begins_at_midnight_in_its_own_zone(full):
    source = full.sources[0]
    assert full.instant(source.complete_to, source) == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert full.instant(source.exported_at, source) == datetime(2026, 7, 1, 6, tzinfo=UTC)
    naive = datetime(2026, 1, 1, 12)  # noqa: DTZ001
    assert full.instant(naive, full.sources[1]) == datetime(2026, 1, 1, 11, tzinfo=UTC)


def test_an_event_is_a_name_or_a_name_with_conditions_of_text(full):
    funnel = full.funnels[0]
    assert funnel.steps[:2] == (EventMatch(event="view"), EventMatch(event="view"))
    assert funnel.steps[2].where == (("plan", ("team",)), ("seats", ("3",)), ("trial", ("false",)))
    (feature,) = full.usage.features
    assert feature.name == "export"
    assert feature.events[1].where == (("kind", ("csv", "pdf")),)


def test_a_window_is_written_in_days_or_as_a_duration(full):
    assert [funnel.window for funnel in full.funnels] == [
        timedelta(days=7),
        timedelta(hours=36),
        timedelta(days=14),
    ]
    assert full.funnels[1].name == "quick"


def test_a_segment_is_a_column_or_a_key_of_the_properties(full):
    assert full.segments == (
        Segment(name="platform", table="events", column="platform_code"),
        Segment(name="theme", table="events", column="properties_json", property_key="ui.theme"),
        Segment(name="country", table="users", column="country_code"),
        Segment(name="plan", table="accounts", column="segment_code"),
    )


def test_teams_stand_with_the_delivery_settings(full):
    (team,) = full.delivery.teams
    assert full.delivery.states == {"Ready for QA": "doing", "Won't do": "cancelled"}
    assert team.workdays == ("monday", "tuesday", "wednesday", "thursday")
    assert team.holidays == (date(2026, 12, 25),)
    assert team.sprint_days == 7


def test_a_target_is_a_value_a_band_or_a_curve(full):
    constant, band, ramp, cumulative = full.targets
    assert (constant.value, constant.from_on, constant.to_on) == (
        0.45,
        date(2026, 7, 1),
        date(2027, 1, 1),
    )
    assert constant.where == (("plan", ("team",)),)
    assert (band.low, band.high) == (3, 8)
    assert ramp.points == (
        TargetPoint(on=date(2026, 7, 1), value=100),
        TargetPoint(on=date(2026, 10, 1), value=250.5),
    )
    assert cumulative.shape == "cumulative"


@pytest.mark.parametrize(
    "points",
    [
        "{ 2026-07-01 = 1, 2026-08-01 = 2 }",
        "[[2026-07-01, 1], [2026-08-01, 2]]",
        "[{ on = 2026-07-01, value = 1 }, { on = 2026-08-01, value = 2 }]",
    ],
)
def test_the_points_of_a_curve_are_a_table_pairs_or_tables(written, points):
    text = f'[product]\nname="x"\n[[target]]\nmetric="wau"\nshape="table"\npoints={points}\n'
    (target,) = written(text).targets
    assert [(point.on, point.value) for point in target.points] == [
        (date(2026, 7, 1), 1),
        (date(2026, 8, 1), 2),
    ]


def test_roles_are_held_by_team(full):
    (person,) = full.people
    assert person.roles == {"web": ("product_owner", "facilitator"), "*": ("viewer",)}


def test_paths_are_relative_to_the_workspace(full, tmp_path):
    assert full.path("exports/a.csv") == tmp_path / "exports/a.csv"


def test_a_value_from_the_environment_is_read_when_it_is_used(full, tmp_path, monkeypatch):
    with pytest.raises(WorkspaceError, match="SPARK_MASTER is not set"):
        full.path(full.engine.master)
    monkeypatch.setenv("SPARK_MASTER", "somewhere")
    assert full.path(full.engine.master) == tmp_path / "somewhere"


def test_frozen_settings_come_back_equal_and_hold_no_secret(full, tmp_path, monkeypatch):
    monkeypatch.setenv("LAUNCHLOOP_RECORDS_URL", "postgresql://u:s3cret@host/db")
    text = full.as_json()
    assert Workspace.from_json(text, tmp_path) == full
    assert Workspace.from_json(text, tmp_path).as_json() == text
    assert "s3cret" not in text
    assert '"env:LAUNCHLOOP_RECORDS_URL"' in text
    assert str(tmp_path) not in text


def test_settings_frozen_by_another_version_name_what_is_unknown(full, tmp_path):
    text = full.as_json().replace('"finance"', '"money"')
    with pytest.raises(WorkspaceError, match='settings of the snapshot: .*unknown key "money"'):
        Workspace.from_json(text, tmp_path)


def test_a_fingerprint_changes_with_its_parts_and_with_nothing_else(written):
    base = '[product]\nname = "x"\n'
    plain = written(base)
    spelt_out = written(f'{base}timezone = "UTC"\n[usage]\nactive_events = "*"\n')
    moved = written(f'{base}timezone = "Europe/Berlin"\n')
    parts = ("usage", "product.timezone")
    assert plain.fingerprint(*parts) == spelt_out.fingerprint(*reversed(parts))
    assert plain.fingerprint("usage") == moved.fingerprint("usage")
    assert plain.fingerprint(*parts) != moved.fingerprint(*parts)
    with pytest.raises(ValueError, match="not a part"):
        plain.fingerprint("product.time_zone")


def test_a_fingerprint_is_the_same_for_both_ways_to_write_a_window(written):
    funnel = '[product]\nname="x"\n[[funnel]]\nid="f"\nsteps=["a","b"]\n'
    days = written(f"{funnel}window_days = 14\n").fingerprint("funnels")
    text = written(f'{funnel}window = "336h"\n').fingerprint("funnels")
    assert days == text == written(funnel).fingerprint("funnels")


def test_nothing_can_be_changed_after_loading(full):
    with pytest.raises(ValueError, match="frozen"):
        full.product.timezone = "UTC"


def test_a_place_names_the_line_for_later_checks(full):
    assert full.place("product", "currency") == "launchloop.toml, line 5"
    assert full.place("metric", 0, "table") == f"launchloop.toml, line {line(EVERY_KEY, 'table =')}"


def line(text, start):
    return next(no for no, row in enumerate(text.splitlines(), 1) if row.startswith(start))


def test_a_file_saved_by_a_windows_editor_is_read(written):
    assert written('\ufeff[product]\r\nname = "Grüße"\r\n').product.name == "Grüße"


@pytest.mark.parametrize("name", ["Lumen", 'say "hi" \\ bye', "", "Büro 日本", "a\x7f\nb"])
def test_the_template_loads_as_it_is_for_any_folder_name(written, name):
    workspace = written(template(name))
    assert workspace.product.name == (
        "".join(letter for letter in name if letter.isprintable()) or "My product"
    )


def test_every_example_in_the_template_is_valid_once_it_is_uncommented(written):
    rows = template("Lumen").splitlines()
    keys = [row.removeprefix("# ") for row in rows if is_example(row)]
    workspace = written("\n".join(keys))
    untouched = written('[product]\nname = "Lumen"\n')
    same = {"product", "finance", "retention", "snapshots", "engine", "records"}
    for section in Workspace.model_fields.keys() - same:
        assert getattr(workspace, section) != getattr(untouched, section), section


def is_example(row):
    text = row.removeprefix("# ")
    return text.startswith("[") or (" = " in text and not text.startswith(("{", "A ")))
