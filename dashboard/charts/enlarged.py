"""A figure for a wall instead of a desk: the same marks and words, larger."""

from typing import Any

import plotly.graph_objects as go

_SIZES = {"size", "width", "xshift", "yshift", "standoff"}
_MARGIN = "margin"


def enlarged(figure: go.Figure, factor: float, height: int) -> go.Figure:
    """The figure with type, lines, points and margins `factor` times as large.

    Args:
        figure: As it is drawn for a desk; it stays as it is.
        factor: Above 1.
        height: In pixels.
    """
    drawn = _scaled(figure.to_dict(), factor)
    drawn["layout"] |= {"height": height, "template": None}
    drawn["layout"].pop("width", None)
    font = drawn["layout"].setdefault("font", {})
    font.setdefault("size", round(13 * factor))
    return go.Figure(drawn)


def _scaled(part: Any, factor: float) -> Any:  # noqa: ANN401  any part of a figure
    if isinstance(part, dict):
        return {
            name: _sized(value, factor)
            if name in _SIZES
            else _margin(value, factor)
            if name == _MARGIN
            else _scaled(value, factor)
            for name, value in part.items()
        }
    if isinstance(part, list | tuple):
        return [_scaled(each, factor) for each in part]
    return part


def _sized(value: Any, factor: float) -> Any:  # noqa: ANN401
    if isinstance(value, int | float):
        return round(value * factor, 1)
    if isinstance(value, list | tuple):
        return [_sized(each, factor) for each in value]
    return value


def _margin(value: dict[str, Any], factor: float) -> dict[str, Any]:
    return {side: round(pixels * factor) for side, pixels in value.items()}
