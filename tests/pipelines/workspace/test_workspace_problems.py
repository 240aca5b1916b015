"""What is wrong in launchloop.toml is said with the line, the reason and the cure."""

import pytest

from pipelines.errors import WorkspaceError
from pipelines.workspace import load

START = '[product]\nname = "x"\n'
FUNNEL = '[[funnel]]\nid = "f"\nsteps = ["a", "b"]\n'
SOURCE = '[[source]]\nname = "a"\nfiles = "*.csv"\n'
OTHER_SOURCE = SOURCE.replace('"a"', '"b"')
METRIC = '[[metric]]\nid = "m"\ndefinition = "d"\n'
TARGET = '[[target]]\nmetric = "wau"\n'


@pytest.fixture
def message(tmp_path):
    """What loading a text is refused with."""

    def refused(text):
        (tmp_path / "launchloop.toml").write_text(text, encoding="utf-8")
        with pytest.raises(WorkspaceError) as error:
            load(tmp_path)
        return str(error.value)

    return refused


UNKNOWN = [
    ('[produkt]\nname = "x"\n', 1, "produkt", "product"),
    (f'{START}week_starts = "monday"\n', 3, "week_starts", "week_start"),
    (
        f'{START}[[launch]]\nid = "l"\non = 2026-01-01\nbusines_case = "x"\n',
        6,
        "busines_case",
        "business_case",
    ),
    (f"{START}{SOURCE}{OTHER_SOURCE}presett = 1\n", 9, "presett", "preset"),
    (f'{START}{SOURCE}survey = {{ knd = "relational" }}\n', 6, "knd", "kind"),
    (f"{START}{SOURCE}survey = {{ scale = {{ mn = 1, min = 1, max = 2 }} }}\n", 6, "mn", "min"),
    (f'{START}[usage]\nactive_event = ["*"]\n', 4, "active_event", "active_events"),
    (
        f'{START}[usage]\nactivation = {{ events = ["a"], within_day = 1 }}\n',
        4,
        "within_day",
        "within_days",
    ),
    (f'{START}[usage]\nsign_up_event = {{ event = "a", were = {{}} }}\n', 4, "were", "where"),
    (f"{START}{FUNNEL}window_day = 3\n", 6, "window_day", "window_days"),
    (f"{START}[retention]\nevry = 1\n", 4, "evry", "every"),
    (f"{START}[finance]\nmrr_polcy = 1\n", 4, "mrr_polcy", "mrr_policy"),
    (f"{START}[delivery]\nstate = {{}}\n", 4, "state", "states"),
    (f'{START}[[team]]\nid = "t"\nboard = []\n', 5, "board", "boards"),
    (f"{START}{TARGET}valu = 1\n", 5, "valu", "value"),
    (
        f'{START}{METRIC}table = "events"\nmeasure = {{ count = true }}\nunits = "x"\n',
        8,
        "units",
        "unit",
    ),
    (f'{START}[[person]]\nid = "p"\nrole = {{}}\n', 5, "role", "roles"),
    (f"{START}[snapshots]\nkep = 1\n", 4, "kep", "keep"),
    (f"{START}[schedule]\ncrn = 1\n", 4, "crn", "cron"),
    (f"{START}[notify]\nurl = []\n", 4, "url", "urls"),
    (f"{START}[engine]\nmastr = 1\n", 4, "mastr", "master"),
    (f"{START}[records]\nurls = 1\n", 4, "urls", "url"),
]


@pytest.mark.parametrize(
    ("text", "line", "key", "near"), UNKNOWN, ids=[case[2] for case in UNKNOWN]
)
def test_an_unknown_key_names_its_line_and_the_nearest_known_one(message, text, line, key, near):
    said = next(row for row in message(text).splitlines() if "unknown key" in row)
    assert said.startswith(f"launchloop.toml, line {line}, ")
    assert f'unknown key "{key}"; nearest: "{near}"' in said


