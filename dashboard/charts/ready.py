"""A figure that is handed to the page without being copied first. Pure."""

from typing import Any

import plotly.graph_objects as go


class Ready(go.Figure):  # type: ignore[misc]  # plotly has no types
    """Another's figure as the dictionary that it is sent as.

    A figure makes a deep copy of itself each time it is shown, which costs more than all the
    rest of a card; what is kept and never changed needs none.
    """

    def __init__(self, figure: go.Figure) -> None:
        # Not initialised as a figure: it has no parts of its own, and nobody may add any.
        self._sent: dict[str, Any] = figure.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """The same dictionary every time; not to be changed."""
        return self._sent
