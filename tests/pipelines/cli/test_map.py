"""`map`: a first mapping that loads as it is, and publishes once its questions are answered."""

import gzip
import json
from pathlib import Path

import pytest

from pipelines.sources.mapping_file import load_mapping

DATA = Path(__file__).parents[2] / "data"
FILES = {
    "cdnow/CDNOW_part.txt": "payments",
    "cncf_maintainers/2020_H2.csv": "survey_responses",
    "fivetran_dbt_stripe/charge_data.csv": "payments",
    "fivetran_dbt_mixpanel/event.csv": "events",
}


def drafted(run, path, folder):
    """The draft as text and as the program reads it."""
    answer = run("map", path)
    assert answer.code == 0, answer.err
    draft = folder / "draft.toml"
    draft.write_text(answer.out, encoding="utf-8")
    return answer.out, load_mapping(draft)


def published(run, folder, draft, file_name):
    """The report of a refresh with that mapping."""
    run("init", folder)
    (folder / "mappings" / "own.toml").write_text(draft, encoding="utf-8")
    settings = (folder / "launchloop.toml").read_text(encoding="utf-8")
    start, end = settings.index("\n[[source]]"), settings.index('# timezone = "Europe/Berlin"')
    source = f'\n[[source]]\nname = "own"\nfiles = "{file_name}"\nmapping = "mappings/own.toml"\n'
    (folder / "launchloop.toml").write_text(
        settings[:start] + source + settings[end:], encoding="utf-8"
    )
    answer = run("refresh", "-w", folder, "--json")
    assert answer.code == 0, answer.err
    return answer.json["sources"][0]


@pytest.mark.parametrize("name", FILES)
def test_a_draft_for_a_real_export_loads_and_guesses_the_table(run, tmp_path, name):
    text, mapping = drafted(run, DATA / name, tmp_path)
    assert mapping.target == FILES[name]
    assert "# ? " in text


def test_a_list_of_purchases_publishes_once_its_zone_is_named(run, tmp_path):
    path = tmp_path / "orders.csv"
    rows = [f"C{n};{n % 28 + 1:02d}.03.2026 12:00;{n}.50;EUR" for n in range(1, 60)]
    path.write_text("\n".join(["Customer;Date;Total;Currency", *rows]), encoding="utf-8")
    text, mapping = drafted(run, path, tmp_path)
    assert (mapping.target, mapping.delimiter) == ("payments", ";")
    assert set(mapping.columns) == {"account_id", "happened_at", "amount_minor", "currency"}
    answered = text.replace("# ? timezone", "timezone").replace("# ? date_order", "date_order")
    source = published(run, tmp_path, answered, "orders.csv")
    assert (source["status"], source["loaded"], source["tables"]) == (
        "loaded", 59, {"payments": 59}
    )  # fmt: skip


GERMAN = {
    "events": (
        "Benutzer-ID;Ereignis;Zeitpunkt;Plattform\n",
        "U{n};Öffnen;{day:02}.05.2026 09:15;Web\n",
        {"user_id", "event_name", "occurred_at", "platform_code"},
    ),
    "payments": (
        "Kunden-Nr;Rechnungsdatum;Betrag;Währung\n",
        "00{n};{day:02}.05.2026;{n},50 €;EUR\n",
        {"account_id", "happened_at", "amount_minor", "currency"},
    ),
}


@pytest.mark.parametrize("target", GERMAN)
def test_german_headers_are_understood(run, tmp_path, target):
    header, row, columns = GERMAN[target]
    rows = "".join(row.format(n=n, day=n % 28 + 1) for n in range(1, 41))
    (tmp_path / "export.csv").write_text(header + rows, encoding="cp1252")
    text, mapping = drafted(run, tmp_path / "export.csv", tmp_path)
    assert (mapping.target, set(mapping.columns)) == (target, columns)
    answered = text.replace("# ? timezone", "timezone")
    source = published(run, tmp_path, answered, "export.csv")
    assert (source["status"], source["loaded"]) == ("loaded", 40)


def test_a_file_of_which_nothing_is_understood_asks_for_every_needed_column(run, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("foo,bar\n1,x\n2,y\n", encoding="utf-8")
    text, mapping = drafted(run, path, tmp_path)
    assert mapping.target == "events"
    for name in ("event_name", "occurred_at"):
        assert f'# ? {name} = "HEADER"' in text


def test_amounts_that_could_have_groups_or_decimals_are_asked_about(run, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("Customer;Date;Total\nA;2026-03-01;1.234\nB;2026-03-02;5\n", encoding="utf-8")
    text, _ = drafted(run, path, tmp_path)
    assert '# ? decimal = "."' in text


def test_nested_json_is_mapped_by_dotted_paths(run, tmp_path):
    items = [
        {
            "key": f"WEB-{n}",
            "fields": {
                "summary": f"Item {n}",
                "status": {"name": ("To Do", "In Review", "Done")[n % 3]},
                "createdAt": f"2026-03-{n:02d}T09:00:00Z",
            },
        }
        for n in range(1, 13)
    ]
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"items": items}), encoding="utf-8")
    text, mapping = drafted(run, path, tmp_path)
    assert mapping.target == "work_items"
    assert mapping.columns["title_text"].from_ == ("fields.summary",)
    assert mapping.columns["state_code"].values == {
        "In Review": "todo", "Done": "done", "To Do": "todo"
    }  # fmt: skip
    answered = text.replace('"In Review" = "todo"', '"In Review" = "doing"')
    source = published(run, tmp_path, answered, "items.json")
    assert source["tables"] == {"work_items": 12}


def test_a_survey_becomes_questions_with_their_scales(run, tmp_path):
    path = tmp_path / "survey.csv.gz"
    header = "Submitted,How likely are you to recommend us?,How easy was it to begin?,Why?"
    rows = [f"2026-03-{n:02d}T08:00:00Z,{n % 11},{n % 5 + 1},because {n}" for n in range(1, 29)]
    path.write_bytes(gzip.compress("\n".join([header, *rows]).encode()))
    text, mapping = drafted(run, path, tmp_path)
    by_metric = {question.metric: question for question in mapping.questions}
    assert set(by_metric) == {"nps", "rating", "text"}
    assert (by_metric["nps"].scale_min, by_metric["nps"].scale_max) == (0, 10)
    assert (by_metric["rating"].scale_min, by_metric["rating"].scale_max) == (1, 5)
    assert "which scale was shown?" in text
    source = published(run, tmp_path, text, "survey.csv.gz")
    assert (source["read"], source["quarantined"]) == (28, 0)


def test_a_file_without_a_header_is_mapped_by_position(run, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("1,20260301,10\n2,20260302,20\n", encoding="utf-8")
    _, mapping = drafted(run, path, tmp_path)
    assert mapping.header_rows == 0


def test_what_stands_in_a_header_stays_text(run, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(
        'user_id,event,time,"a ""quoted""\n[constants] # header",=1+1\n'
        "u,x,2026-03-01T00:00:00Z,1,2\n",
        encoding="utf-8",
    )
    _, mapping = drafted(run, path, tmp_path)
    assert mapping.target == "events"
    assert 'a "quoted"\n[constants] # header' in mapping.ignore


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be opened"), (b"", "is empty"), (b"\x1f\x8bx", "damaged")]
)
def test_a_file_that_cannot_be_read_is_named(run, tmp_path, content, said):
    path = tmp_path / "broken.csv"
    if content is not None:
        path.write_bytes(content)
    answer = run("map", path)
    assert (answer.code, answer.out) == (1, "")
    assert "broken.csv" in answer.err
    assert said in answer.err
