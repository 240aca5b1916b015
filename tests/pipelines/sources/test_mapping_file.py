"""Mappings: every key of the contract, and what each is refused for."""

import pytest

from pipelines.errors import WorkspaceError
from pipelines.sources.mapping_file import load_mapping, parse_mapping

SURVEY = """\
[import]
name = "relationship_survey"
target = "survey_responses"
files = "nps_*.csv"
mode = "append"
delimiter = ";"
header_rows = 1
timezone = "Europe/Berlin"
date_order = "dmy"            # or "infer"
missing = ["keine Angabe"]    # added to the standard list
key = ["respondent_key", "wave_id", "question_id"]
duplicates = "keep_latest"

[constants]
survey_id = "relationship"
wave_id = "2026-H1"

[columns]
respondent_key = { from = "E-Mail", privacy = "hash" }
answered_at    = { from = "Datum", type = "timestamp" }
is_complete    = { from = "Status", values = { fertig = true, abgebrochen = false } }

[[question]]
id = "recommend"
from = "Wie wahrscheinlich empfehlen Sie uns?"
metric = "nps"
scale = { min = 0, max = 10, higher_is_better = true }
comment_from = "Warum?"

[[question]]
id = "ease"
from = "Einfachheit"
metric = "ces"
scale = { min = 1, max = 5, higher_is_better = false }
labels = { "sehr schwer" = 1, "schwer" = 2, "mittel" = 3, "leicht" = 4, "sehr leicht" = 5 }

[ignore]
columns = ["IP", "Browser"]

[expect]
rows = 412
"""

# SOURCE: written for Launchloop's acceptance over the public CDNOW purchases (Fader and Hardie)
# and the public survey of CNCF maintainers (Apache-2.0). Only the mappings, none of the data.
PURCHASES = """\
[import]
name = "purchases"
target = "payments"
files = "CDNOW_master.txt"
mode = "append"
delimiter = "blanks"
header_rows = 1
timezone = "UTC"
duplicates = "keep"

[constants]
payment_kind = "charge"
status_code = "succeeded"
currency = "USD"

[columns]
account_id = "customer_id"
happened_at = { from = "date", type = "timestamp", format = "%Y%m%d" }
amount_minor = { from = "dollar_value", unit = "major" }
"""
MAINTAINERS = """\
[import]
name = "maintainers 2020_H2"
target = "survey_responses"
files = "2020_H2.csv"
mode = "append"
delimiter = ","
header_rows = 2
timezone = "UTC"
duplicates = "keep"

[constants]
survey_id = "maintainers"
wave_id = "2020_H2"
answered_at = "2020-12-15T12:00:00Z"
time_quality = "wave"

[[question]]
id = "recommend"
from = "Would you recommend CNCF to other open source projects, and why?"
occurrence = 1
metric = "nps"
scale = { min = 1, max = 10, higher_is_better = true }
"""

EVERY_KEY = """\
[import]
target = "payments"
scope = "full"
mode = "snapshot"
format = "json"
encoding = "cp1252"
records = "data.items"
sheet = "Sheet1"
decimal = ","
header_rows = 0
duplicates = "drop"

[constants]
occurrence_no = 1
happened_at = 2026-07-01
status_code = true

[columns]
payment_id = 1
account_id = ["customer.id", "customer"]
amount_minor = { product = ["price", 4], unit = "minor", type = "integer" }
payment_kind = { from = "no", starts_with = { C = "refund" }, otherwise = "charge" }
net_minor = { from = "Net", occurrence = 2, privacy = "keep", separator = ";" }
source_updated_at = { from = "updated", format = "epoch_ms" }

[where]
Status = ["paid", "refunded"]
live = true

[expect]
sums = { amount_minor = 250031563 }
"""


@pytest.fixture
def mapping(tmp_path):
    def loaded(text):
        path = tmp_path / "survey.toml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)

    return loaded


