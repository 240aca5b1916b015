"""`init`, `check` and `refresh`: a newcomer's way in, and the JSON that programs read."""

import fcntl
import json
import shutil

import pytest

REPORT = {"snapshot", "published", "sources", "checks"}
SOURCE = {
    "source", "file", "preset", "status", "read", "loaded", "updated", "unchanged", "dropped",
    "quarantined", "tables", "totals", "questions",
}  # fmt: skip


def everything_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def newcomer(run, events, tmp_path_factory):
    """A folder with one file of 40 users and times without a zone, after `init`."""
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / "events.csv").write_text(events(range(14), offset=""), encoding="utf-8")
    assert run("init", cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def first_check(run, newcomer):
    return run("check", "-w", newcomer, "--json")


@pytest.fixture(scope="module")
def first_refresh(run, newcomer, first_check):
    """The refresh after the one line that `check` asks for was pasted below its source."""
    question = first_check.json["sources"][0]["questions"][0]
    settings = newcomer / "launchloop.toml"
    text = settings.read_text(encoding="utf-8")
    pasted = text.replace('name = "exports"\n', f'name = "exports"\n{question["toml"]}\n', 1)
    settings.write_text(pasted, encoding="utf-8")
    return run("refresh", "-w", newcomer, "--json")


def test_init_makes_settings_and_folders(newcomer):
    assert {path.name for path in newcomer.iterdir()} >= {"launchloop.toml", "exports", "mappings"}


def test_init_leaves_a_workspace_alone(run, newcomer):
    before = everything_in(newcomer)
    answer = run("init", newcomer)
    assert (answer.code, answer.out) == (2, "")
    assert "launchloop.toml" in answer.err
    assert everything_in(newcomer) == before


def test_check_asks_for_the_zone_with_the_line_that_answers(first_check):
    assert first_check.code == 1
    report = first_check.json
    assert set(report) >= REPORT
    assert (report["snapshot"], report["published"]) == (None, False)
    (source,) = report["sources"]
    assert set(source) >= SOURCE
    assert (source["file"], source["status"]) == ("events.csv", "held")
    assert [question["code"] for question in source["questions"]] == ["ask_timezone"]
    assert source["questions"][0]["toml"].startswith("timezone = ")


def test_check_says_where_to_paste_the_line(run, events, tmp_path):
    run("init", tmp_path)
    (tmp_path / "events.csv").write_text(events(range(3), offset=""), encoding="utf-8")
    answer = run("check", "-w", tmp_path)
    assert answer.code == 1
    place = next(line for line in answer.out.splitlines() if "launchloop.toml, line" in line)
    number = int(place.split("line ")[1].split(",")[0])
    lines = (tmp_path / "launchloop.toml").read_text(encoding="utf-8").splitlines()
    assert lines[number - 1] == "[[source]]"


def test_one_pasted_line_publishes(first_refresh):
    assert first_refresh.code == 0
    report = first_refresh.json
    assert report["published"] is True
    (source,) = report["sources"]
    assert source["status"] == "loaded"
    counts = ("loaded", "updated", "unchanged", "dropped", "quarantined")
    assert source["read"] == sum(source[name] for name in counts) > 0
    assert source["tables"] == {"events": source["loaded"]}
    assert all(set(check) == {"id", "ok", "note"} and check["ok"] for check in report["checks"])


def test_a_refresh_that_changes_nothing_publishes_nothing_and_says_so(run, newcomer, first_refresh):
    again = run("refresh", "-w", newcomer, "--json")
    assert again.code == 0
    assert again.json["published"] is False
    assert again.json["snapshot"] == first_refresh.json["snapshot"]
    assert again.json["sources"][0]["status"] == "unchanged"
    assert "Nothing changed" in run("refresh", "-w", newcomer).out


def test_a_full_rebuild_equals_what_was_published(run, newcomer, first_refresh):
    report = run("refresh", "--full", "-w", newcomer, "--json").json
    assert report["snapshot"] == first_refresh.json["snapshot"]
    assert "equals" in report["note"]


def test_check_writes_nothing(run, published):
    before = everything_in(published)
    assert run("check", "-w", published).code == 0
    assert everything_in(published) == before


def test_progress_goes_to_stderr_as_plain_lines(run, published):
    answer = run("check", "-w", published)
    assert "reading events.csv" in answer.err
    assert "\x1b" not in answer.err + answer.out


def test_a_file_that_no_one_knows_is_refused_and_the_rest_is_published(run, own_copy):
    (own_copy / "exports" / "strange.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    answer = run("refresh", "-w", own_copy, "--json")
    assert answer.code == 1
    by_file = {source["file"]: source for source in answer.json["sources"]}
    assert by_file["exports/strange.csv"]["status"] == "failed"
    assert by_file["exports/events.csv"]["status"] == "unchanged"
    assert "strange.csv: no known format" in answer.err
    people = run("refresh", "-w", own_copy)
    assert (people.code, "were not let in" in people.out) == (1, True)


def test_every_refresh_leaves_its_report_beside_the_snapshots(run, published, tmp_path):
    folder = tmp_path / "left"
    shutil.copytree(published, folder)
    (folder / "exports" / "strange.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    printed = run("refresh", "-w", folder, "--json").json
    left = json.loads((folder / "snapshots" / "LAST_REFRESH.json").read_text(encoding="utf-8"))
    assert printed.items() <= left.items()
    assert left["published"] is False
    assert left["began_at"] < left["ended_at"]
    assert left["failure"] is None


def test_a_broken_identity_still_prints_what_every_file_and_check_gave(run, published, tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(published, folder)
    current = run("refresh", "-w", folder, "--json").json["snapshot"]
    (known,) = (folder / "landing" / "imports").glob("*.json")
    entry = json.loads(known.read_text(encoding="utf-8"))
    known.write_text(json.dumps(entry | {"loaded": entry["loaded"] - 1}), encoding="utf-8")
    answer = run("refresh", "--full", "-w", folder, "--json")
    assert answer.code == 1
    report = answer.json
    assert (report["snapshot"], report["published"]) == (current, False)
    assert [one["file"] for one in report["sources"]] == ["exports/events.csv"]
    broken = [check for check in report["checks"] if not check["ok"]]
    assert [check["id"] for check in broken] == ["I13"]
    assert "Counts do not add up for exports/events.csv" in broken[0]["note"]
    assert len(report["checks"]) > 1
    assert "Nothing was published" in answer.err
    left = json.loads((folder / "snapshots" / "LAST_REFRESH.json").read_text(encoding="utf-8"))
    assert report.items() <= left.items()
    assert "Counts do not add up" in left["failure"]["reason"]


def test_a_file_that_two_sources_read_is_said_to_count_twice(run, published, tmp_path):
    folder = tmp_path / "twice"
    shutil.copytree(published, folder)
    with (folder / "launchloop.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[source]]\nname = "again"\nfiles = "exports/events.csv"\n')
    answer = run("check", "-w", folder)
    assert "exports/events.csv is read by 2 sources (exports, again)" in answer.out


def test_settings_without_a_source_get_blocks_to_paste(run, events, tmp_path):
    settings = tmp_path / "launchloop.toml"
    settings.write_text('[product]\nname = "Lumen"\n', encoding="utf-8")
    (tmp_path / "exports" / "web").mkdir(parents=True)
    for name, days in (("may", range(7)), ("june", range(7, 14))):
        path = tmp_path / "exports" / "web" / f"{name}.csv"
        path.write_text(events(days, offset=""), encoding="utf-8")
    answer = run("check", "-w", tmp_path, "--json")
    assert answer.code == 1
    asked = [one for source in answer.json["sources"] for one in source["questions"]]
    (block,) = [one["toml"] for one in asked if one["toml"]]
    with settings.open("a", encoding="utf-8") as file:
        file.write(f"\n{block}\n")
    after = run("check", "-w", tmp_path, "--json")
    assert after.code == 0
    assert {source["status"] for source in after.json["sources"]} == {"loaded"}


def test_settings_without_a_source_and_without_files_say_so(run, tmp_path):
    (tmp_path / "launchloop.toml").write_text('[product]\nname = "Lumen"\n', encoding="utf-8")
    answer = run("check", "-w", tmp_path)
    assert "names no [[source]]" in answer.out


def test_a_second_refresh_is_refused_by_naming_the_first(run, published, tmp_path):
    folder = tmp_path / "busy"
    shutil.copytree(published, folder)
    with (folder / ".refresh.lock").open("w", encoding="utf-8") as lock:
        lock.write("process 4711, since 2026-03-01 06:00:00 UTC")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = run("refresh", "-w", folder)
    assert (answer.code, answer.out) == (1, "")
    assert "process 4711" in answer.err


def test_a_terminal_gets_a_bar_and_stdout_stays_the_answer(terminal, published):
    shown, answer = terminal("check", "-w", published, "--json")
    assert answer.code == 0
    assert answer.json["sources"]
    assert "━" in shown
    assert "reading events.csv" in shown


def test_a_line_that_answers_for_several_files_of_a_source_is_asked_for_once(
    run, make, events, tmp_path
):
    first, second = events(range(7), offset=""), events(range(7, 14), offset="")
    folder = make(tmp_path / "lumen", first=first, second=second)
    answer = run("check", "-w", folder)
    assert answer.out.count("has no zone") == 2
    assert answer.out.count("timezone = ") == 1
