"""A small product with weekly numbers: before a change, and after it with and without effect."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines.refresh import refresh
from pipelines.reviews import cycles
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.terms import MetricRole
from pipelines.reviews.desk import Desk

MONDAY = date(2025, 3, 3)
WEEKS_BEFORE, WEEKS_AFTER = 40, 14
GO_LIVE = MONDAY + timedelta(weeks=WEEKS_BEFORE)
CHECK_DAY = GO_LIVE + timedelta(weeks=WEEKS_AFTER)
A_WEEK = 200
MERGED = """
[[source]]
name = "aliases"
files = "user_aliases.csv"
"""
SETTINGS = """
[product]
name = "Test"
timezone = "UTC"
[[source]]
name = "product events"
files = "events.csv"
complete_to = {complete_to}
[[source]]
name = "notes"
files = "annotations.csv"
[[source]]
name = "releases"
files = "releases.csv"
[usage]
sign_up_event = "sign_up"
activation = {{ events = ["report_shared"], within_days = 3 }}
"""
TWO_PEOPLE = """
[[team]]
id = "product"
name = "Product"
[[person]]
id = "anna"
name = "Anna Berg"
roles = { product = ["product_manager"] }
[[person]]
id = "ben"
name = "Ben Cole"
roles = { product = ["developer"] }
[[person]]
id = "vera"
name = "Vera"
roles = { product = ["stakeholder"] }
"""


def events(weeks, effect, before):
    """Each week some 200 sign-ups; a share of them shares a report, another one after it."""
    rng = np.random.default_rng(11)
    for week in range(weeks):
        share = before + (effect if week >= WEEKS_BEFORE else 0.0)
        for number in range(int(A_WEEK + rng.integers(-8, 9))):
            # Nobody is left to mature when the week ends.
            day = MONDAY + timedelta(days=7 * week + number % 3)
            person = f"p{week}-{number}"
            yield "sign_up", f"{day}T10:00:00Z", person
            if rng.random() < share:
                yield "report_shared", f"{day + timedelta(days=1)}T10:00:00Z", person


def written(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def publish(folder, weeks, effect, settings=SETTINGS, before=0.3, first_week=0):
    """Writes the data of so many weeks, or of those from one week on, and publishes them."""
    complete_to = MONDAY + timedelta(weeks=weeks, days=4)
    begun = MONDAY + timedelta(weeks=first_week)
    (folder / "launchloop.toml").write_text(
        settings.format(complete_to=complete_to), encoding="utf-8"
    )
    written(
        folder / "events.csv",
        ["event_name", "occurred_at", "user_id"],
        (each for each in events(weeks, effect, before) if each[1] >= str(begun)),
    )
    written(
        folder / "annotations.csv",
        ["annotation_id", "happened_at", "annotation_kind", "title_text"],
        [("a1", "2025-11-03T00:00:00Z", "price_change", "New prices")],
    )
    released = [("r21", "2.1", f"{GO_LIVE}T08:00:00Z", "stable")] if weeks > WEEKS_BEFORE else []
    written(
        folder / "releases.csv",
        ["release_id", "version", "released_at", "channel_code"],
        released,
    )
    refresh(folder)


@pytest.fixture(scope="session")
def stages(tmp_path_factory) -> dict[str, Path]:
    """Workspaces "before" the change; later with a "step", "flat" and so on."""
    made = {}
    for name, effect in {"before": None, "step": 0.15, "flat": 0.0}.items():
        folder = tmp_path_factory.mktemp(name)
        if effect is None:
            publish(folder, WEEKS_BEFORE, 0.0)
        else:
            publish(folder, WEEKS_BEFORE + WEEKS_AFTER, effect)
        made[name] = folder
    made["redefined"] = tmp_path_factory.mktemp("redefined")
    more_days = SETTINGS.replace("within_days = 3", "within_days = 4")
    publish(made["redefined"], WEEKS_BEFORE + WEEKS_AFTER, 0.15, more_days)
    made["restated"] = tmp_path_factory.mktemp("restated")
    publish(made["restated"], WEEKS_BEFORE + WEEKS_AFTER, 0.15, before=0.36)
    # Of other products: one whose numbers are much alike, and one that began with the change.
    made["alike"] = tmp_path_factory.mktemp("alike")
    publish(made["alike"], WEEKS_BEFORE + WEEKS_AFTER, 0.15, before=0.31)
    made["later"] = tmp_path_factory.mktemp("later")
    publish(made["later"], WEEKS_BEFORE + WEEKS_AFTER, 0.15, first_week=WEEKS_BEFORE)
    made["merged"] = tmp_path_factory.mktemp("merged")
    # Of each week the first two turn out to be one person.
    found_out = [
        (f"p{week}-0", f"p{week}-1", f"{CHECK_DAY}T08:00:00Z")
        for week in range(WEEKS_BEFORE + WEEKS_AFTER)
    ]
    written(made["merged"] / "user_aliases.csv", ["alias_id", "user_id", "linked_at"], found_out)
    with_aliases = SETTINGS.replace("[usage]", f"{MERGED}[usage]")
    publish(made["merged"], WEEKS_BEFORE + WEEKS_AFTER, 0.15, with_aliases)
    return made


class Product:
    """The workspace of a test: its records, its clock, and the data that come in."""

    def __init__(self, folder: Path, stages: dict[str, Path], address: str) -> None:
        self.folder, self._stages, self._address, self.people = folder, stages, address, ""
        self.now = datetime.combine(GO_LIVE, datetime.min.time(), UTC) + timedelta(hours=9)
        self.data("before")

    def data(self, stage: str, people: str = "") -> None:
        """The numbers of a stage come in; who belongs to the product stays as it is."""
        shutil.copytree(
            self._stages[stage] / "snapshots", self.folder / "snapshots", dirs_exist_ok=True
        )
        text = (self._stages[stage] / "launchloop.toml").read_text(encoding="utf-8")
        self.people = people or self.people
        (self.folder / "launchloop.toml").write_text(
            f'{text}{self.people}\n[records]\nurl = "{self._address}"\n', encoding="utf-8"
        )

    def desk(self, person_id: str | None = None) -> Desk:
        """The desk of a person at the time of the test."""
        return Desk.open(self.folder, person_id, clock=lambda: self.now)

    def wait_until(self, day: date) -> None:
        """Moves the clock to nine o'clock of a day."""
        self.now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)


