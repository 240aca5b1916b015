"""Colours and type of every figure, light and dark; the same as .streamlit/config.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["light", "dark"]

FONT = "Inter, sans-serif"
FONT_SIZE = 13


@dataclass(frozen=True)
class Theme:
    """What a figure may use.

    Attributes:
        text: Words that matter.
        muted: Axes, labels, what is not to be judged.
        grid: Lines behind the data.
        background: Of the page; also lines between touching marks.
        surface: A shade off the page, for spans that are not settled.
        line: The one series that a figure is about.
        band: Its interval.
        good: A target, or a change for the better.
        bad: An incident, or a change for the worse.
        categorical: Series beside each other, in this order.
        sequential: Few → many.
    """

    text: str
    muted: str
    grid: str
    background: str
    surface: str
    line: str
    band: str
    good: str
    bad: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]


LIGHT = Theme(
    text="#0b131e",
    muted="#566273",
    grid="#d9dfe7",
    background="#ffffff",
    surface="#f3f5f8",
    line="#1d5fd1",
    band="rgba(29, 95, 209, 0.14)",
    good="#12805c",
    bad="#c0362c",
    categorical=(
        "#1d5fd1",
        "#0f9b8e",
        "#b4530a",
        "#7a4fd0",
        "#c2255c",
        "#5c6b7d",
        "#2b8a3e",
        "#8a6d00",
        "#0b7285",
        "#862e9c",
    ),
    sequential=(
        "#eef4ff",
        "#d9e6fd",
        "#bcd3fb",
        "#98bcf7",
        "#72a2f1",
        "#4d87e8",
        "#2f6fdb",
        "#1d59bd",
        "#154596",
        "#0f3370",
    ),
)
DARK = Theme(
    text="#e8edf4",
    muted="#a9b5c4",
    grid="#2b3746",
    background="#0f141b",
    surface="#18202b",
    line="#6ea8ff",
    band="rgba(110, 168, 255, 0.18)",
    good="#4cc38a",
    bad="#ff8b7e",
    categorical=(
        "#6ea8ff",
        "#3fd0bf",
        "#ffb168",
        "#b79bff",
        "#ff8fb1",
        "#a9b5c4",
        "#7bd88f",
        "#e6c74c",
        "#66d9e8",
        "#e599f7",
    ),
    sequential=(
        "#14243d",
        "#18325a",
        "#1d4278",
        "#235496",
        "#2b67b5",
        "#397cd0",
        "#5594e4",
        "#7aadf2",
        "#a5c9fa",
        "#d3e5ff",
    ),
)


def tone_color(theme: Theme, tone: Literal["good", "bad", "neutral"]) -> str:
    """The colour of a judgement; what is not to be judged is grey."""
    return {"good": theme.good, "bad": theme.bad, "neutral": theme.muted}[tone]


THEMES: Mapping[Mode, Theme] = {"light": LIGHT, "dark": DARK}


def base_layout(theme: Theme, *, height: int = 320) -> dict[str, Any]:
    """A figure's layout without data: no title inside, no frame, no zoom.

    Zoom is off because a finger that scrolls the page would be caught by every chart.
    """
    axis = {
        "automargin": True,
        "fixedrange": True,
        "linecolor": theme.grid,
        "tickfont": {"color": theme.muted},
        "ticks": "",
        "zeroline": False,
    }
    return {
        "height": height,
        "margin": {"l": 4, "r": 8, "t": 40, "b": 4, "pad": 4},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": theme.text},
        "colorway": list(theme.categorical),
        "dragmode": False,
        "showlegend": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"color": theme.muted},
        },
        "hoverlabel": {
            "bgcolor": theme.surface,
            "bordercolor": theme.grid,
            "font": {"family": FONT, "color": theme.text},
            "align": "left",
        },
        "hovermode": "closest",
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "gridcolor": theme.grid, "showline": False},
    }


def axis_title(text: str, theme: Theme) -> dict[str, Any]:
    """What an axis counts, in the type of its labels."""
    return {"text": text, "font": {"color": theme.muted, "size": FONT_SIZE}, "standoff": 8}
