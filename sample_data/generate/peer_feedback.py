"""360-degree feedback about the launch and its two teams; some groups are too small to show."""

from datetime import date

from sample_data.generate.dice import Dice
from sample_data.generate.stories import LAUNCH_ID
from sample_data.generate.timeline import instant, iso
from sample_data.generate.writing import Row

PEER_HEADER = (
    "cycle_id", "answer_id", "subject_kind", "subject_key", "rater_group", "rater_hash",
    "question_id", "score", "scale_min", "scale_max", "is_cannot_judge", "comment_text",
    "cycle_closed_at",
)  # fmt: skip
CYCLE_ID = "lumen-2-launch"
CLOSED_AT = instant(date(2026, 6, 5), 18)
QUESTIONS = ("goals_clear", "decisions_timely", "help_given", "risks_raised")
# Subject, group, raters, mean of their scores on 1 to 5.
GROUPS = (
    ("launch", LAUNCH_ID, "self", 1, 4.4),
    ("launch", LAUNCH_ID, "manager", 1, 3.6),
    ("launch", LAUNCH_ID, "peer", 9, 3.8),
    ("launch", LAUNCH_ID, "stakeholder", 6, 3.2),
    ("team", "atlas", "self", 1, 4.2),
    ("team", "atlas", "peer", 7, 3.9),
    ("team", "atlas", "stakeholder", 5, 3.4),
    ("team", "comet", "self", 1, 3.8),
    ("team", "comet", "peer", 4, 4.1),
    ("team", "comet", "stakeholder", 2, 3.5),
)
COMMENTS = (
    "The launch plan changed three times in April and we heard of it last.",
    "Great help from everybody in launch week.",
    "Risks were named early, deciding on them took too long.",
    "Clear goal from the start.",
    "More slack before the launch would have saved us the overtime.",
)


def peer_rows() -> list[Row]:
    """One row per rater and question; raters are hashes that mean nothing elsewhere."""
    dice = Dice("peer feedback")
    rows: list[Row] = []
    for kind, key, group, raters, mean in GROUPS:
        for _ in range(raters):
            rater = dice.hexadecimal(16)
            for question in QUESTIONS:
                cannot_judge = group == "stakeholder" and dice.chance(0.12)
                score = min(5, max(1, round(dice.normal(mean, 0.8))))
                comment = dice.pick(COMMENTS) if dice.chance(0.12) else ""
                rows.append(
                    {
                        "cycle_id": CYCLE_ID,
                        "answer_id": f"a{len(rows) + 1:04d}",
                        "subject_kind": kind,
                        "subject_key": key,
                        "rater_group": group,
                        "rater_hash": rater,
                        "question_id": question,
                        "score": "" if cannot_judge else score,
                        "scale_min": 1,
                        "scale_max": 5,
                        "is_cannot_judge": str(cannot_judge).lower(),
                        "comment_text": comment,
                        "cycle_closed_at": iso(CLOSED_AT),
                    }
                )
    return rows
