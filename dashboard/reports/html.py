"""A paper → one HTML file that needs nothing else: no script, no network, nothing to load. Pure."""

import re
from base64 import b64encode
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.charts.theme import DARK, LIGHT
from dashboard.format import day
from dashboard.reports.charts import HEIGHT, WIDTH, chart_svg
from dashboard.reports.paper import RENDERER_VERSION, Chart, Paper

_HERE = Path(__file__).parent
_INTER = _HERE.parent / "static" / "inter-latin-wght-normal.woff2"
# Printed pages: paper and margins, and the characters that a line of the foot holds.
_PAGE = ("A4", "16mm 18mm", 120)
_SHEET = ("A3 landscape", "11mm 12mm", 300)
_PAGE_BOXES = "font: 7pt 'Inter Paper', sans-serif; color: #566273;"


def paper_html(paper: Paper) -> bytes:
    """The paper as HTML in UTF-8: light, dark and printed; for screens from 320 pixels."""
    style = _style(paper)
    template = _environment().get_template("sheet.html" if paper.is_sheet else "paper.html")
    text = template.render(
        paper=paper,
        style=style,
        policy=_policy(style),
        version=RENDERER_VERSION,
        as_of=day(paper.provenance.data_as_of),
        kind_of=lambda block: type(block).__name__,
        picture=_picture,
        box=f"0 0 {WIDTH} {HEIGHT}",
    )
    return text.encode()


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)


def _picture(chart: Chart) -> str:
    """What is inside the chart's SVG; the renderer of charts escapes what it draws."""
    svg = chart_svg(chart)
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


def _style(paper: Paper) -> str:
    inter = b64encode(_INTER.read_bytes()).decode()
    style = (_HERE / "paper.css").read_text(encoding="utf-8")
    style = style.replace("INTER)", f"{inter})", 1).replace("DARK_CHARTS", _dark_charts())
    if paper.is_sheet:
        style += (_HERE / "sheet.css").read_text(encoding="utf-8")
    return style + _pages(paper)


def _dark_charts() -> str:
    """Charts are drawn in light colours; on a dark screen each becomes its dark counterpart."""
    names = [each.name for each in fields(LIGHT) if each.name not in {"categorical", "sequential"}]
    pairs = {getattr(LIGHT, name): getattr(DARK, name) for name in names}
    pairs |= dict(zip(LIGHT.categorical, DARK.categorical, strict=True))
    return "\n  ".join(
        f'svg [{what}="{light}"] {{ {what}: {dark}; }}'
        for light, dark in sorted(pairs.items())
        for what in ("fill", "stroke")
        if light.startswith("#")
    )


def _pages(paper: Paper) -> str:
    """What the margins of printed pages say: a section's own rule on each of its pages."""
    origin = paper.provenance
    label = f" · {origin.simulated}" if origin.simulated else ""
    where = f"Snapshot {origin.short_id} · data as of {day(origin.data_as_of)}{label}"
    foot = f"Restated: {origin.restatement}\n{where}"
    if paper.is_sheet:
        return _page("", f"Rule: {paper.rule}\n{foot}", *_SHEET)
    rules = {f"part-{place}": one.rule for place, one in enumerate(paper.sections, start=1)}
    rules = {"": "each page names its own."} | rules
    pages = [_page(name, f"Rule: {rule}\n{foot}", *_PAGE) for name, rule in rules.items()]
    return "".join(pages) + "".join(f".{name} {{ page: {name}; }}\n" for name in rules if name)


def _page(name: str, words: str, size: str, margins: str, line: int) -> str:
    # Chromium gives a margin box no room of its own, so the margin grows with the words.
    lines = sum(1 + len(each) // line for each in words.split("\n"))
    bottom = 10 + 3.2 * lines
    count = 'counter(page) " / " counter(pages)'
    return (
        f"@page {name} {{ size: {size}; margin: {margins} {bottom:.1f}mm;\n"
        f"  @bottom-left {{ content: {_css_string(words)}; {_PAGE_BOXES} white-space: pre-line;"
        f" width: 88%; text-align: left; vertical-align: top; padding-top: 3mm; }}\n"
        f"  @bottom-right {{ content: {count}; {_PAGE_BOXES} width: 12%;"
        f" vertical-align: top; padding-top: 3mm; }}\n}}\n"
    )


def _css_string(text: str) -> str:
    r"""Text as a CSS string: all but letters, digits and blanks by number.

    >>> print(_css_string('a"</style>'))
    "a\22 \3c \2f style\3e "
    """
    return '"' + re.sub(r"[^\w ]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _policy(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