BAD = [
    (f"{START}name2 = 1\n", 'nearest: "name"'),
    ('[product]\nname = "  "\n', "is empty"),
    ("[product]\nname = 3\n", "expects a text in quotes"),
    (f'{START}timezone = "Berlin"\n', '"Berlin" is not an IANA time zone'),
    (f'{START}timezone = "Europe/Berln"\n', '"Europe/Berlin"'),
    (f'{START}timezone = "localtime"\n', "is not an IANA time zone"),
    (f'{START}timezone = "../etc/passwd"\n', "is not an IANA time zone"),
    (f'{START}week_start = "tuesday"\n', '"monday", "sunday"'),
    (f'{START}currency = "eur"\n', '"EUR"'),
    (f'{START}currency = "euros"\n', "ISO 4217"),
    (f'{START}now = "soon"\n', "is not a date"),
    (f"{START}now = 20260101\n", "is not a date"),
    (f'{START}[[launch]]\nid = "l"\n', 'needs the key "on"'),
    (f'{START}[[launch]]\nid = "l"\non = 2026-01-01T10:00:00\n', "write 2026-01-01"),
    (f'{START}[[launch]]\nid = "l"\non = 2026-01-01\nscorecard = [1]\n', "expects a text"),
    (f'{START}[[source]]\nfiles = "x"\n', 'needs the key "name"'),
    (f'{START}[[source]]\nname = "a"\n', 'write files = "exports/*.csv"'),
    (f'{START}[[source]]\nname = "launchloop"\nfiles = "x"\n', "choose another name"),
    (f'{START}{SOURCE}preset = "p"\nmapping = "m"\n', "stands beside `mapping`"),
    (f'{START}{SOURCE}date_order = "dym"\n', '"infer", "dmy", "mdy", "ymd"'),
    (f'{START}{SOURCE}delimiter = "ab"\n', 'write one character, or "blanks"'),
    (f'{START}{SOURCE}expected_every = "1 day"\n', '"5m", "36h", "14d"'),
    (f"{START}{SOURCE}expected_every = 1\n", '"5m", "36h", "14d"'),
    (f'{START}{SOURCE}expected_every = "0d"\n', "is not a duration"),
    (f"{START}{SOURCE}limit = 2\n", "at most 1, not 2"),
    (f'{START}{SOURCE}limit = "0.02"\n', "expects a number"),
    (f'{START}{SOURCE}mode = "add"\n', '"append", "snapshot", "changelog"'),
    (f'{START}{SOURCE}scope = "part"\n', '"full"'),
    (f'{START}{SOURCE}complete_to = "July"\n', "is not a date"),
    (f"{START}{SOURCE}columns = {{ customer = 0 }}\n", "at least 1, not 0"),
    (f"{START}{SOURCE}columns = {{ customer = true }}\n", "not true"),
    (f"{START}{SOURCE}survey = {{ scale = {{ min = 5, max = 1 }} }}\n", "exchange them"),
    (f'{START}{SOURCE}survey = "s"\n', "expects a table"),
    (f"{START}[usage]\nactive_events = []\n", "at least 1"),
    (f"{START}[usage]\nactive_events = [3]\n", "expects a table"),
    (
        f'{START}[usage]\nactive_events = [{{ event = "a", where = {{ b = [] }} }}]\n',
        "lists no value",
    ),
    (f'{START}[usage]\nactive_events = [{{ event = "a", where = "b" }}]\n', "is not a table"),
    (
        f'{START}[usage]\nactive_events = [{{ event = "a", where = {{ b = {{}} }} }}]\n',
        "cannot be compared",
    ),
    (f"{START}[usage]\nactivation = {{ events = [] }}\n", "at least 1"),
    (f'{START}[usage]\nactivation = {{ events = ["a"], match = "some" }}\n', '"all", "any"'),
    (f'{START}[usage]\nfeatures = ["a"]\n', "is not a table"),
    (f'{START}[[funnel]]\nid = "f"\nsteps = ["a"]\n', "at least 2"),
    (f"{START}{FUNNEL}window_days = 0\n", "not a number of days"),
    (f'{START}{FUNNEL}window_days = "3"\n', "not a number of days"),
    (f'{START}{FUNNEL}window_days = 3\nwindow = "5m"\n', "keep one of them"),
    (f'{START}{FUNNEL}order = "any"\n', '"loose", "strict", "any_order"'),
    (f'{START}[segments]\nplan = "account.segment_code"\n', '"accounts.COLUMN"'),
    (f'{START}[segments]\nplan = "accounts.segment"\n', '"segment_code"'),
    (f'{START}[segments]\nplan = "accounts.x; drop table y"\n', "is not a column"),
    (f'{START}[segments]\nplan = "events.properties."\n', "is not a column"),
    (f"{START}[segments]\nplan = 3\n", "is not a segment"),
    (f'{START}[retention]\nvariant = "unbound"\n', '"unbounded"'),
    (f'{START}[finance]\nmrr_policy = "mine"\n', '"ours", "stripe", "chartmogul", "profitwell"'),
    (
        f'{START}[delivery]\nstates = {{ Ready = "ready" }}\n',
        '"todo", "doing", "done", "cancelled"',
    ),
    (f'{START}[delivery]\n[[delivery.team]]\nid = "t"\n', "write [[team]]"),
    (f'{START}[[team]]\nid = "t"\nworkdays = ["mo"]\n', "is not a day of the week"),
    (f'{START}[[team]]\nid = "t"\nholidays = ["Christmas"]\n', "is not a date"),
    (f'{START}[[team]]\nid = "t"\nsprint_days = 0\n', "at least 1"),
    (TARGET + START, "says no single goal"),
    (f"{START}{TARGET}value = nan\n", "expects a finite number"),
    (f"{START}{TARGET}value = true\n", "expects a number"),
    (f"{START}{TARGET}low = 1\n", "one end of a band"),
    (f"{START}{TARGET}low = 2\nhigh = 1\n", "exchange them"),
    (f"{START}{TARGET}low = 2\nhigh = 3\nvalue = 1\n", "no single goal"),
    (f'{START}{TARGET}shape = "ramp"\nvalue = 1\n', "write `points`"),
    (f'{START}{TARGET}shape = "table"\npoints = [[2026-01-01]]\n', "write [2026-07-01, 0.4]"),
    (f"{START}{TARGET}value = 1\nfrom = 2026-02-01\nto = 2026-02-01\n", "is not after `from`"),
    (f'{START}[[person]]\nid = "p"\nroles = {{ web = "boss" }}\n', '"product_owner"'),
    (f"{START}[snapshots]\nkeep = 0\n", "at least 1"),
    (f"{START}[snapshots]\nkeep = 1.5\n", "expects a whole number"),
    (f'{START}[schedule]\ncron = "0 6 * *"\n', "has 4 fields"),
    (f'{START}[schedule]\ncron = "0 24 * * *"\n', "does not fit the hour"),
    (f'{START}[schedule]\ncron = "0 6 * * someday"\n', "does not fit the day of week"),
    (f'{START}[schedule]\ncron = "0 6 * jan-mon *"\n', "does not fit the month"),
    (f'{START}[schedule]\ncron = "*/0 6 * * *"\n', "does not fit the minute"),
    (f'{START}[notify]\nurls = ["slack://a/b/c"]\n', "env:NAME"),
    (f'{START}[notify]\nurls = ["json://me:secret@host/"]\n', "env:NAME"),
    (f'{START}[notify]\non = ["refresh_fails"]\n', 'nearest: "refresh_failed"'),
    (f'{START}[notify]\non = ["xyz"]\n', '"check_due", "digest", "follow_up_overdue"'),
    (f'{START}[records]\nurl = "postgresql+psycopg://u:secret@h/db"\n', "env:NAME"),
    (f'{START}[engine]\nname = "sparks"\n', '"duckdb", "spark"'),
    (f'{START}[usage]\n[usage.features]\nexport = ["a",\n 3]\n', "expects a table"),
]


