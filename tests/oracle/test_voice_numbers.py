"""Surveys and feedback, read again from the tools' own files."""

import shutil

import pytest
from brute_force import feedback, voice
from brute_force.usage import persons_by_day

from pipelines.read import query
from pipelines.refresh import refresh

SCORED_ONLY = """
[product]
name = "Answers with a score, and nothing else"
timezone = "Europe/Berlin"
now = 2026-11-01T06:00:00+01:00
[[source]]
name = "relationship survey"
files = "exports/nps/nps_*.csv"
mapping = "mappings/relationship_survey.toml"
survey = { id = "relationship", kind = "relational" }
exported_at = 2026-11-01T00:00:00+01:00
[[source]]
name = "in-app survey"
files = "exports/csat/csat_*.csv"
timezone = "Europe/Berlin"
survey = { id = "in_app", kind = "transactional", scale = { min = 1, max = 5 } }
exported_at = 2026-11-01T00:00:00+01:00
"""


@pytest.fixture(scope="module")
def scored_only(exports, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scored")
    for name in ("exports/nps", "exports/csat", "mappings"):
        shutil.copytree(exports.folder / name, folder / name)
    (folder / "launchloop.toml").write_text(SCORED_ONLY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        refresh(folder)
    return folder


def test_nps_of_each_wave_is_promoters_less_detractors(ask, same, exports):
    same(ask("nps", "id", every="wave"), voice.nps_by_wave(exports))


def test_nps_of_each_month_takes_the_answers_of_the_month(ask, same, exports):
    same(ask("nps", "period"), voice.by_period(exports, voice.RELATIONSHIP, "month"))


@pytest.mark.parametrize("every", ["month", "week"])
def test_csat_leaves_damaged_rows_and_cells_out(ask, same, exports, every):
    same(ask("csat", "period", every=every), voice.by_period(exports, voice.IN_APP, every))


def test_response_rate_is_scored_of_delivered_in_each_wave(ask, same, exports):
    same(ask("response_rate", "id", of="relationship"), voice.response_rate(exports))


def test_response_rate_in_the_product_is_scored_of_shown(ask, same, exports):
    answered = ask("response_rate", "period", of="in_app", variant="shown", every="month")
    same(answered, voice.shown_response_rate(exports))


def test_feedback_volume_counts_tickets_and_comments_per_thousand_users(ask, same, exports, usage):
    items = feedback.without_copies(feedback.tickets(exports) + feedback.comments(exports))
    expected = feedback.volume(usage, persons_by_day(usage.active()), items)
    same(ask("feedback_volume", "period"), expected)


def test_sentiment_follows_the_score_where_there_is_one(scored_only, same, exports):
    items = feedback.without_copies(feedback.comments(exports))
    rows = query(scored_only, "sentiment_share")["rows"]
    same({(row["period"],): row for row in rows}, feedback.negative_share(exports, items))


def test_the_mean_of_answers_is_in_points_and_their_share_is_a_share(published):
    of = query(published, "csat", variant="mean")["of"]
    units = {name: query(published, "csat", of=of, variant=name)["unit"] for name in (None, "mean")}
    assert units == {None: "share", "mean": "points"}
    means = [row["value"] for row in query(published, "csat", variant="mean")["rows"]]
    assert all(1 <= value <= 5 for value in means if value is not None)
