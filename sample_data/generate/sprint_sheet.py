"""A team's sprints as its owner keeps them by hand: a neutral table with goal results."""

from sample_data.generate.delivery import simulated_issues
from sample_data.generate.issues import DONE, Issue
from sample_data.generate.teams import Sprint, Team, sprints_of
from sample_data.generate.timeline import iso
from sample_data.generate.writing import Row

SPRINT_HEADER = (
    "sprint_id", "board_id", "team_id", "sprint_name", "goal_text", "state_code", "started_at",
    "planned_end_at", "completed_at", "capacity_points", "goal_result", "goal_evidence_text",
)  # fmt: skip
MET, PARTLY = 0.75, 0.5


def sprint_rows(team: Team) -> list[Row]:
    """One row per sprint in the neutral table, with what the owner noted about the goal."""
    issues = simulated_issues(team)
    rows: list[Row] = []
    for sprint in sprints_of(team):
        if sprint.state == "future":
            continue
        done, held = _finished(sprint, issues)
        share = done / held if held else 0.0
        result = "met" if share >= MET else "partly" if share >= PARTLY else "not_met"
        is_closed = sprint.state == "closed"
        rows.append(
            {
                "sprint_id": sprint.sprint_id,
                "board_id": team.board_id,
                "team_id": team.team_id,
                "sprint_name": sprint.name,
                "goal_text": sprint.goal,
                "state_code": sprint.state,
                "started_at": iso(sprint.started_at),
                "planned_end_at": iso(sprint.planned_end_at),
                "completed_at": iso(sprint.completed_at) if is_closed else "",
                "capacity_points": round(team.points * sprint.presence),
                "goal_result": result if is_closed else "",
                "goal_evidence_text": f"{done} of {held} items accepted" if is_closed else "",
            }
        )
    return rows


def _finished(sprint: Sprint, issues: list[Issue]) -> tuple[int, int]:
    """Items done at the sprint's close, and items that were ever in it and not taken out."""
    held = [i for i in issues if i.parent is None and sprint in i.sprints]
    done = [
        i
        for i in held
        if any(
            c.to_value == DONE.status_id and sprint.started_at <= c.at < sprint.completed_at
            for c in i.changes
        )
    ]
    return len(done), len(held)