@pytest.mark.parametrize(("text", "cure"), BAD)
def test_a_bad_value_is_refused_with_a_cure(message, text, cure):
    said = message(text)
    assert cure in said
    assert said.startswith("launchloop.toml, line ")
    assert "pydantic" not in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{START}{FUNNEL}\n\nwindow_days = 0\n", 8),
        (f"{START}{SOURCE}\nsurvey = {{ scale = {{ min = 5, max = 1 }} }}\n", 7),
        (f'{START}[segments]\n\nplan = "x"\n', 5),
        (f'{START}[usage.features]\nbuy = "b"\nexport = [\n "a",\n 3,\n]\n', 7),
        (f'{START}[[team]]\nid = "a"\n[[team]]\nid = "b"\nsprint_days = 0\n', 7),
        (f"{START}{TARGET}value = 1\nfrom = 2026-02-01\n\nto = 2026-01-01\n", 8),
    ],
)
def test_the_line_is_that_of_the_key_itself(message, text, line):
    assert message(text).startswith(f"launchloop.toml, line {line}, ")


@pytest.mark.parametrize(
    ("table", "key", "text"),
    [
        ("source", "name", 'name = "a"\nfiles = "x"\n'),
        ("launch", "id", 'id = "a"\non = 2026-01-01\n'),
        ("funnel", "id", 'id = "a"\nsteps = ["x", "y"]\n'),
        ("team", "id", 'id = "a"\n'),
        ("person", "id", 'id = "a"\n'),
        (
            "metric",
            "id",
            'id = "a"\ndefinition = "d"\ntable = "events"\nmeasure = { count = true }\n',
        ),
    ],
)
def test_two_things_of_one_name_are_refused(message, table, key, text):
    once = f"[[{table}]]\n{text}"
    line = (START + once).count("\n") + 2
    said = message(START + once + once)
    assert said.startswith(f'launchloop.toml, line {line}, [[{table}]] 2, {key}: "a" is taken by')


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'{START}[[source]]\nname = "a"\nmapping = "mappings/none.toml"\n', 5),
        (f'{START}[[launch]]\nid = "l"\non = 2026-01-01\nbusiness_case = "none.csv"\n', 6),
    ],
)
def test_a_named_file_that_is_missing_is_refused_on_its_line(message, text, line):
    said = message(text)
    assert said.startswith(f"launchloop.toml, line {line}, ")
    assert "create it or correct the path" in said


def test_all_problems_are_told_at_once_in_the_order_of_the_file(message):
    text = f'{START}currency = "x"\nweek = 1\n[finance]\nmrr_policy = "y"\n[[funnel]]\nid = "f"\n'
    rows = message(text).splitlines()
    assert [row.split(",")[1] for row in rows] == [" line 3", " line 4", " line 6", " line 7"]


def test_text_that_is_not_toml_names_its_line(message):
    assert message('[product]\nname = "x\n').startswith("launchloop.toml, line 2: ")
    assert message("[product]\nname = [1,\n").startswith("launchloop.toml, line 2: ")


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="launchloop init"):
        load(tmp_path)


def test_a_file_in_another_encoding_says_so(tmp_path):
    (tmp_path / "launchloop.toml").write_bytes('[product]\nname = "Büro"\n'.encode("latin-1"))
    with pytest.raises(WorkspaceError, match="Save it as UTF-8"):
        load(tmp_path)