def test_the_example_of_the_specification_is_read(mapping):
    found = mapping(SURVEY)
    assert found.target == "survey_responses"
    assert found.files == ("nps_*.csv",)
    assert (found.delimiter, found.date_order, found.duplicates) == (";", "dmy", "keep_latest")
    assert found.missing == ("keine Angabe",)
    assert found.key == ("respondent_key", "wave_id", "question_id")
    assert found.constants == {"survey_id": "relationship", "wave_id": "2026-H1"}
    assert found.columns["respondent_key"].from_ == ("E-Mail",)
    assert found.columns["respondent_key"].privacy == "hash"
    assert found.columns["answered_at"].type == "timestamp"
    assert found.columns["is_complete"].values == {"fertig": True, "abgebrochen": False}
    assert found.ignore == ("IP", "Browser")
    assert found.expect_rows == 412


def test_a_question_carries_its_scale_labels_and_comment(mapping):
    recommend, ease = mapping(SURVEY).questions
    assert (recommend.scale_min, recommend.scale_max, recommend.is_higher_better) == (0, 10, True)
    assert recommend.comment_from == ("Warum?",)
    assert recommend.top_box_min is None
    assert ease.is_higher_better is False
    assert ease.labels["sehr leicht"] == 5
    assert ease.comment_from == ()


def test_a_question_without_a_scale_has_none(mapping):
    text = SURVEY.replace("scale = { min = 0, max = 10, higher_is_better = true }\n", "")
    (recommend, _) = mapping(text).questions
    assert (recommend.scale_min, recommend.scale_max, recommend.is_higher_better) == (None,) * 3


def test_mappings_of_real_exports_are_read(mapping):
    purchases = mapping(PURCHASES)
    assert purchases.delimiter == "blanks"
    assert purchases.columns["account_id"].from_ == ("customer_id",)
    assert purchases.columns["happened_at"].format == "%Y%m%d"
    assert purchases.columns["amount_minor"].unit == "major"
    (question,) = mapping(MAINTAINERS).questions
    assert (question.occurrence, question.scale_min, question.scale_max) == (1, 1, 10)


def test_every_other_key_is_read(mapping):
    found = mapping(EVERY_KEY)
    assert (found.scope, found.mode, found.format) == ("full", "snapshot", "json")
    assert (found.encoding, found.records, found.sheet) == ("cp1252", "data.items", "Sheet1")
    assert (found.decimal, found.header_rows, found.duplicates) == (",", 0, "drop")
    assert found.constants == {
        "occurrence_no": 1,
        "happened_at": "2026-07-01",
        "status_code": True,
    }
    assert isinstance(found.constants["status_code"], bool)
    rules = found.columns
    assert rules["payment_id"].from_ == (1,)
    assert rules["account_id"].from_ == ("customer.id", "customer")
    assert rules["amount_minor"].product == ("price", 4)
    assert rules["amount_minor"].from_ == ()
    assert rules["payment_kind"].starts_with == {"C": "refund"}
    assert rules["payment_kind"].otherwise == "charge"
    assert (rules["net_minor"].occurrence, rules["net_minor"].separator) == (2, ";")
    assert rules["source_updated_at"].format == "epoch_ms"
    assert found.where == {"Status": ("paid", "refunded"), "live": ("true",)}
    assert found.expect_sums == {"amount_minor": 250031563}


def test_what_is_left_out_is_left_to_the_file():
    found = parse_mapping({"import": {"target": "events"}})
    assert (found.mode, found.header_rows, found.duplicates) == ("append", 1, "keep")
    assert (found.date_order, found.scope) == ("infer", None)
    assert found.delimiter is found.format is found.decimal is found.timezone is None
    assert found.columns == found.constants == found.where == {}
    assert found.questions == found.key == found.missing == ()


def test_a_mapping_may_be_made_in_python():
    found = parse_mapping(
        {"import": {"target": "events"}, "columns": {"event_name": {"from": "event"}}}
    )
    assert found.columns["event_name"].from_ == ("event",)
    with pytest.raises(WorkspaceError, match='unknown key "targt"; nearest: "target"'):
        parse_mapping({"import": {"target": "events", "targt": 1}})


