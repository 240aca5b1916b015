from datetime import UTC, datetime

W = datetime(2026, 7, 1, tzinfo=UTC)
CLOSED = datetime(2026, 6, 1, tzinfo=UTC)


def ratings(group, *scores, closed_at=CLOSED, subject="team"):
    return [
        {
            "cycle_id": "c", "answer_id": f"{group}{subject}{number}", "subject_kind": subject,
            "subject_key": "x", "rater_group": group, "question_id": "q", "score": score,
            "scale_min": 1, "scale_max": 5, "is_cannot_judge": False, "cycle_closed_at": closed_at,
        }
        for number, score in enumerate(scores)
    ]  # fmt: skip


def shown(voices, rows):
    built = voices(W, peer_feedback=rows)
    sql = "select rater_group, n, total from marts.peer_feedback_scores order by rater_group"
    return built.rows(sql)


def test_a_group_of_two_is_withheld_and_so_is_the_whole_that_would_betray_it(voices):
    rows = [*ratings("peer", 4, 4, 5, 3), *ratings("report", 1, 2)]
    assert shown(voices, rows) == [("peer", 4, 16.0)]


def test_two_withheld_groups_of_three_together_hide_each_other(voices):
    rows = [*ratings("peer", 4, 4, 5), *ratings("report", 1, 2), *ratings("manager", 3)]
    assert shown(voices, rows) == [("all", 6, 19.0), ("peer", 3, 13.0)]


def test_without_a_withheld_group_the_whole_is_shown_without_the_subjects_own(voices):
    rows = [*ratings("peer", 4, 4, 5), *ratings("self", 5)]
    assert shown(voices, rows) == [("all", 3, 13.0), ("peer", 3, 13.0)]


def test_nothing_is_shown_before_the_cycle_has_closed(voices):
    assert shown(voices, ratings("peer", 4, 4, 5, closed_at=None)) == []
    open_until = datetime(2026, 7, 2, tzinfo=UTC)
    rows = [*ratings("peer", 4, 4, 5, closed_at=open_until)]
    built = voices(W, peer_feedback=rows)
    assert built.rows("select count(*) from marts.peer_feedback_scores") == [(0,)]


def test_a_single_person_is_no_subject_of_a_published_table(voices):
    assert shown(voices, ratings("peer", 4, 4, 5, subject="person")) == []


def test_cannot_judge_is_no_rating(voices):
    rows = ratings("peer", 4, 4, 5)
    rows[0]["is_cannot_judge"] = True
    assert shown(voices, rows) == []
