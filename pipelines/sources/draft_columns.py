"""Which canonical table an unknown file could fill, and with which of its columns. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.sources.defaults import FROM_CONTENT
from pipelines.sources.draft_samples import SampledColumn
from pipelines.sources.tables import TABLES, Column, Table

# What exports call the columns of the tables that people map themselves, best name first;
# English, then German, without marks on letters.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "events": {
        "event_name": "event name|event|action|activity|event type|type|name"
        "|ereignis|aktion|vorgang",
        "occurred_at": "occurred at|timestamp|event time|time|datetime|created at|date|when"
        "|zeitpunkt|zeitstempel|zeit|datum",
        "user_id": "user id|user|userid|uid|distinct id|member id|customer id|visitor id"
        "|benutzer id|benutzer|nutzer id|nutzer|kunden id|kundennummer|kunden nr",
        "anonymous_id": "anonymous id|device id|cookie id|visitor id",
        "account_id": "account id|account|company id|organisation id|organization id|tenant"
        "|firma|konto|mandant",
        "session_id": "session id|session|sitzung|sitzungs id",
        "platform_code": "platform|os|device|device type|plattform|gerat",
        "event_id": "event id|insert id|uuid",
    },
    "payments": {
        "account_id": "account id|customer id|customer|client id|client|account|company|user id"
        "|kunden id|kundennummer|kunden nr|kunde|konto",
        "happened_at": "happened at|paid at|payment date|transaction date|order date|date|created"
        "|zahlungsdatum|rechnungsdatum|buchungsdatum|bezahlt am|datum",
        "amount_minor": "amount|total|price|revenue|value|paid|dollar value|sum|gross"
        "|betrag|summe|preis|umsatz",
        "currency": "currency|currency code|wahrung",
        "status_code": "status|state|result",
        "payment_id": "payment id|transaction id|order id|id|invoice id"
        "|zahlungs id|rechnungsnummer|rechnungs nr|belegnummer",
    },
    "costs": {
        "cost_id": "cost id|id|booking|number|belegnummer|nummer|nr",
        "period_on": "period|month|date|booked on|monat|zeitraum|datum",
        "cost_kind": "cost kind|kind|category|cost type|type|kostenart|art|kategorie",
        "amount_minor": "amount|cost|costs|total|value|sum|betrag|kosten|summe",
        "currency": "currency|wahrung",
    },
    "feedback_items": {
        "feedback_id": "feedback id|review id|ticket id|id|number|nummer|nr",
        "body_text": "body|text|comment|review|message|description|feedback|content|note"
        "|kommentar|bewertung|nachricht|beschreibung|rezension",
        "title_text": "title|subject|headline|titel|betreff",
        "submitted_at": "submitted at|created at|created|date|timestamp|time|posted at"
        "|erstellt am|erstellt|datum|zeitstempel",
        "rating": "rating|stars|score|sterne|note",
        "user_id": "user id|author id|requester id|customer id",
        "app_version": "app version|version",
    },
    "work_items": {
        "work_item_key": "key|issue key|issue id|ticket|item|id|number"
        "|schlussel|vorgangsnummer|nummer|nr",
        "title_text": "title|summary|subject|name|titel|zusammenfassung|betreff",
        "status_name": "status|state|column",
        "item_type_name": "type|issue type|item type|kind|typ|vorgangstyp",
        "created_at": "created at|created|opened|created date|date created"
        "|erstellt am|erstellt|angelegt am",
        "done_at": "done at|resolved|closed at|closed|completed|completed at|resolution date"
        "|erledigt am|erledigt|gelost|abgeschlossen am",
        "points": "points|story points|estimate|size|punkte|story punkte|schatzung",
        "priority_code": "priority|prioritat",
    },
    "deployments": {
        "deployment_id": "deployment id|deploy id|run id|id|number",
        "environment_code": "environment|env|stage|target",
        "started_at": "started at|started|deployed at|start time|created at|date|time",
        "finished_at": "finished at|finished|end time|ended",
        "result_code": "result|status|conclusion|outcome",
        "commit_sha": "commit|commit sha|sha|revision",
        "service_id": "service|repository|repo|application|app",
    },
    "incidents": {
        "incident_id": "incident id|incident|id|number|storung|nummer|nr",
        "opened_at": "opened at|opened|started at|created at|triggered at|detected at"
        "|beginn|eroffnet am|gemeldet am",
        "resolved_at": "resolved at|resolved|closed at|ended at|behoben am|ende",
        "severity_code": "severity|priority|urgency|schweregrad|prioritat",
        "status_code": "status|state",
        "title_text": "title|summary|description|titel|zusammenfassung",
    },
    "users": {
        "user_id": "user id|userid|uid|id|email|e mail"
        "|benutzer id|benutzer|nutzer id|nutzer|e mail adresse",
        "account_id": "account id|account|company id|company|firma|kunde",
        "signed_up_at": "signed up at|signed up|registered at|registration date|created at|joined"
        "|registriert am|angemeldet am",
        "country_code": "country|country code|land",
        "locale_code": "locale|language|sprache",
    },
    "accounts": {
        "account_id": "account id|account|company id|customer id|id"
        "|kunden id|kundennummer|kunden nr",
        "account_name": "account name|company|name|customer|kunde|firma",
        "segment_code": "segment|plan|tier|size|tarif",
        "region_code": "region|country|land",
        "created_at": "created at|created|since|kunde seit|seit|erstellt am",
    },
    "releases": {
        "release_id": "release id|release|tag|version|id",
        "version": "version|release|tag|name",
        "released_at": "released at|released|published at|date|created at",
    },
}
# What every row needs, this kind of file rarely has, and a person can say of the whole file.
CONSTANTS: Mapping[str, Mapping[str, str]] = {
    "payments": {"payment_kind": "charge", "status_code": "succeeded"},
    "feedback_items": {"feedback_kind": "review"},
    "work_items": {"item_kind": "story", "item_type_name": "Story"},
    "incidents": {"status_code": "resolved"},
}
KNOWN_TABLES = (*_WORDS, "survey_responses")
_IS_TIME = re.compile(r"_(at|on)$")
_IS_AMOUNT = re.compile(r"_minor$|^(points|rating)$")
# A column that every table could have says little about which one it is.
_MARK, _COMMON = 2, 1


@dataclass(frozen=True)
class Guess:
    """A table and the columns of the file that could fill it."""

    table: Table
    columns: Mapping[str, SampledColumn]

    @property
    def missing(self) -> list[Column]:
        """Required columns that no column of the file seems to fill."""
        known = _WORDS[self.table.name].keys() - FROM_CONTENT - self.columns.keys()
        filled = {"currency", *CONSTANTS.get(self.table.name, {})}
        return [
            column
            for column in self.table.columns
            if column.is_required and column.name in known - filled
        ]


def guessed_table(columns: Sequence[SampledColumn]) -> Guess:
    """The table that most of the columns fit; of equals, or if none fits, the one listed first."""
    guesses = [Guess(TABLES[name], _assigned(TABLES[name], columns)) for name in _WORDS]
    return max(guesses, key=_fit)


def _fit(guess: Guess) -> float:
    if not guess.columns:
        return -math.inf
    own = [
        name
        for name in guess.columns
        if guess.table.column(name).is_required and name not in FROM_CONTENT
    ]
    marks = _MARK * len(own) + _COMMON * (len(guess.columns) - len(own))
    return marks - _MARK * len(guess.missing)


def _assigned(table: Table, columns: Sequence[SampledColumn]) -> dict[str, SampledColumn]:
    """Each target's best-named column whose values fit; a column is used once."""
    choices = [
        (rank, place, target, column)
        for target, words in _WORDS[table.name].items()
        for rank, word in enumerate([target.replace("_", " "), *words.split("|")])
        for place, column in enumerate(columns)
        if word in column.names and _can_be(table.column(target), column)
    ]
    found: dict[str, SampledColumn] = {}
    used: set[int] = set()
    for _, place, target, column in sorted(choices, key=lambda choice: choice[:2]):
        if target not in found and place not in used:
            found[target] = column
            used.add(place)
    return {name: found[name] for name in table.column_names if name in found}


def _can_be(target: Column, column: SampledColumn) -> bool:
    if not column.values:
        return True
    if _IS_TIME.search(target.name):
        return column.is_time
    if _IS_AMOUNT.search(target.name):
        return column.is_amount
    return not (column.is_time and not column.is_number)
