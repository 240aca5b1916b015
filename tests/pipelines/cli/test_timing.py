"""`schedule`: one log line per run, and a clean end."""

import signal


def test_the_next_run_is_logged_in_the_workspaces_zone_and_sigterm_ends_cleanly(
    start, make, tmp_path
):
    folder = make(tmp_path / "lumen")
    settings = (folder / "launchloop.toml").read_text(encoding="utf-8")
    settings = settings.replace('timezone = "UTC"', 'timezone = "Asia/Kolkata"', 1)
    (folder / "launchloop.toml").write_text(settings, encoding="utf-8")
    process = start("schedule", "0 6 * * *", "-w", folder)
    first = process.stderr.readline()
    assert "next run: " in first
    assert first.rstrip().endswith("T06:00:00+05:30")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == ""
    assert err.rstrip().endswith("ended")


def test_the_times_of_the_settings_are_the_default(start, make, tmp_path):
    folder = make(tmp_path / "lumen")
    with (folder / "launchloop.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[schedule]\ncron = "30 4 * * *"\n')
    process = start("schedule", "-w", folder)
    assert "T04:30:00" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def test_without_any_times_the_lines_to_add_are_named(run, make, tmp_path):
    answer = run("schedule", "-w", make(tmp_path / "lumen"))
    assert (answer.code, answer.out) == (2, "")
    assert '[schedule]\ncron = "0 6 * * *"' in answer.err


def test_what_is_no_cron_expression_is_refused(run, make, tmp_path):
    answer = run("schedule", "0 25 * * *", "-w", make(tmp_path / "lumen"))
    assert answer.code == 2
    assert "hour" in answer.err
