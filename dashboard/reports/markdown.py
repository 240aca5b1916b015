"""A paper → Markdown that any viewer reads; text from data is never read as markup. Pure."""

from dashboard.format import day, plain
from dashboard.reports.paper import (
    RENDERER_VERSION,
    Block,
    Bullets,
    Chart,
    Facts,
    Grid,
    Paper,
    Prose,
    Quote,
    Section,
)


def paper_markdown(paper: Paper) -> bytes:
    """The paper as Markdown in UTF-8; a chart is its summary and its table."""
    origin = paper.provenance
    label = [f"**{plain(origin.simulated)}**"] if origin.simulated else []
    facts = [f"- {plain(one.label)}: {plain(one.value)}" for one in origin.facts]
    parts = [
        f"# {plain(paper.title)}",
        plain(paper.kind),
        *label,
        *_paragraphs(paper.lead),
        "\n".join([*facts, f"- Restated: {plain(origin.restatement)}"]),
    ]
    count = len(paper.sections)
    for page, section in enumerate(paper.sections, start=1):
        parts += ["---", *_section(section), _foot(paper, section, f"{page} / {count}")]
    parts.append(f"<!-- Launchloop papers {RENDERER_VERSION} -->")
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _section(section: Section) -> list[str]:
    found = [f"## {plain(section.heading)}", plain(section.kicker)]
    return found + [part for block in section.shown for part in _block(block)]


def _block(block: Block) -> list[str]:
    match block:
        case Prose():
            return [_title(block.title), *map(plain, block.paragraphs)]
        case Facts():
            rows = [
                f"- {plain(one.label)}: **{plain(one.value)}**{_aside(one.note)}"
                for one in block.items
            ]
            return ["\n".join(rows)]
        case Bullets():
            signs = [f"{n}." if block.ordered else "-" for n in range(1, len(block.items) + 1)]
            rows = [f"{sign} {plain(one)}" for sign, one in zip(signs, block.items, strict=True)]
            return [_title(block.title), "\n".join(rows)]
        case Grid():
            return [_title(block.caption), _table(block), plain(block.note)]
        case Chart():
            return [_title(block.title), plain(block.summary), _table(block.table)]
        case Quote():
            source = f"\n>\n> {plain(block.source)}" if block.source else ""
            return [f"> {plain(block.text)}{source}"]
    return []


def _title(title: str) -> str:
    return f"### {plain(title)}" if title else ""


def _aside(note: str) -> str:
    return f" ({plain(note)})" if note else ""


def _paragraphs(text: str) -> list[str]:
    return [plain(line) for line in text.split("\n") if line.strip()]


def _table(grid: Grid) -> str:
    marks = ["--:" if column.unit else "---" for column in grid.columns]
    heads = [plain(column.name) for column in grid.columns]
    rows = [heads, marks, *([plain(cell) for cell in row] for row in grid.words)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _foot(paper: Paper, section: Section, page: str) -> str:
    origin = paper.provenance
    label = f" · {plain(origin.simulated)}" if origin.simulated else ""
    where = f"Snapshot {plain(origin.short_id)} · data as of {day(origin.data_as_of)}{label}"
    rule, restated = plain(section.rule), plain(origin.restatement)
    return f"Rule: {rule}\n\nRestated: {restated}\n\n{where} · {page}"