@pytest.fixture
def product(tmp_path, stages, address) -> Product:
    """A product on each database in turn, on the day that its change goes live."""
    return Product(tmp_path, stages, address)


@pytest.fixture
def asked() -> Callable[..., Asked]:
    """The five answers of a cycle on activation."""

    def answers(owner_id: str = "local") -> Asked:
        return Asked(
            change="We ask for one field less at sign-up.",
            because="Half of those who leave do so at this field.",
            metric_id="activation_rate",
            min_effect=0.05,
            owner_id=owner_id,
            go_live_on=GO_LIVE,
        )

    return answers


@pytest.fixture
def card() -> Card:
    """The card that cycles are begun from."""
    return Card("activation_rate")


@pytest.fixture
def people() -> str:
    """Anna manages the product, Ben builds it, Vera looks on."""
    return TWO_PEOPLE


class Steps:
    """Steps that many cycles of the tests take."""

    @staticmethod
    def version(desk, cycle_id):
        """Of the cycle's row, as its page shows it."""
        return cycles.cycle_page(desk, cycle_id).record.cycle.row_version

    @staticmethod
    def tolerate(desk, cycle_id, metric_id, margin):
        """Sets the margin of a guard-rail."""
        seen = cycles.cycle_page(desk, cycle_id).metric_versions[metric_id]
        cycles.put_metric(
            desk, cycle_id, Card(metric_id), MetricRole.GUARD_RAIL, expected_version=seen,
            margin=margin,
        )  # fmt: skip

    @staticmethod
    def primary(desk, cycle_id, **columns):
        """Says more of the primary metric."""
        seen = cycles.cycle_page(desk, cycle_id).metric_versions["activation_rate"]
        cycles.put_metric(
            desk, cycle_id, Card("activation_rate"), MetricRole.PRIMARY, expected_version=seen,
            **columns,
        )  # fmt: skip

    def locked(self, desk, card, asked):
        """A cycle with its plan locked, whose guard-rail tolerates a loss of ten people a week."""
        cycle_id = cycles.start_cycle(desk, "product", card, asked)
        self.tolerate(desk, cycle_id, "wau", 10.0)
        cycles.lock(desk, cycle_id, self.version(desk, cycle_id))
        return cycle_id

    def do(self, desk, cycle_id):
        """Begins and ends every action on the day of the test, then the Check."""
        for step in (cycles.begin_action, cycles.end_action):
            page = cycles.cycle_page(desk, cycle_id)
            for action in page.record.actions:
                step(desk, action.action_id, page.action_versions[action.action_id])
        cycles.begin_check(desk, cycle_id, self.version(desk, cycle_id))


@pytest.fixture
def steps() -> Steps:
    """Steps that many cycles of the tests take."""
    return Steps()


@pytest.fixture
def redefined() -> Callable[[Product], None]:
    """Gives activation a day more: the same people, another definition."""
    return lambda product: product.data("redefined")
