import dataclasses
from datetime import UTC, datetime

import pytest

from pipelines.sources import zendesk
from pipelines.sources.definition import BadCell, Dropped, Record
from pipelines.sources.raw import keyed_header

FILES = {
    "zendesk_ticket": "ticket",
    zendesk.COMMENT: "ticket_comment",
    zendesk.USER: "user",
    zendesk.HISTORY: "ticket_field_history",
    zendesk.TAG: "ticket_tag",
}


@pytest.fixture(scope="module")
def exported(files):
    return {
        preset: files.rows_of(files.data / "fivetran_dbt_zendesk" / f"{name}_data.csv")
        for preset, name in FILES.items()
    }


@pytest.fixture(scope="module")
def siblings_of_all(files, exported):
    return {preset: files.records_of(rows) for preset, rows in exported.items()}


@pytest.fixture
def made_from(files):
    def made(tickets, siblings):
        told = dataclasses.replace(files.context([["id"]]), siblings=siblings)
        return list(zendesk.zendesk_tickets(tickets, told))

    return made


def ticket(**values):
    return Record(
        1, {"id": "7", "requester_id": "100", "status": "open", "created_at": "2026-03-01 10:00:00",
            **values},
    )  # fmt: skip


def comment(number, minute, user, public="TRUE"):
    created = f"2026-03-01 10:{minute:02d}:00"
    return Record(
        number, {"id": str(number), "ticket_id": "7", "public": public, "body": "…",
                 "user_id": user, "created": created},
    )  # fmt: skip


def change(number, day, value):
    return Record(
        number, {"ticket_id": "7", "field_name": "status", "updated": f"2026-03-{day:02d} 12:00:00",
                 "value": value},
    )  # fmt: skip


USERS = [
    Record(1, {"id": "100", "role": "end-user"}),
    Record(2, {"id": "200", "role": "agent"}),
]


def test_every_table_is_recognised_by_exactly_its_own_preset(exported):
    for preset_id, rows in exported.items():
        header = keyed_header(rows[0])
        fitting = [one.id for one in zendesk.PRESETS if one.fingerprint.matches(header)]
        assert fitting == [preset_id]


def test_deleted_tickets_are_dropped_by_their_rule_and_all_others_load(
    siblings_of_all, files, made_from
):
    made = made_from(siblings_of_all["zendesk_ticket"], siblings_of_all)
    assert len(files.table(made, "feedback_items")) == 8
    assert [one.rule for one in made if isinstance(one, Dropped)] == ["deleted", "deleted"]


def test_repeated_history_rows_collapse_from_38_to_35(exported, siblings_of_all, files):
    history = siblings_of_all[zendesk.HISTORY]
    repeated = list(zendesk.repeated_changes(history, files.context(exported[zendesk.HISTORY])))
    assert len(history) - len(repeated) == 35


def test_a_history_before_creation_is_an_order_conflict_and_gives_no_closing_time(
    siblings_of_all, files, made_from
):
    made = made_from(siblings_of_all["zendesk_ticket"], siblings_of_all)
    (conflict,) = [one for one in made if isinstance(one, BadCell)]
    assert (conflict.code, conflict.record_no) == ("order_conflict", 4)
    (row,) = [
        one for one in files.table(made, "feedback_items") if one.values["feedback_id"] == "11071"
    ]
    assert row.values["closed_at"] is None
    assert row.values["title_text"] == "subject1"


def test_the_first_answer_is_the_first_public_comment_by_an_agent(made_from):
    comments = [
        comment(1, 5, "100"),
        comment(2, 10, "200", public="FALSE"),
        comment(3, 30, "200"),
        comment(4, 20, "200"),
    ]
    (row,) = made_from([ticket()], {zendesk.COMMENT: comments, zendesk.USER: USERS})
    assert row.values["first_answered_at"] == datetime(2026, 3, 1, 10, 20, tzinfo=UTC)


def test_without_the_users_table_nobody_is_known_to_be_an_agent(made_from):
    (row,) = made_from([ticket()], {zendesk.COMMENT: [comment(1, 5, "200")]})
    assert row.values["first_answered_at"] is None


def test_a_reopened_ticket_closes_with_its_last_unbroken_stay(made_from):
    history = [change(1, 2, "solved"), change(2, 3, "open"), change(3, 5, "solved"),
               change(4, 6, "closed")]  # fmt: skip
    (row,) = made_from([ticket(status="closed")], {zendesk.HISTORY: history})
    assert row.values["closed_at"] == datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert row.values["reopen_count"] == 1


def test_an_open_ticket_has_no_closing_time(made_from):
    (row,) = made_from(
        [ticket()], {zendesk.HISTORY: [change(1, 2, "solved"), change(2, 3, "open")]}
    )
    assert row.values["closed_at"] is None


def test_tags_are_listed_once_each(made_from):
    tags = [Record(n, {"tag": tag, "ticket_id": "7"}) for n, tag in enumerate("bba", 1)]
    (row,) = made_from([ticket()], {zendesk.TAG: tags})
    assert row.values["tag_list"] == ["a", "b"]


def test_a_newer_export_of_a_ticket_says_when_it_was_changed(made_from):
    (row,) = made_from([ticket(updated_at="2026-03-09 08:00:00")], {})
    assert row.values["source_updated_at"] == datetime(2026, 3, 9, 8, tzinfo=UTC)
