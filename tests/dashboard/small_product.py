"""A product that has just begun: 40 users, 12 customers, 9 answers, one team, five weeks.

Made up from one seed. Every file is of a neutral preset, so that nothing but the product's own
engine stands between these rows and a page.
"""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 9, 28, tzinfo=UTC)
END = START + timedelta(weeks=5)
LAUNCH = START + timedelta(weeks=2)
SETTINGS = f"""
[product]
name = "Sprout"
now = {(END + timedelta(hours=6)).isoformat()}

[[launch]]
id = "sprout-1"
name = "Sprout 1.0"
on = {LAUNCH.date()}

[usage]
sign_up_event = "sign_up"
activation = {{ events = ["share"] }}
[usage.features]
sharing = ["share"]

[[funnel]]
id = "to_share"
name = "Sign-up to share"
steps = ["sign_up", "open", "share"]
window_days = 7

[segments]
plan = "accounts.segment_code"

[[team]]
id = "core"
name = "Core"
boards = ["1"]
"""
SOURCE = """
[[source]]
name = "{name}"
files = "exports/{name}.csv"
exported_at = {end}
"""
TABLES = (
    "events", "users", "accounts", "subscriptions", "payments", "survey_questions",
    "survey_responses", "feedback_items", "sprints", "work_items", "work_item_changes", "releases",
)  # fmt: skip


def write(folder: Path) -> Path:
    """The workspace in a folder, ready to be refreshed."""
    dice = random.Random("sprout")
    rows = {
        "accounts": accounts(),
        "users": users(),
        "events": events(dice),
        "subscriptions": subscriptions(),
        "payments": payments(),
        "survey_questions": questions(),
        "survey_responses": answers(dice),
        "feedback_items": feedback(),
        "sprints": sprints(),
        **work(),
        "releases": [
            {
                "release_id": "1.0",
                "product_id": "sprout",
                "version": "1.0",
                "channel_code": "stable",
                "released_at": LAUNCH.isoformat(),
            }
        ],
    }
    exports = folder / "exports"
    exports.mkdir(parents=True)
    for name in TABLES:
        write_csv(exports / f"{name}.csv", rows[name])
    sources = "".join(SOURCE.format(name=name, end=END.isoformat()) for name in TABLES)
    (folder / "launchloop.toml").write_text(SETTINGS + sources, encoding="utf-8")
    return folder


