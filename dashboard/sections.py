"""Which pages there are, and who sees them. A page is one script and one line here."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

VIEWS = Path(__file__).with_name("views")
# Pages that others lead to, as the script that Streamlit knows them by.
CYCLES_PAGE = "views/reviews/cycles.py"
CYCLE_PAGE = "views/reviews/cycle.py"
NEW_CYCLE_PAGE = "views/reviews/new_cycle.py"
MEETINGS_PAGE = "views/reviews/meeting.py"
REVIEW_PAGE = "views/reviews/review.py"
ROOM_PAGE = "views/reviews/room.py"
TEAM_PAGE = "views/reviews/team.py"


class Role(StrEnum):
    """What a person may do; LOCAL is whoever can reach the local server.

    What may be read and done in Reviews depends on the team as well, so their pages and every
    write ask the records again.
    """

    LOCAL = "local"


@dataclass(frozen=True)
class View:
    """One page.

    Attributes:
        section: The menu it stands under; "" stands in the menu itself.
        title: As printed in menu and browser tab.
        script: Below views/.
        path: In the address; never changes, it is in links. "" is the page that opens first.
        icon: A name of the icon font that Streamlit brings along.
        roles: Who sees it.
        is_listed: Stands in the menu; others are reached by a link.
    """

    section: str
    title: str
    script: str
    path: str
    icon: str
    roles: frozenset[Role] = frozenset(Role)
    is_listed: bool = True


VIEWS_IN_ORDER: tuple[View, ...] = (
    View("", "Launch", "launch.py", "", ":material/rocket_launch:"),
    View("Strategy", "Usage", "strategy/usage.py", "usage", ":material/group:"),
    View("Delivery", "Sprint", "delivery/sprint.py", "sprint", ":material/sprint:"),
    View("Reviews", "Cycles", "reviews/cycles.py", "cycles", ":material/cycle:"),
    # A page of Reviews begins with `open_reviews`, which knows who is speaking.
    View(
        "Reviews",
        "New cycle",
        "reviews/new_cycle.py",
        "new-cycle",
        ":material/add_circle:",
        is_listed=False,
    ),
    View("Reviews", "Cycle", "reviews/cycle.py", "cycle", ":material/cycle:", is_listed=False),
    View("Reviews", "Meeting", "reviews/meeting.py", "meeting", ":material/groups:"),
    View("Reviews", "Review", "reviews/review.py", "review", ":material/groups:", is_listed=False),
    View("Reviews", "Room", "reviews/room.py", "room", ":material/groups:", is_listed=False),
    View("Reviews", "Outcomes", "reviews/outcomes.py", "outcomes", ":material/target:"),
    View("Reviews", "Follow-ups", "reviews/follow_ups.py", "follow-ups", ":material/task_alt:"),
    View("Reviews", "Evidence", "reviews/evidence.py", "evidence", ":material/forum:"),
    View("Reviews", "Team", "reviews/team.py", "team", ":material/tune:"),
    View("Reviews", "History", "reviews/history.py", "history", ":material/history:"),
    View("Data", "Sources", "data/sources.py", "sources", ":material/database:"),
    View("Data", "Rows", "data/rows.py", "rows", ":material/rule:"),
    View("Data", "Definitions", "data/definitions.py", "definitions", ":material/menu_book:"),
    View("Data", "Snapshots", "data/snapshots.py", "snapshots", ":material/photo_camera:"),
)


def views_for(role: Role) -> dict[str, list[View]]:
    """The pages a role may open, by section, in menu order.

    A page that is left out cannot be reached at all, even with a forged message; one that is
    only hidden could.
    """
    allowed: dict[str, list[View]] = {}
    for view in VIEWS_IN_ORDER:
        if role in view.roles:
            allowed.setdefault(view.section, []).append(view)
    return allowed
