"""Mappings with a place for what a test adds, and what a file gives that is read with one."""

import pytest

EVENTS = """\
[import]
target = "events"
{more}
[columns]
user_id = {{ from = "u", privacy = "keep" }}
event_name = "n"
occurred_at = {when}
{columns}
"""
PAYMENTS = """\
[import]
target = "payments"
timezone = "UTC"
{more}
[constants]
payment_kind = "charge"
status_code = "succeeded"
[columns]
account_id = {{ from = "c", privacy = "keep" }}
happened_at = "t"
{columns}
"""
AMOUNT = 'amount_minor = { from = "a", unit = "major" }'
SURVEY = """\
[import]
target = "survey_responses"
timezone = "UTC"
{more}
[constants]
survey_id = "pulse"
[columns]
respondent_key = "who"
{questions}
"""


@pytest.fixture
def events(desk):
    """Lays events and reads them with a mapping."""

    def read(content, *, more='timezone = "UTC"', when='"t"', columns="", name="in/e.csv"):
        desk.mapping(EVENTS.format(more=more, when=when, columns=columns))
        desk.lay(name, content)
        return desk.only()

    read.desk = desk
    return read


@pytest.fixture
def payments(desk):
    """Lays payments and reads them with a mapping."""

    def read(content, *, more="", columns=AMOUNT, after=""):
        desk.mapping(PAYMENTS.format(more=more, columns=columns) + after)
        desk.lay("in/p.csv", content)
        return desk.only()

    read.desk = desk
    return read


@pytest.fixture
def survey(desk):
    """Lays answers and reads them with a mapping."""

    def read(content, questions, *, more=""):
        desk.mapping(SURVEY.format(more=more, questions=questions))
        desk.lay("in/s.csv", content)
        return desk.only()

    read.desk = desk
    return read
