"""Which files there are, and what stands in each."""

from collections.abc import Iterator

from sample_data.generate import (
    stripe_bills,
    stripe_cash,
    stripe_headers,
    stripe_tables,
    zendesk_headers,
)
from sample_data.generate.billing import plans_at_end, simulated_subscriptions
from sample_data.generate.business_case import CASE_HEADER, COST_HEADER, case_rows, cost_rows
from sample_data.generate.contracts import Subscription
from sample_data.generate.csat import csat_text, simulated_csat
from sample_data.generate.events import EVENT_HEADER, event_rows_by_month, simulated_events
from sample_data.generate.incidents import (
    ANNOTATION_HEADER,
    INCIDENT_HEADER,
    annotation_rows,
    incident_rows,
)
from sample_data.generate.jira_json import issue_records, sprint_records
from sample_data.generate.nps import EXPOSURE_HEADER, NPS_HEADER, simulated_waves
from sample_data.generate.peer_feedback import PEER_HEADER, peer_rows
from sample_data.generate.people import (
    ACCOUNT_HEADER,
    ALIAS_HEADER,
    USER_HEADER,
    People,
    account_rows,
    alias_rows,
    simulated_people,
    user_rows,
)
from sample_data.generate.releases import (
    COMMIT_HEADER,
    DEPLOYMENT_HEADER,
    TAG_HEADER,
    simulated_history,
    tag_rows,
)
from sample_data.generate.sessions import Happening
from sample_data.generate.sprint_sheet import SPRINT_HEADER, sprint_rows
from sample_data.generate.teams import ATLAS, COMET
from sample_data.generate.tickets import agent_rows, comment_rows, simulated_tickets, ticket_rows
from sample_data.generate.writing import csv_text, ndjson_text

Files = Iterator[tuple[str, str]]


def exports() -> Files:
    """Every file's name below `exports/` and its text."""
    people = simulated_people()
    happenings = simulated_events(people)
    contracts = simulated_subscriptions(people)
    yield from _usage(people, happenings, contracts)
    yield from _surveys(happenings)
    yield from _money(people, happenings, contracts)
    yield from _feedback(people)
    yield from _delivery()
    yield from _releases()
    yield "business_case.csv", csv_text(CASE_HEADER, case_rows())
    yield "costs.csv", csv_text(COST_HEADER, cost_rows())
    yield "annotations.csv", csv_text(ANNOTATION_HEADER, annotation_rows())
    yield "peer_feedback.csv", csv_text(PEER_HEADER, peer_rows())


def _usage(people: People, happenings: list[Happening], contracts: list[Subscription]) -> Files:
    for month, rows in sorted(event_rows_by_month(happenings).items()):
        yield f"events/{month}.csv.gz", csv_text(EVENT_HEADER, rows)
    plans = plans_at_end(contracts)
    yield "people/accounts.csv", csv_text(ACCOUNT_HEADER, account_rows(people, plans))
    yield "people/users.csv", csv_text(USER_HEADER, user_rows(people))
    yield "people/user_aliases.csv", csv_text(ALIAS_HEADER, alias_rows(people))


def _surveys(happenings: list[Happening]) -> Files:
    for wave in simulated_waves(happenings):
        yield f"nps/nps_{wave.name}.csv", csv_text(NPS_HEADER, wave.answers, delimiter=";")
        yield f"nps/invitations_{wave.name}.csv", csv_text(EXPOSURE_HEADER, wave.exposures)
    months, shown = simulated_csat(happenings)
    for month, rows in sorted(months.items()):
        yield f"csat/csat_{month}.csv", csat_text(month, rows)
    yield "csat/shown.csv.gz", csv_text(EXPOSURE_HEADER, shown)


def _money(people: People, happenings: list[Happening], contracts: list[Subscription]) -> Files:
    bills = stripe_bills.bills(contracts)
    charges = stripe_cash.charges(bills, happenings)
    headers = stripe_headers
    for name, header, rows in (
        ("customer.csv", headers.CUSTOMER, stripe_tables.customer_rows(people)),
        ("plan.csv", headers.PLAN, stripe_tables.plan_rows()),
        ("coupon.csv", headers.COUPON, stripe_tables.coupon_rows()),
        ("subscription_discount.csv", headers.SUBSCRIPTION_DISCOUNT,
         stripe_tables.discount_rows(contracts)),
        ("subscription_history.csv.gz", headers.SUBSCRIPTION_HISTORY,
         stripe_tables.history_rows(contracts)),
        ("subscription_item.csv", headers.SUBSCRIPTION_ITEM, stripe_tables.item_rows(contracts)),
        ("invoice.csv.gz", headers.INVOICE, stripe_bills.invoice_rows(bills)),
        ("invoice_line_item.csv.gz", headers.INVOICE_LINE_ITEM,
         stripe_bills.invoice_line_rows(bills)),
        ("charge.csv.gz", headers.CHARGE, stripe_cash.charge_rows(charges)),
        ("refund.csv", headers.REFUND, stripe_cash.refund_rows(charges)),
        ("balance_transaction.csv.gz", headers.BALANCE_TRANSACTION,
         stripe_cash.balance_rows(charges)),
    ):  # fmt: skip
        yield f"stripe/{name}", csv_text(header, rows)


def _feedback(people: People) -> Files:
    tickets = simulated_tickets(people)
    yield "zendesk/ticket.csv", csv_text(zendesk_headers.TICKET, ticket_rows(tickets))
    yield (
        "zendesk/ticket_comment.csv",
        csv_text(zendesk_headers.TICKET_COMMENT, comment_rows(tickets)),
    )
    yield "zendesk/user.csv", csv_text(zendesk_headers.USER, agent_rows())


def _delivery() -> Files:
    yield "jira/atlas_issues.ndjson.gz", ndjson_text(issue_records(ATLAS))
    yield "jira/atlas_sprints.ndjson", ndjson_text(sprint_records(ATLAS))
    yield "jira/comet_issues.ndjson.gz", ndjson_text(issue_records(COMET))
    yield "jira/comet_sprints.csv", csv_text(SPRINT_HEADER, sprint_rows(COMET))


def _releases() -> Files:
    history = simulated_history()
    yield "git/tags.csv", csv_text(TAG_HEADER, tag_rows(history))
    yield "git/commits.csv.gz", csv_text(COMMIT_HEADER, reversed(history.commits))
    yield "deployments.csv", csv_text(DEPLOYMENT_HEADER, history.deployments)
    yield "incidents.csv", csv_text(INCIDENT_HEADER, incident_rows(history))
