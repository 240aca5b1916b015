"""Which pages there are, and who sees them. A page is one script and one line here."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

VIEWS = Path(__file__).with_name("views")


class Role(StrEnum):
    """What a person may do. One for now: whoever can reach the local server."""

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
    """

    section: str
    title: str
    script: str
    path: str
    icon: str
    roles: frozenset[Role] = frozenset(Role)


VIEWS_IN_ORDER: tuple[View, ...] = (
    View("", "Launch", "launch.py", "", ":material/rocket_launch:"),
    View("Strategy", "Usage", "strategy/usage.py", "usage", ":material/group:"),
    View("Delivery", "Sprint", "delivery/sprint.py", "sprint", ":material/sprint:"),
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
