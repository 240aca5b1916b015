"""The stories in surveys, tickets and peer feedback, worked out in plain Python."""

import re
from collections import Counter, defaultdict
from datetime import datetime
from math import sqrt

SCORE = "Wie wahrscheinlich empfehlen Sie Lumen weiter?"
CSAT = "How satisfied are you with Lumen today?"
ADJUSTED = 3  # three answers are added to each wave before its interval (Rocks 2016)


def _wave(rows, name):
    """Answers, promoters and detractors of a wave."""
    answers = [
        int(row[SCORE]) for row in rows(f"nps/nps_{name}.csv", ";") if row["Status"] == "fertig"
    ]
    return len(answers), sum(a >= 9 for a in answers), sum(a <= 6 for a in answers)


def _change(before, after):
    """Difference of two scores in points, and the half-width of its 95 % interval."""
    scores, variances = [], []
    for n, promoters, detractors in (before, after):
        p, d = (promoters + 0.75) / (n + ADJUSTED), (detractors + 0.75) / (n + ADJUSTED)
        scores.append(100 * (promoters - detractors) / n)
        variances.append(1e4 * (p + d - (p - d) ** 2) / (n + ADJUSTED))
    return scores[1] - scores[0], 1.96 * sqrt(sum(variances))


def test_the_score_rises_with_the_launch_and_then_shows_no_clear_change(rows):
    first, second, third = (_wave(rows, name) for name in ("2025-H2", "2026-H1", "2026-H2"))
    assert min(first[0], second[0], third[0]) >= 100
    risen, width = _change(first, second)
    assert risen - width > 0
    later, width = _change(second, third)
    assert later - width < 0 < later + width


def test_every_answer_belongs_to_a_delivered_invitation(rows):
    for name in ("2025-H2", "2026-H1", "2026-H2"):
        invited = defaultdict(set)
        for row in rows(f"nps/invitations_{name}.csv"):
            invited[row["exposure_kind"]].add(row["exposure_id"])
        answers = rows(f"nps/nps_{name}.csv", ";")
        assert {row["Antwort-Nr"] for row in answers} == invited["started"]
        assert invited["completed"] <= invited["started"] <= invited["opened"]
        assert invited["opened"] <= invited["delivered"]
        assert not invited["bounced"] & invited["delivered"]
        assert 0.25 < len(invited["completed"]) / len(invited["delivered"]) < 0.5


def _satisfied(rows, workspace, first, last):
    """Satisfied and all answers of the days from first to last, damaged lines left out."""
    hits = n = 0
    for path in sorted((workspace / "exports" / "csat").glob("csat_*.csv")):
        for row in rows(f"csat/{path.name}"):
            if first <= row["Timestamp"][:10] <= last and row[CSAT] in set("12345"):
                n += 1
                hits += row[CSAT] in {"4", "5"}
    return hits, n


def _share_change(before, after):
    p, q = before[0] / before[1], after[0] / after[1]
    return q - p, 1.96 * sqrt(p * (1 - p) / before[1] + q * (1 - q) / after[1])


def test_satisfaction_falls_while_exports_get_slower(rows, workspace):
    after_launch = _satisfied(rows, workspace, "2026-05-04", "2026-06-15")
    october = _satisfied(rows, workspace, "2026-09-16", "2026-10-31")
    fallen, width = _share_change(after_launch, october)
    assert fallen + width < 0


def test_satisfaction_dips_while_checkout_is_broken(rows, workspace):
    before = _satisfied(rows, workspace, "2026-05-04", "2026-06-15")
    during = _satisfied(rows, workspace, "2026-06-17", "2026-06-23")
    assert during[0] / during[1] < before[0] / before[1] - 0.1


def _damage(row):
    """What is wrong with a line, in words."""
    if None in row:
        yield "too wide"
    if row[CSAT] not in set("12345"):
        yield "off the scale"
    try:
        datetime.fromisoformat(row["Timestamp"])
    except ValueError:
        yield "no such time"


def test_only_one_month_is_damaged_and_little_enough_to_load(rows, workspace):
    broken = Counter(
        (path.stem, word)
        for path in (workspace / "exports" / "csat").glob("csat_*.csv")
        for row in rows(f"csat/{path.name}")
        for word in _damage(row)
    )
    assert broken == {
        ("csat_2026-03", "no such time"): 3,
        ("csat_2026-03", "off the scale"): 2,
        ("csat_2026-03", "too wide"): 1,
    }
    # An import is held above 2 % and above ten rows.
    assert sum(broken.values()) <= 10


def _tickets_by_month(rows, pattern):
    return Counter(
        row["created_at"][:7]
        for row in rows("zendesk/ticket.csv")
        if re.search(pattern, row["subject"], re.IGNORECASE)
    )


def test_complaints_about_exports_grow_month_by_month(rows):
    complaints = _tickets_by_month(rows, "export")
    months = [complaints[month] for month in ("2026-07", "2026-08", "2026-09", "2026-10")]
    assert months == sorted(months)
    assert months[-1] > 20
    assert complaints["2026-05"] + complaints["2026-06"] < months[-1] / 3


def test_checkout_tickets_pile_up_in_june_and_onboarding_questions_fade(rows):
    checkout = _tickets_by_month(rows, "checkout|pay$|card refused")
    assert checkout["2026-06"] > 8
    assert checkout["2026-06"] > 3 * max(checkout["2026-05"], checkout["2026-08"])
    onboarding = _tickets_by_month(rows, "first report|where do i start|first data")
    before = sum(onboarding[f"2026-0{month}"] for month in (4, 5, 6))
    assert sum(onboarding[f"2026-{month}"] for month in ("08", "09", "10")) < before


def test_tickets_name_known_users_and_accounts_and_are_answered_after_they_are_asked(rows):
    users = {row["user_id"]: row["account_id"] for row in rows("people/users.csv")}
    agents = {row["id"] for row in rows("zendesk/user.csv")}
    asked = {row["id"]: row for row in rows("zendesk/ticket.csv")}
    assert all(users[row["requester_id"]] == row["organization_id"] for row in asked.values())
    assert {row["status"] for row in asked.values()} >= {"closed", "solved", "open", "deleted"}
    for comment in rows("zendesk/ticket_comment.csv"):
        ticket = asked[comment["ticket_id"]]
        assert comment["created"] >= ticket["created_at"]
        assert comment["user_id"] in {*agents, ticket["requester_id"]}


def test_texts_hardly_repeat(rows):
    bodies = [row["description"] for row in rows("zendesk/ticket.csv")]
    assert len(set(bodies)) > 0.85 * len(bodies)


def test_some_rater_groups_are_too_small_to_be_shown(rows):
    raters = defaultdict(set)
    for row in rows("peer_feedback.csv"):
        raters[row["subject_key"], row["rater_group"]].add(row["rater_hash"])
    sizes = [len(found) for (_, group), found in raters.items() if group not in {"self", "manager"}]
    assert min(sizes) < 3 <= max(sizes)
