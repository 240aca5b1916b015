"""How the teams work: sprints planned, changed, worked through and closed."""

from datetime import datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.issues import CANCELLED, DONE, IN_PROGRESS, REVIEW, Issue
from sample_data.generate.teams import COMET, VERBS, WORKDAYS, Sprint, Team, sprints_of
from sample_data.generate.timeline import DATA_END, instant

POINTS = ((1.0, 16), (2.0, 27), (3.0, 30), (5.0, 20), (8.0, 7))
KINDS = (("Story", 52), ("Task", 23), ("Bug", 25))
PRIORITIES = (("High", 2), ("Medium", 6), ("Low", 2))
BACKLOG = 18
SLIP_ADDS, SLIP_CAPACITY = 6, 0.5


def simulated_issues(team: Team) -> list[Issue]:
    """All issues of a team, numbered in order of creation."""
    dice = Dice(f"delivery {team.team_id}")
    issues: list[Issue] = []
    carried: list[Issue] = []
    sprints = sprints_of(team)
    for number, sprint in enumerate(sprints[:-1]):
        planned = _planned(sprint, carried, dice)
        added = _added(sprint, dice)
        issues.extend([*planned, *added])
        work = [*carried, *planned, *added]
        _change_scope(sprint, planned, dice)
        _work_through(sprint, work, dice)
        carried = _close(sprint, sprints[number + 1], work)
    issues.extend(_backlog(team, dice))
    for issue in list(issues):
        issues.extend(_subtasks(issue, dice))
    issues = [issue for issue in issues if issue.created_at < DATA_END]
    issues.sort(key=lambda issue: issue.created_at)
    for number, issue in enumerate(issues, 1):
        issue.number = number
    return issues


def _issue(team: Team, created_at: datetime, dice: Dice) -> Issue:
    points = None if dice.chance(0.05) else dice.weighted(POINTS)
    summary = f"{dice.pick(VERBS)} {dice.pick(team.subjects).lower()}"
    kind, priority = dice.weighted(KINDS), dice.weighted(PRIORITIES)
    return Issue(team, kind, summary, created_at, points, priority)


def _planned(sprint: Sprint, carried: list[Issue], dice: Dice) -> list[Issue]:
    """New issues for the sprint, until it holds about what the team gets done."""
    wanted = sprint.team.points * sprint.presence * dice.between(0.9, 1.1)
    held = sum(issue.points or 0 for issue in carried)
    planned: list[Issue] = []
    while held < wanted:
        ahead = timedelta(days=dice.whole(3, 24), hours=dice.between(0, 8))
        created_at = instant(sprint.starts_on, 16, dice.whole(0, 59)) - ahead
        issue = _issue(sprint.team, created_at, dice)
        planning_at = sprint.started_at - timedelta(minutes=dice.whole(4, 50))
        if dice.chance(0.14):
            issue.first_sprints = issue.sprints = (sprint,)
        else:
            issue.put_into(planning_at, (sprint,))
        planned.append(issue)
        held += issue.points or 0
    if sprint.team is COMET and sprint.sprint_id == COMET.first_sprint_id + 16:
        planned.append(_stuck_issue(sprint))
    return planned


def _stuck_issue(sprint: Sprint) -> Issue:
    """The fix of the export complaint: started in September, not finished since."""
    created_at = sprint.started_at - timedelta(days=9)
    issue = Issue(sprint.team, "Story", "Stream large exports in chunks", created_at, 8.0, "High",
                  is_stuck=True)  # fmt: skip
    issue.put_into(sprint.started_at - timedelta(minutes=21), (sprint,))
    return issue


def _added(sprint: Sprint, dice: Dice) -> list[Issue]:
    """What comes in after the start: a bug now and then, far too much when it slips."""
    count = SLIP_ADDS if sprint.slips else dice.count(1.0)
    added: list[Issue] = []
    for _ in range(count):
        at = sprint.moment(dice.between(1.0, 6.5))
        issue = _issue(sprint.team, at - timedelta(hours=dice.between(0.2, 30)), dice)
        issue.points = issue.points if issue.points != POINTS[-1][0] else 5.0
        issue.put_into(at, (sprint,))
        added.append(issue)
    return added


def _change_scope(sprint: Sprint, planned: list[Issue], dice: Dice) -> None:
    """Re-estimates in the first days; now and then something is taken out or given up."""
    for issue in planned:
        if issue.is_stuck:
            continue
        at = sprint.moment(dice.between(0.5, 4.0))
        draw = dice.share()
        if draw < 0.07:
            issue.estimate(at, 3.0 if issue.points != 3.0 else 5.0)
        elif draw < 0.095:
            issue.put_into(at, ())
        elif draw < 0.115:
            issue.move(at, CANCELLED)


def _is_open_in(sprint: Sprint, issue: Issue) -> bool:
    return sprint in issue.sprints and issue.status.category_key != "done"