START = '[import]\ntarget = "payments"\n'
QUESTION = '[[question]]\nid = "q"\nfrom = "Q"\nmetric = "nps"\n'
REFUSED = [
    ('[imports]\ntarget = "payments"\n', 1, 'unknown key "imports"; nearest: "import"'),
    ('[import]\nname = "x"\n', 1, 'needs the key "target"'),
    ('[import]\ntarget = "payment"\n', 2, '"payment" is not a table; nearest: "payments"'),
    (f"{START}header_row = 1\n", 3, 'nearest: "header_rows"'),
    (f"{START}header_rows = 4\n", 3, "at most 3"),
    (f'{START}delimiter = "tab"\n', 3, 'or "blanks"'),
    (f'{START}decimal = ";"\n', 3, '".", ","'),
    (f'{START}format = "xls"\n', 3, '"xlsx"'),
    (f'{START}mode = "add"\n', 3, '"append", "snapshot", "changelog"'),
    (f'{START}duplicates = "first"\n', 3, '"keep", "drop", "keep_latest"'),
    (f'{START}timezone = "CET+1"\n', 3, "is not an IANA time zone"),
    (f'{START}key = ["payment"]\n', 3, 'nearest: "payment_id"'),
    (
        f'{START}[constants]\n\nstatus = "x"\n',
        5,
        'not a column of payments; nearest: "status_code"',
    ),
    (f"{START}[constants]\ncurrency = []\n", 4, "expects a text"),
    (
        f'{START}[columns]\namount = "x"\n',
        4,
        'is not a column of payments; nearest: "amount_minor"',
    ),
    (f'{START}[columns]\ncurrency = {{ form = "x" }}\n', 4, 'unknown key "form"; nearest: "'),
    (f'{START}[columns]\ncurrency = {{ type = "text" }}\n', 4, "says no single origin"),
    (f'{START}[columns]\ncurrency = {{ from = "a", product = ["b"] }}\n', 4, "no single origin"),
    (f'{START}[columns]\ncurrency = {{ from = "a", type = "string" }}\n', 4, '"text", "integer"'),
    (f'{START}[columns]\ncurrency = {{ from = "a", unit = "cents" }}\n', 4, '"major", "minor"'),
    (f'{START}[columns]\ncurrency = {{ from = "a", privacy = "hide" }}\n', 4, '"drop", "hash"'),
    (f'{START}[columns]\ncurrency = {{ from = "a", occurrence = 0 }}\n', 4, "at least 1"),
    (f'{START}[columns]\ncurrency = {{ from = "a", otherwise = "b" }}\n', 4, "`starts_with`"),
    (f"{START}[columns]\ncurrency = 0\n", 4, "at least 1"),
    (f'{START}[constants]\ncurrency = "EUR"\n[columns]\ncurrency = "c"\n', 4, "in [columns] too"),
    (f"{START}{QUESTION}metrics = 1\n", 7, 'nearest: "metric"'),
    (f"{START}{QUESTION.replace('nps', 'npm')}", 6, '"nps", "csat"'),
    (f"{START}{QUESTION}scale = {{ min = 10, max = 1 }}\n", 7, "exchange them"),
    (f"{START}{QUESTION}scale = {{ min = 1, max = 10, higher = true }}\n", 7, "higher_is_better"),
    (f'{START}{QUESTION}labels = {{ good = "1" }}\n', 7, "expects a number"),
    (f"{START}{QUESTION}{QUESTION}", 8, '"q" is taken'),
    (f"{START}[where]\nstatus = []\n", 4, "lists no value"),
    (f"{START}[ignore]\ncolumn = []\n", 4, 'nearest: "columns"'),
    (f"{START}[expect]\nrows = -1\n", 4, "at least 0"),
    (f'{START}[expect]\nsums = {{ amount_minor = "1" }}\n', 4, "expects a number"),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED)
def test_a_mapping_that_says_something_wrong_is_refused_with_line_and_cure(
    mapping, text, line, said
):
    with pytest.raises(WorkspaceError) as error:
        mapping(text)
    (row,) = [row for row in str(error.value).splitlines() if said in row]
    assert f"survey.toml, line {line}, " in row


def test_a_missing_mapping_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="launchloop map FILE > none.toml"):
        load_mapping(tmp_path / "none.toml")