def write_csv(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def signed_up(number: int) -> datetime:
    return START + timedelta(hours=19 * number + 3)


def accounts() -> list[dict[str, object]]:
    return [
        {
            "account_id": f"a{number:02}",
            "account_name": f"Account {number}",
            "segment_code": "team" if number % 3 else "solo",
            "created_at": START.isoformat(),
        }
        for number in range(12)
    ]


def users() -> list[dict[str, object]]:
    return [
        {
            "user_id": f"u{number:02}",
            "account_id": f"a{number % 12:02}",
            "signed_up_at": signed_up(number).isoformat(),
        }
        for number in range(40)
    ]


def events(dice: random.Random) -> list[dict[str, object]]:
    found = []
    for number in range(40):
        at = signed_up(number)
        times = [("sign_up", at)]
        while (at := at + timedelta(hours=dice.randint(8, 150))) < END:
            times.append(("share" if dice.random() < 0.3 else "open", at))
        found += [(name, when, number) for name, when in times if when < END]
    return [
        {
            "event_id": f"e{place:04}",
            "event_name": name,
            "occurred_at": when.isoformat(),
            "user_id": f"u{number:02}",
            "platform_code": "web",
        }
        for place, (name, when, number) in enumerate(sorted(found, key=lambda one: one[1]))
    ]


def subscriptions() -> list[dict[str, object]]:
    return [
        {
            "subscription_id": f"s{number:02}",
            "account_id": f"a{number:02}",
            "plan_id": "team",
            "status_code": "canceled" if number in {3, 8} else "active",
            "quantity": 1,
            "unit_price_minor": 2900,
            "interval_unit": "month",
            "interval_count": 1,
            "currency": "EUR",
            "started_at": (START + timedelta(hours=30 * number)).isoformat(),
            "ended_at": (END - timedelta(days=2)).isoformat() if number in {3, 8} else "",
            "as_of_at": END.isoformat(),
        }
        for number in range(12)
    ]


def payments() -> list[dict[str, object]]:
    return [
        {
            "payment_id": f"p{number:02}",
            "payment_kind": "charge",
            "account_id": f"a{number:02}",
            "happened_at": (START + timedelta(hours=30 * number, minutes=5)).isoformat(),
            "status_code": "succeeded",
            "amount_minor": 2900,
            "currency": "EUR",
        }
        for number in range(12)
    ]


def questions() -> list[dict[str, object]]:
    return [
        {
            "survey_id": "pulse",
            "question_id": "recommend",
            "question_text": "Would you recommend Sprout?",
            "metric_code": "nps",
            "survey_kind": "relational",
            "scale_min": 0,
            "scale_max": 10,
            "is_higher_better": "true",
        }
    ]


def answers(dice: random.Random) -> list[dict[str, object]]:
    return [
        {
            "survey_id": "pulse",
            "response_id": f"r{number}",
            "question_id": "recommend",
            "user_id": f"u{4 * number:02}",
            "answered_at": (END - timedelta(days=20 - number)).isoformat(),
            "time_quality": "exact",
            "score": dice.choice([5, 7, 8, 9, 10]),
            "answer_state": "answered",
        }
        for number in range(9)
    ]


def feedback() -> list[dict[str, object]]:
    texts = ["I love it", "The export is broken and slow", "How do I share?", "Great", "It fails"]
    return [
        {
            "feedback_id": f"f{number}",
            "feedback_kind": "ticket",
            "submitted_at": (START + timedelta(days=6 * number + 1)).isoformat(),
            "time_quality": "exact",
            "user_id": f"u{number:02}",
            "account_id": f"a{number:02}",
            "body_text": text,
        }
        for number, text in enumerate(texts)
    ]


def sprints() -> list[dict[str, object]]:
    return [
        {
            "sprint_id": str(number + 1),
            "board_id": "1",
            "team_id": "core",
            "sprint_name": f"Core {number + 1}",
            "goal_text": ["First share works", "Sharing is fast", "Teams"][number],
            "state_code": "closed" if number < 2 else "active",
            "started_at": (START + timedelta(weeks=2 * number, hours=9)).isoformat(),
            "planned_end_at": (START + timedelta(weeks=2 * number + 2, hours=8)).isoformat(),
            "completed_at": (
                (START + timedelta(weeks=2 * number + 2, hours=8)).isoformat() if number < 2 else ""
            ),
            "goal_result": ["met", "not_met", ""][number],
        }
        for number in range(3)
    ]


def change(  # noqa: PLR0913
    key: str, number: int, field: str, before: str, after: str, named: str, then: str, at: datetime
) -> dict[str, object]:
    return {
        "work_item_key": key,
        "changed_at": at.isoformat(),
        "change_no": number,
        "field_code": field,
        "from_value": before,
        "to_value": after,
        "from_label": named,
        "to_label": then,
    }


def work() -> dict[str, list[dict[str, object]]]:
    """Five items a sprint; one of each is not finished in it."""
    items, changes = [], []
    for number in range(15):
        sprint, place = divmod(number, 5)
        begun = START + timedelta(weeks=2 * sprint, days=place + 1, hours=10)
        done = begun + timedelta(days=1 + place)
        is_done = place < 4 and done < END
        is_begun = begun < END
        state = "done" if is_done else "doing" if is_begun else "todo"
        key = f"CORE-{number + 1}"
        items.append(
            {
                "work_item_key": key,
                "item_kind": "story",
                "item_type_name": "Story",
                "title_text": f"Story {number + 1}",
                "status_id": {"todo": "1", "doing": "2", "done": "3"}[state],
                "status_name": {"todo": "To do", "doing": "Doing", "done": "Done"}[state],
                "state_code": state,
                "points": 1 + place % 3,
                "created_at": (START - timedelta(days=1)).isoformat(),
                "done_at": done.isoformat() if is_done else "",
                "team_id": "core",
                "sprint_list": str(sprint + 1),
            }
        )
        steps = [("1", "2", "To do", "Doing", begun)] if is_begun else []
        steps += [("2", "3", "Doing", "Done", done)] if is_done else []
        changes += [change(key, place, "status", *step) for place, step in enumerate(steps)]
        name = f"Core {sprint + 1}"
        planned = START - timedelta(hours=20)
        changes.append(change(key, 0, "sprint", "", str(sprint + 1), "", name, planned))
    return {"work_items": items, "work_item_changes": changes}