def _work_through(sprint: Sprint, work: list[Issue], dice: Dice) -> None:
    """Finish in order until the capacity is used up; the next two are left half done."""
    slow = SLIP_CAPACITY if sprint.slips else 1.0
    capacity = max(5.0, dice.normal(sprint.team.points + 2.0, 3.0) * sprint.presence * slow)
    queue = [issue for issue in work if _is_open_in(sprint, issue) and not issue.is_stuck]
    queue.sort(key=lambda issue: (not issue.sprints[:-1], dice.share()))
    used, half_done = 0.0, 0
    for issue in queue:
        used += issue.points or 1.0
        if used <= capacity:
            _finish(sprint, issue, min(WORKDAYS - 0.2, WORKDAYS * used / capacity), dice)
        elif half_done < 2 and dice.chance(0.8):
            half_done += 1
            _start(sprint, issue, dice.between(5.0, 9.0), dice)
    for issue in work:
        if issue.is_stuck:
            _start(sprint, issue, 2.0, dice)


def _entered(sprint: Sprint, issue: Issue) -> datetime:
    """From when on the issue can be worked on in this sprint."""
    moves = [change.at for change in issue.changes if change.field_name == "Sprint"]
    return max([sprint.started_at, *moves]) + timedelta(minutes=12)


def _finish(sprint: Sprint, issue: Issue, at_workday: float, dice: Dice) -> None:
    """To Do, In Progress, Review, Done; sometimes blocked, sometimes opened again."""
    length = (1.6 + 0.8 * (issue.points or 1.0)) * dice.between(0.7, 1.8)
    start = max(0.05, at_workday - length)
    last_friday = sprint.moment(WORKDAYS - 0.1)
    started_at = max(sprint.moment(start, dice.whole(0, 59)), _entered(sprint, issue))
    done_at = max(sprint.moment(at_workday, dice.whole(0, 59)), started_at + timedelta(hours=3))
    done_at = min(done_at, max(last_friday, started_at + timedelta(hours=1)))
    review_at = started_at + (done_at - started_at) * 0.7
    issue.move(started_at, IN_PROGRESS)
    if dice.chance(0.09):
        half = (review_at - started_at) / 3
        issue.flag(started_at + half, started_at + 2 * half)
    issue.move(review_at, REVIEW)
    issue.move(done_at, DONE)
    if dice.chance(0.05):
        again_at = done_at + timedelta(days=dice.whole(1, 4), minutes=dice.whole(1, 90))
        redone_at = again_at + timedelta(hours=dice.between(3, 30))
        if redone_at < sprint.planned_end_at or again_at > sprint.completed_at:
            issue.move(again_at, IN_PROGRESS)
            issue.move(redone_at, DONE)


def _start(sprint: Sprint, issue: Issue, at_workday: float, dice: Dice) -> None:
    """Begun and not finished in this sprint."""
    at = max(sprint.moment(at_workday, dice.whole(0, 59)), _entered(sprint, issue))
    at = min(at, sprint.planned_end_at - timedelta(hours=20))
    if issue.status in {IN_PROGRESS, REVIEW}:
        return
    issue.move(at, IN_PROGRESS)
    if dice.chance(0.3) and not issue.is_stuck:
        issue.move(at + timedelta(hours=4), REVIEW)


def _close(sprint: Sprint, following: Sprint, work: list[Issue]) -> list[Issue]:
    """Whatever is open moves to the next sprint seconds after the close."""
    carried = [issue for issue in work if _is_open_in(sprint, issue)]
    for issue in carried:
        issue.put_into(sprint.completed_at + timedelta(seconds=3), (*issue.sprints, following))
    return carried


def _backlog(team: Team, dice: Dice) -> list[Issue]:
    """Issues that no sprint has taken yet."""
    days = (DATA_END - instant(team.first_sprint_on)).days
    return [
        _issue(team, DATA_END - timedelta(days=dice.between(1, days)), dice) for _ in range(BACKLOG)
    ]


def _subtasks(parent: Issue, dice: Dice) -> list[Issue]:
    """Some stories are split; sub-tasks have no points and inherit the sprint."""
    if parent.kind != "Story" or not dice.chance(0.22):
        return []
    subtasks: list[Issue] = []
    moves = [change for change in parent.changes if change.field_name == "status"]
    starts = [change.at for change in moves if change.to_value == IN_PROGRESS.status_id]
    ends = [change.at for change in moves if change.to_value == DONE.status_id]
    latest = min([parent.created_at + timedelta(hours=40), *starts])
    for step in ("Design", "Build", "Check")[: dice.whole(2, 3)]:
        created_at = parent.created_at + (latest - parent.created_at) * dice.between(0.1, 0.9)
        subtask = Issue(parent.team, "Sub-task", f"{step}: {parent.summary}", created_at, None,
                        parent.priority, first_sprints=parent.sprints, parent=parent)  # fmt: skip
        if starts and ends:
            span = ends[0] - starts[0]
            subtask.move(starts[0] + span * dice.between(0.02, 0.3), IN_PROGRESS)
            subtask.move(starts[0] + span * dice.between(0.5, 0.98), DONE)
        subtasks.append(subtask)
    return subtasks
