"""A product for one whole cycle: two years of weekly numbers, one of which rises at a known day.

Reports rise by half from the launch on; exports go on as before. The clock of the workspace stands
still, so whoever walks through a cycle moves it with `move_clock` and refreshes.
"""

import csv
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.refresh import refresh

START = datetime(2025, 1, 6, tzinfo=UTC)
WEEKS = 76
LIVE = START + timedelta(weeks=60)
# The morning after the last week before the change.
BEFORE = LIVE - timedelta(days=6, hours=18)
SETTINGS = """
[product]
name = "Steady"
now = 2026-01-01T06:00:00+00:00

[[source]]
name = "events"
files = "exports/events.csv"
exported_at = 2026-01-01T06:00:00+00:00
expected_every = "999d"

[usage]
sign_up_event = "sign_up"
activation = {{ events = ["report"] }}

[[launch]]
id = "one"
name = "Steady 1.0"
on = 2025-01-06
scorecard = ["reports", "exports"]

[[metric]]
id = "reports"
name = "Reports per user"
definition = "Reports made, per user active in the week."
table = "events"
measure = {{ ratio = [{reports}, {{ distinct = "user_id" }}] }}
unit = "count"
better = "up"

[[metric]]
id = "exports"
name = "Exports per user"
definition = "Exports made, per user active in the week."
table = "events"
measure = {{ ratio = [{exports}, {{ distinct = "user_id" }}] }}
unit = "count"
better = "up"

[[team]]
id = "core"
name = "Core"
{people}
"""
COUNTED = '{ count = true, where = { event_name = "%s" } }'
MANAGER = """
[[person]]
id = "pm"
name = "Petra Manager"
roles = { "*" = "product_manager" }

[[person]]
id = "dev"
name = "Dan Developer"
roles = { "*" = "developer" }

[[person]]
id = "guest"
name = "Gus Guest"
roles = { "*" = "stakeholder" }
"""
OWNER = """
[[person]]
id = "po"
name = "Olga Owner"
roles = { "*" = "product_owner" }
"""
USERS = 40


def write(folder: Path, people: str) -> Path:
    """The workspace, refreshed as of the week before the change.

    Args:
        folder: Of the workspace.
        people: Lines of launchloop.toml; `MANAGER` or `OWNER`.
    """
    (folder / "exports").mkdir(parents=True)
    text = SETTINGS.format(people=people, reports=COUNTED % "report", exports=COUNTED % "export")
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")
    move_clock(folder, BEFORE)
    return folder


def move_clock(folder: Path, now: datetime) -> None:
    """Sets the clock of the workspace, exports what has happened by then, and publishes it."""
    known = [one for one in events(random.Random("steady")) if one[1] < now]
    with (folder / "exports" / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["event_id", "event_name", "occurred_at", "user_id", "platform_code"])
        for number, (name, at, user) in enumerate(known):
            writer.writerow([f"e{number:06}", name, at.isoformat(), f"u{user:02}", "web"])
    place = folder / "launchloop.toml"
    text = place.read_text(encoding="utf-8")
    for name in ("now", "exported_at"):
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {now.isoformat()}", text)
    place.write_text(text, encoding="utf-8")
    assert refresh(folder).published


def events(dice: random.Random) -> list[tuple[str, datetime, int]]:
    found = []
    for week in range(WEEKS):
        monday = START + timedelta(weeks=week)
        reports = round(USERS * (2 + dice.gauss(0, 0.12)) * (1.5 if monday >= LIVE else 1))
        exports = round(USERS * (1 + dice.gauss(0, 0.25)))
        found += [("open", monday + timedelta(hours=9, minutes=user), user)
                  for user in range(USERS)]  # fmt: skip
        for name, count in (("report", reports), ("export", exports)):
            found += [
                (name, monday + timedelta(hours=10 + each % 90, minutes=each % 60), each % USERS)
                for each in range(count)
            ]
    return sorted(found, key=lambda one: one[1])
