"""An example of a builder: a made-up cycle as a paper of six sections, and one of hostile text."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dashboard.format import difference, number
from dashboard.reports.paper import (
    Baseline,
    Bullets,
    Change,
    Chart,
    Column,
    Fact,
    Facts,
    Grid,
    Half,
    Paper,
    Point,
    Prose,
    Provenance,
    Quote,
    Rule,
    Section,
    Series,
)

PROVENANCE = Provenance(
    snapshot_id="5f0c9a4be1d2736a88f3c0b7a94e6d1f2b3c4d5e6f708192a3b4c5d6e7f80912",
    data_as_of=date(2026, 11, 16),
    frozen_at=datetime(2026, 11, 17, 8, 40, 12, 345, tzinfo=UTC),
    timezone="Europe/Berlin",
    restatement="Since the last review, late data moved the activation rate by +0.2 pp; "
    "no definition changed.",
    simulated="Simulated data",
)
ACTIVATION_RULE = Rule(
    "Activation rate: of the people who signed up in a week, the share who created a second "
    "project within 7 days. Judged by process limits of the baseline (mean ± 2.66 · mean moving "
    "range) and by the 95 % interval of after minus before, corrected for autocorrelation."
)
BEFORE = (0.381, 0.389, 0.377, 0.392, 0.386, 0.379, 0.395, 0.384, 0.388, 0.382, 0.391, 0.385)
AFTER = (0.402, 0.421, 0.433, 0.447, None, 0.441, 0.452, 0.448, 0.455, 0.449)
MONDAY = date(2026, 6, 15)


def weekly(name, values, signal_from=None):
    points = [
        Point(
            MONDAY + timedelta(weeks=week),
            value,
            "above the upper process limit"
            if signal_from is not None and week >= signal_from and value is not None
            else "",
        )
        for week, value in enumerate(values)
    ]
    return Series(name, tuple(points))


def activation_chart():
    return Chart(
        title="Activation rate a week",
        unit="share",
        series=(weekly("Activation rate", BEFORE + AFTER, signal_from=13),),
        baseline=Baseline(centre=0.3858, lower=0.3628, upper=0.4088),
        target=0.45,
        changes=(Change(date(2026, 9, 7), "v2.2 shorter onboarding"),),
    )


def tickets_chart():
    return Chart(
        title="Support tickets per 1,000 active users",
        unit="per 1,000",
        series=(
            weekly("All users", [14.2, 13.1, 15.0, 14.4, 13.8, 14.9, 13.5, 14.1, 13.0, 14.7]),
            weekly("New users", [19.5, 18.2, 20.9, 19.8, 19.1, 17.6, 16.9, 17.2, 16.1, 15.8]),
        ),
        changes=(Change(date(2026, 7, 13), "Guide in the product"),),
    )


def cycle_paper():
    """What a real builder does: read a record, choose words, arrange blocks."""
    return Paper(
        title="A shorter onboarding brings people to their second project",
        kind="PDCA cycle 14",
        lead="Improved. The activation rate rose by 5.6 points to 44.2 %; the target of 45 % is "
        "not proven yet. No guard-rail failed. Suggested: standardise.",
        provenance=PROVENANCE,
        sections=(
            _plan(),
            _check(),
            _guard_rails(),
            _voice(),
            _act(),
            _follow_ups(),
        ),
    )


def _plan():
    return Section(
        "People leave before they see what the product is for",
        (
            Facts(
                (
                    Fact("Predicted effect", difference(0.05, "share"), "confidence 70 %"),
                    Fact("Smallest useful effect", difference(0.02, "share")),
                    Fact("Could be seen from", difference(0.017, "share"), "8 weeks, 80 %"),
                    Fact("Target", number(0.45, "share")),
                )
            ),
            Prose(
                "Six of ten people who sign up never create a second project. Interviews and "
                "screen recordings show that the tour asks for eleven settings first.\n"
                "If we cut the tour from eleven steps to three, then more people create a second "
                "project within a week, because they reach their own work on the first day.",
                "Problem and hypothesis",
            ),
            Bullets(
                (
                    "Ship the short tour to everybody with v2.2 (Mina, 7 Sep 2026)",
                    "Move the eight other settings to the page of the project (Jonas, 7 Sep 2026)",
                    "Tell support what changed (Ade, 4 Sep 2026)",
                ),
                "What we do",
                ordered=True,
            ),
            ACTIVATION_RULE,
        ),
        "Plan",
    )


def _check():
    return Section(
        "The activation rate improved by 5.6 points",
        (
            Facts(
                (
                    Fact("Before", number(0.3858, "share"), "12 weeks, n = 9,412"),
                    Fact("After", number(0.442, "share"), "9 weeks, n = 7,160"),
                    Fact(
                        "Change",
                        difference(0.0562, "share"),
                        f"95 %: {difference(0.038, 'share')} to {difference(0.074, 'share')}",
                    ),
                    Fact("Target", "Reached, not proven", "45 %"),
                )
            ),
            activation_chart(),
            Prose("Before/after comparison, not a controlled test. Seasonality not checked."),
            ACTIVATION_RULE,
        ),
        "Check",
    )


def _guard_rails():
    return Section(
        "No guard-rail failed",
        (
            Grid(
                "Guard-rails",
                (
                    Column("Metric"),
                    Column("Before", "share"),
                    Column("After", "share"),
                    Column("95 % interval of the change"),
                    Column("n", "count"),
                    Column("Verdict"),
                ),
                (
                    ("Week-4 retention", 0.481, 0.497, "−0.4 to +3.6 pp", 5120, "pass"),
                    ("Refund rate", 0.021, 0.019, "−0.8 to +0.4 pp", 1904, "pass"),
                    ("Share of angry tickets", 0.082, None, "–", None, "too little data"),
                ),
                "Angry tickets: 14 of the 50 that the rule needs.",
            ),
            tickets_chart(),
            Rule(
                "A guard-rail passes when the lower end of its interval is above minus its margin."
            ),
        ),
        "Check",
    )


def _voice():
    return Section(
        "What people told us",
        (
            Quote("I was in my own project after a minute. I had expected a lecture.", "Founder"),
            Quote("Where did the time zone go? I found it, but late.", "Team lead, in a survey"),
            Prose("Eight sessions of 30 minutes, moderated, between 21 Sep and 9 Oct 2026."),
        ),
        "Evidence",
    )


def _act():
    return Section(
        "Standardise the short tour",
        (
            Grid(
                "Decisions",
                (Column("Decision"), Column("By"), Column("Why"), Column("Look again on")),
                (
                    (
                        "The short tour becomes the standard",
                        "Mina Okafor",
                        "Improved, and no guard-rail failed",
                        date(2027, 2, 15),
                    ),
                    (
                        "The time zone returns to the first step",
                        "Jonas Brandt",
                        "Two of eight people looked for it",
                        date(2026, 12, 7),
                    ),
                ),
            ),
            Prose("A second look in February shows whether the effect lasts.", "Learning"),
        ),
        "Act",
    )


def _follow_ups():
    return Section(
        "Who does what by when",
        (
            Grid(
                "Follow-ups",
                (Column("What"), Column("Who"), Column("Due"), Column("State")),
                (
                    ("Write the standard down", "Mina Okafor", date(2026, 11, 30), "open"),
                    ("Move the time zone", "Jonas Brandt", date(2026, 12, 7), "open"),
                    ("Check again", "Mina Okafor", date(2027, 2, 15), "open"),
                ),
            ),
        ),
        "Follow-ups",
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "#set page(width: 1pt) #panic()",
    "$ x $ _under_ *star* `tick` @name [link](http://example.org)",
    "back\\slash \\u{41} \\n",
    "=1+1",
    "-2+3|cmd",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "שלום עולם",
    "مرحبا",
    "\U0001f600 \U0001f680",
    "Žluťoučký Ελλάδα Привет",
    "line one\nline two",
    "</style><style>*{display:none}",
    "a\x00b\x0b\x1b\ufffe",
    "x" * 4000,
    "word " * 800,
)


def hostile_paper(longest=4000):
    """Text that means something to every format we write, in every place that takes text."""
    provenance = Provenance(
        snapshot_id='<b>#id</b>"\\',
        data_as_of=date(2026, 11, 16),
        frozen_at=datetime(2026, 11, 17, 8, 40, tzinfo=UTC),
        timezone="Asia/Kathmandu",
        restatement="<i>#restated</i> $1 \\ =2+2",
    )
    return Paper(
        title=HOSTILE[0],
        kind=HOSTILE[1],
        lead=HOSTILE[2],
        provenance=provenance,
        sections=tuple(_hostile_section(text) for text in HOSTILE if len(text) <= longest),
    )


def sheet(paper):
    """The paper on two halves: its first section on the left, all others on the right."""
    halves = [Half.LEFT, *[Half.RIGHT] * (len(paper.sections) - 1)]
    sections = zip(paper.sections, halves, strict=True)
    return replace(paper, sections=tuple(replace(each, half=half) for each, half in sections))


def small_sheet():
    """A cycle as short as most: what was planned, what the Check found, what was decided."""
    paper = cycle_paper()
    sections = (paper.sections[0], paper.sections[1], paper.sections[4])
    return sheet(replace(paper, sections=sections))


NUMBERED = " ".join(f"word{place}" for place in range(500))


def long_paper():
    """One text of four thousand characters as every kind of block, its heading and its rule."""
    table = Grid("Long", (Column("A"), Column("B")), ((NUMBERED, "b"), ("short", NUMBERED)))
    blocks = (Prose(NUMBERED), Quote(NUMBERED), Facts((Fact("f", NUMBERED),)), Bullets((NUMBERED,)))
    section = Section(NUMBERED, (*blocks, table, Rule(NUMBERED)))
    return Paper("Long", "Test", NUMBERED, PROVENANCE, (section,))


def _hostile_section(text):
    points = tuple(Point(MONDAY + timedelta(weeks=w), w / 7, text) for w in range(3))
    return Section(
        text,
        (
            Prose(text, text),
            Facts((Fact(text, text, text),)),
            Bullets((text, text), text),
            Grid(text, (Column(text), Column("n", "count")), ((text, -1), (text, None)), text),
            Chart(text, "count", (Series(text, points),), changes=(Change(points[1].on, text),)),
            Quote(text, text),
            Rule(text),
        ),
        text,
    )
