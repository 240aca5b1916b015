"""The launchloop.toml that `launchloop init` writes: every section, explained where it stands."""

import json

TEMPLATE = """\
# Settings of one Launchloop workspace. Paths are relative to this file.
# A value "env:NAME" is read from the environment: keep passwords and tokens there.

[product]
name = @name
timezone = "UTC"            # reporting zone, an IANA name such as "Europe/Berlin"
week_start = "monday"       # or "sunday"
currency = "EUR"            # reporting currency, ISO 4217

# Where the exports lie. A known format needs no preset; `launchloop check` says what it sees.
# This source takes every file beside this one or in exports/. Once a setting holds for some files
# only, give each kind its own [[source]] and narrow `files` here: a file read twice counts twice.
[[source]]
name = "exports"
files = ["*.csv*", "*.json*", "*.ndjson*", "*.parquet", "*.xlsx", "exports/**/[!.]*.*"]
# timezone = "Europe/Berlin"    # of times that carry no offset
# complete_to = 2026-07-01      # first day that is not complete, if the export ends earlier

# The days from which success is counted.
# [[launch]]
# id = "v2"
# name = "Version 2"
# on = 2026-05-04

# What counts as being active, signing up, getting value, and using a feature.
# [usage]
# active_events = ["*"]
# passive_events = ["email_sent"]
# sign_up_event = "sign_up"
# activation = { events = ["report_shared"], within_days = 7 }
# [usage.features]
# export = ["export_csv", "export_pdf"]

# A way through the product. An event may be narrowed:
# { event = "page_view", where = { path = "/pricing" } }
# [[funnel]]
# id = "sign_up_to_purchase"
# steps = ["sign_up", "purchase"]
# window_days = 14              # or window = "36h"; order = "loose", "strict" or "any_order"

# Ways to split numbers: events.COLUMN, events.properties.KEY, users.COLUMN, accounts.COLUMN.
# [segments]
# platform = "events.platform_code"
# plan = "accounts.segment_code"

# Who starts a cohort and what counts as coming back.
# [retention]
# start_events = ["*"]
# return_events = ["*"]
# every = "week"

# Whose rules recurring revenue follows: "ours", "stripe", "chartmogul" or "profitwell".
# [finance]
# mrr_policy = "ours"

# What your tracker's statuses mean, where it does not say so itself.
# [delivery]
# states = { "Ready for QA" = "doing" }

# A team's calendar and boards.
# [[team]]
# id = "web"
# name = "Web"
# boards = ["12"]
# holidays = [2026-12-25]

# What a metric is to reach; `launchloop metrics` lists their ids.
# [[target]]
# metric = "activation_rate"
# value = 0.45
# from = 2026-07-01

# A metric of your own, over one canonical table.
# [[metric]]
# id = "reports_created"
# name = "Reports created"
# definition = "Reports created in the period."
# table = "events"
# measure = { count = true, where = { event_name = "report_created" } }
# unit = "count"
# better = "up"

# Who signs in, with roles by team; "*" is every team.
# [[person]]
# id = "ada"
# name = "Ada"
# email = "ada@example.org"
# roles = { "*" = "product_manager" }

# How many snapshots stay, and the last of how many months.
# [snapshots]
# keep = 30
# keep_monthly = 12

# When `launchloop schedule` refreshes, in the reporting zone.
# [schedule]
# cron = "0 6 * * *"

# Whom to tell after a refresh, and of what; the address is one of Apprise, as "mailto://…".
# [notify]
# urls = ["env:LAUNCHLOOP_NOTIFY_URL"]
# Also "digest", once a week.
# on = ["refresh_failed", "import_held", "check_due", "follow_up_overdue", "guard_rail_breach"]

# What runs the models: "duckdb", or "spark" with master and storage.
# [engine]
# name = "duckdb"

# Where reviews and decisions are stored.
# [records]
# url = "sqlite:///records.db"  # or "env:LAUNCHLOOP_RECORDS_URL"
"""


def template(product_name: str) -> str:
    """The commented settings of a new workspace.

    Args:
        product_name: Any text, usually the folder's name; it is quoted here.

    >>> template("Lumen").splitlines()[4]
    'name = "Lumen"'
    """
    printable = "".join(letter for letter in product_name if letter.isprintable()).strip()
    return TEMPLATE.replace("@name", json.dumps(printable or "My product", ensure_ascii=False), 1)
