"""Whole workspaces as people write them."""

from datetime import date, timedelta

import pytest

from pipelines.workspace import CountOf, EventMatch, RatioOf, load

# The example of the design, whole.
LUMEN = """\
[product]
name = "Lumen"
timezone = "Europe/Berlin"          # reporting zone; sources may name their own
week_start = "monday"
currency = "EUR"

[[launch]]
id = "lumen-2"                      # business_case_lines and releases refer to it
name = "Lumen 2.0"
on = 2026-05-04
business_case = "exports/business_case.csv"

[[source]]
name = "product events"
files = "exports/events/*.parquet"  # no preset named: recognised by its header
[[source]]
name = "relationship survey"
files = "exports/nps_*.csv"
mapping = "mappings/relationship_survey.toml"

[usage]
active_events = ["*"]
passive_events = ["email_sent"]
sign_up_event = "sign_up"
activation = { events = ["report_shared"], within_days = 7 }
[usage.features]
export = ["export_csv", "export_pdf"]

[[funnel]]
id = "landing_to_purchase"
steps = ["view_landing", "sign_up", "activate", "purchase"]
window_days = 14                    # order = "loose" | "strict" | "any_order"

[segments]
platform = "events.platform_code"
plan = "accounts.segment_code"

[retention]
start_events = ["*"]

[finance]
mrr_policy = "ours"

[[target]]
metric = "activation_rate"
value = 0.45
from = 2026-07-01

[[metric]]                          # an own metric, as good a citizen as a built-in one
id = "reports_per_active_user"
name = "Reports per active user"
definition = "Reports created, per user active in the period."
table = "events"
measure = { ratio = [{ count = true, where = { event_name = "report_created" } }, \
{ distinct = "user_id" }] }
unit = "count"
better = "up"

[engine]
name = "duckdb"
[records]
url = "sqlite:///records.db"
"""

# SOURCE: written for Launchloop's acceptance, over cases of PostHog's test suite (MIT) and the
# public survey of CNCF maintainers (Apache-2.0). Only the settings are copied, none of the data.
FUNNEL = """\
[product]
name = "funnel_repeated_steps"
timezone = "UTC"
week_start = "monday"
currency = "USD"

[[source]]
name = "events"
files = "exports/events.csv"

[[source]]
name = "users"
files = "exports/users.csv"

[usage]
active_events = ["*"]
passive_events = ["_tracking_probe"]

[[funnel]]
id = "case"
steps = ["user signed up", "$pageview", "$pageview", "$pageview", "$pageview"]
window_days = 14
order = "loose"
"""

RETENTION = """\
[product]
name = "retention_day_first_time_matching_filter"
timezone = "UTC"
week_start = "monday"
currency = "USD"

[[source]]
name = "events"
files = "exports/events.csv"

[[source]]
name = "users"
files = "exports/users.csv"

[[source]]
name = "user aliases"
files = "exports/user_aliases.csv"

[usage]
active_events = ["*"]
passive_events = ["_tracking_probe"]

[retention]
start_events = [{ event = "$pageview", where = { target_flag = "value" } }]
return_events = ["$pageview"]
every = "day"
"""

SURVEYS = """\
[product]
name = "first_waves"
timezone = "UTC"
week_start = "monday"
currency = "USD"

[[source]]
name = "maintainers 2020_H2"
files = "exports/2020_H2.csv"
mapping = "mappings/2020_H2.toml"
complete_to = 2021-07-01
survey = { id = "maintainers", kind = "relational" }

[[source]]
name = "maintainers 2021_H1"
files = "exports/2021_H1.csv"
mapping = "mappings/2021_H1.toml"
complete_to = 2021-07-01
survey = { id = "maintainers", kind = "relational" }
"""


@pytest.fixture
def workspace(tmp_path):
    def loaded(text):
        for name in ("2020_H2.toml", "2021_H1.toml", "relationship_survey.toml"):
            (tmp_path / "mappings").mkdir(exist_ok=True)
            (tmp_path / "mappings" / name).touch()
        (tmp_path / "exports").mkdir(exist_ok=True)
        (tmp_path / "exports/business_case.csv").touch()
        (tmp_path / "launchloop.toml").write_text(text, encoding="utf-8")
        return load(tmp_path)

    return loaded


def test_the_example_of_the_design_loads(workspace):
    lumen = workspace(LUMEN)
    assert lumen.launches[0].on == date(2026, 5, 4)
    assert [source.name for source in lumen.sources] == ["product events", "relationship survey"]
    assert lumen.usage.activation.within_days == 7
    assert lumen.usage.activation.match == "all"
    assert lumen.funnels[0].window == timedelta(days=14)
    assert lumen.targets[0].from_on == date(2026, 7, 1)
    (metric,) = lumen.metrics
    assert isinstance(metric.measure, RatioOf)
    assert metric.measure.numerator == CountOf(kind="count", where={"event_name": "report_created"})


def test_a_funnel_may_repeat_a_step(workspace):
    (funnel,) = workspace(FUNNEL).funnels
    assert [step.event for step in funnel.steps] == ["user signed up", *["$pageview"] * 4]


def test_a_cohort_may_start_with_an_event_of_a_kind(workspace):
    retention = workspace(RETENTION).retention
    assert retention.start_events == (
        EventMatch(event="$pageview", where={"target_flag": "value"}),
    )
    assert retention.every == "day"


def test_two_waves_of_a_survey_are_two_sources_with_a_mapping_each(workspace):
    first, second = workspace(SURVEYS).sources
    assert (first.survey.id, first.survey.kind) == ("maintainers", "relational")
    assert first.complete_to == second.complete_to == date(2021, 7, 1)
