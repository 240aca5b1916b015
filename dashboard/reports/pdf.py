"""A paper → PDF by Typst: fonts of ours only, texts as data, the freeze's creation time."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from dashboard.format import day
from dashboard.reports.charts import FONTS, chart_svg
from dashboard.reports.paper import Block, Chart, Column, Grid, Paper, Prose

_PAGES, _SHEET = (Path(__file__).with_name(name) for name in ("paper.typ", "sheet.typ"))
# Columns whose texts are longer than this share the room that is left, by their length up to a
# line's.
_GROWS_FROM, _LINE = 14, 70
_LONG_WORD = re.compile(r"\S{28}(?=[\w!-~])")


def paper_pdf(paper: Paper) -> bytes:
    """The paper as PDF: tagged, with alternative texts; on A4 an item a page, or a sheet of A3.

    Args:
        paper: Any paper; what its texts say is never read as markup.
    """
    return typst.compile(
        _SHEET if paper.is_sheet else _PAGES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={
            "paper": json.dumps(_breakable(_data(paper)), ensure_ascii=False, allow_nan=False)
        },
        timestamp=int(paper.provenance.frozen_utc.timestamp()),
    )


def _data(paper: Paper) -> dict[str, Any]:
    origin = paper.provenance
    made = origin.frozen_utc
    label = f" · {origin.simulated}" if origin.simulated else ""
    return {
        "title": paper.title,
        "kind": paper.kind + label,
        "lead": paper.lead,
        "created": {
            name: getattr(made, name)
            for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "facts": [
            *(asdict(fact) for fact in origin.facts),
            {"label": "Restated", "value": origin.restatement},
        ],
        "restatement": origin.restatement,
        "rule": paper.rule,
        "origin": f"Snapshot {origin.short_id} · data as of {day(origin.data_as_of)}{label}",
        "sections": [
            {
                "heading": section.heading,
                "kicker": section.kicker,
                "half": section.half,
                "rule": section.rule,
                "blocks": [_block(block) for block in section.shown],
            }
            for section in paper.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": type(block).__name__}
    match block:
        case Prose():
            return {**kind, "title": block.title, "paragraphs": block.paragraphs}
        case Grid():
            return {**kind, "caption": block.caption, "note": block.note, **_table(block)}
        case Chart():
            table = _table(block.table)
            words = {"title": block.title, "summary": block.summary}
            return {**kind, **words, "svg": chart_svg(block), **table}
        case _:
            return {**kind, **asdict(block)}


def _breakable(value: object) -> object:
    """Texts with places where a word longer than a line may break; pictures as they are."""
    if isinstance(value, str):
        return _LONG_WORD.sub("\\g<0>\u200b", value)
    if isinstance(value, list | tuple):
        return [_breakable(one) for one in value]
    if isinstance(value, dict):
        return {name: one if name == "svg" else _breakable(one) for name, one in value.items()}
    return value


def _table(grid: Grid) -> dict[str, Any]:
    longest = [
        max((len(cell) for cell in column), default=0) for column in zip(*grid.words, strict=True)
    ] or [0] * len(grid.columns)
    return {
        "columns": [
            {"name": column.name, "figure": bool(column.unit), "share": _share(column, length)}
            for column, length in zip(grid.columns, longest, strict=True)
        ],
        "rows": grid.words,
    }


def _share(column: Column, longest: int) -> int:
    """How much of the width that is left a column takes; 0 = as wide as its texts."""
    return 0 if column.unit or longest <= _GROWS_FROM else min(longest, _LINE)
