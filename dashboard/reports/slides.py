"""A paper → PowerPoint, 16:9: one item a slide, charts and tables that can be edited.

Everything is placed by counting, so that no machine's fonts decide what stands where.
"""

from dataclasses import replace
from io import BytesIO

from pptx import Presentation
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Inches, Pt

from dashboard.charts.theme import LIGHT
from dashboard.format import day
from dashboard.reports.paper import (
    RENDERER_VERSION,
    Bullets,
    Paper,
    Prose,
    Provenance,
    Rule,
    Section,
)
from dashboard.reports.slide_pieces import LEFT, WIDTH, Piece, pieces
from dashboard.reports.slide_text import color, fill, height, write
from dashboard.reports.steady_zip import steady

_SLIDE_WIDTH, _SLIDE_HEIGHT = 13.333, 7.5
_TOP, _BOTTOM = 0.45, 7.2
_HEAD, _KICKER, _FOOT = 26, 12, 9
_KICKER_HEIGHT, _PAGE_WIDTH = 0.3, 1.2
_TITLE_ONLY = 5
_LEAST_ROOM = 2.0
# Longer texts of head and foot are cut there, and stand whole on the item's slides.
_LONGEST_HEAD, _LONGEST_KICKER, _LONGEST_FOOT = 110, 90, 700
_FONT = "Arial"
_COVER_RULE = "each slide names its own."


def paper_pptx(paper: Paper) -> bytes:
    """The paper as a slide deck; a section that needs more room goes on with its heading."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_SLIDE_WIDTH), Inches(_SLIDE_HEIGHT)
    planned = [(part, found) for part in _parts(paper) for found in _packed(part, paper)]
    count = len(planned)
    for page, (section, found) in enumerate(planned, start=1):
        slide = _headed(deck, section)
        down = _top_of(section)
        for piece in found:
            piece.draw(slide, down)
            down += piece.height
        _foot(slide, paper.provenance, section.rule, f"{page} / {count}")
    _make_plain(deck)
    _properties(deck, paper)
    out = BytesIO()
    deck.save(out)
    return steady(out.getvalue(), paper.provenance.frozen_utc)


def _parts(paper: Paper) -> list[Section]:
    """The cover, and every section with what its head and foot cannot hold."""
    origin = paper.provenance
    where = tuple(f"{fact.label}: {fact.value}" for fact in origin.facts)
    blocks = (Prose(paper.lead), Bullets(where), Rule(_COVER_RULE))
    return [_whole(part) for part in (Section(paper.title, blocks, paper.kind), *paper.sections)]


def _whole(section: Section) -> Section:
    before = [
        Prose(text)
        for text, longest in (
            (section.kicker, _LONGEST_KICKER),
            (section.heading, _LONGEST_HEAD),
        )
        if _cut(text, longest) != " ".join(text.split())
    ]
    is_cut = len(section.rule) > _LONGEST_FOOT
    after = [Prose(section.rule, "The whole rule")] if is_cut else []
    return replace(section, blocks=(*before, *section.blocks, *after))


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _packed(section: Section, paper: Paper) -> list[list[Piece]]:
    """Pieces by the slide, in order."""
    foot = _foot_height(_foot_words(paper.provenance, section.rule))
    room = max(_LEAST_ROOM, _BOTTOM - foot - _top_of(section))
    packed: list[list[Piece]] = [[]]
    used = 0.0
    for piece in (one for block in section.shown for one in pieces(block, room)):
        if packed[-1] and used + piece.height > room:
            packed.append([])
            used = 0.0
        packed[-1].append(piece)
        used += piece.height
    return packed


def _title_top(section: Section) -> float:
    return _TOP + (_KICKER_HEIGHT if section.kicker else 0.0)


def _top_of(section: Section) -> float:
    return _title_top(section) + height(_cut(section.heading, _LONGEST_HEAD), WIDTH, _HEAD) + 0.2


def _headed(deck: Deck, section: Section) -> Slide:
    """A new slide with its heading, as a title that screen readers and outlines find."""
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    if section.kicker:
        box = (LEFT, _TOP, WIDTH, _KICKER_HEIGHT)
        write(slide, box, _cut(section.kicker, _LONGEST_KICKER), _KICKER, tone=LIGHT.muted)
    words, title = _cut(section.heading, _LONGEST_HEAD), slide.shapes.title
    if title is None:
        raise ValueError("The layout of slides has no place for a title.")
    box = (LEFT, _title_top(section), WIDTH, height(words, WIDTH, _HEAD))
    title.left, title.top, title.width, title.height = (Inches(one) for one in box)
    fill(title.text_frame, words, _HEAD, bold=True)
    return slide


def _foot_words(origin: Provenance, rule: str) -> str:
    label = f" · {origin.simulated}" if origin.simulated else ""
    return "\n".join(
        (
            f"Rule: {_cut(rule, _LONGEST_FOOT)}",
            f"Restated: {_cut(origin.restatement, _LONGEST_FOOT)}",
            f"Snapshot {origin.short_id} · data as of {day(origin.data_as_of)}{label}",
        )
    )


def _foot_height(words: str) -> float:
    return height(words, WIDTH - _PAGE_WIDTH, _FOOT) + 0.1


def _foot(slide: Slide, origin: Provenance, rule: str, page: str) -> None:
    words = _foot_words(origin, rule)
    high = _foot_height(words)
    top = _BOTTOM - high + 0.1
    line = slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, *(Inches(one) for one in (LEFT, top, LEFT + WIDTH, top))
    )
    line.line.color.rgb, line.line.width = color(LIGHT.grid), Pt(0.75)
    top += 0.06
    write(slide, (LEFT, top, WIDTH - _PAGE_WIDTH, high), words, _FOOT, tone=LIGHT.muted)
    box = (LEFT + WIDTH - _PAGE_WIDTH, top, _PAGE_WIDTH, 0.2)
    write(slide, box, page, _FOOT, tone=LIGHT.muted, align=PP_ALIGN.RIGHT)


def _make_plain(deck: Deck) -> None:
    """A face that every machine has, and no picture of the template's own first slide."""
    for relation in deck.slide_master.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.THEME:
            theme: Part = relation.target_part
            theme._blob = theme.blob.replace(b"Calibri", _FONT.encode())  # noqa: SLF001
    package = deck.part.package
    for name, relation in list(package._rels.items()):  # noqa: SLF001
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.drop_rel(name)


def _properties(deck: Deck, paper: Paper) -> None:
    made = paper.provenance.frozen_utc.replace(tzinfo=None)
    about = deck.core_properties
    about.title, about.subject = _cut(paper.title, 250), _cut(paper.kind, 250)
    about.author, about.last_modified_by = "", ""
    about.comments = f"Snapshot {_cut(paper.provenance.snapshot_id, 200)}"
    about.version = RENDERER_VERSION
    about.created = about.modified = made
