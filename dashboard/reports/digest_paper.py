"""The digest → a paper: what changed since last week, what is off, and what is due. Pure."""

from dataclasses import asdict

from dashboard.format import counted, day, difference, interval, number, period
from dashboard.reports.calendar import Due
from dashboard.reports.content import Content, provenance
from dashboard.reports.paper import (
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Grid,
    Paper,
    Prose,
    Rule,
    Section,
)
from dashboard.reports.scorecard_paper import grid_or_words, lead, power_words, share_words
from pipelines.reviews.core import agenda
from pipelines.reviews.numbers.origin import DAYS_A_WEEK
from pipelines.reviews.outcome.metrics import FEWEST_DUE
from pipelines.reviews.reports.digest import NO_REVIEWS, Digest, Headline

RULE = Rule(
    "A number is called higher or lower only where the 95 % interval of its difference to the "
    "period before excludes 0; a target is missed only where the whole interval misses it."
)


def digest_content(digest: Digest) -> Content:
    """One page a week."""
    paper = Paper(
        title=f"{digest.origin.product}: the week in numbers",
        kind="Weekly digest",
        lead=_lead(digest),
        provenance=provenance(digest.origin),
        sections=(_numbers(digest), _exceptions(digest), _due(digest), _ledger(digest)),
    )
    return Content(paper, _data(digest), _dues(digest))


def _data(digest: Digest) -> dict[str, object]:
    card = digest.ledger.scorecard if digest.ledger else None
    return {
        "origin": asdict(digest.origin),
        "today": digest.today,
        "headlines": [_headline_data(each) for each in digest.headlines],
        "left_out": list(digest.left_out),
        "exceptions": list(digest.exceptions),
        "checks_due": [asdict(each) for each in digest.checks],
        "follow_ups_overdue": [asdict(each) for each in digest.follow_ups],
        "predicted": asdict(card.predicted) if card else None,
        "hit_rate": asdict(card.hit_rate) if card else None,
    }


def _dues(digest: Digest) -> tuple[Due, ...]:
    """Checks and follow-ups that are due, for a calendar."""
    checks = [("check", each) for each in digest.checks]
    late = [("follow-up", each) for each in digest.follow_ups]
    return tuple(Due(kind, each.subject_id, each.due_on, each.name) for kind, each in checks + late)


def _lead(digest: Digest) -> str:
    if digest.exceptions:
        return (
            f"{counted(len(digest.exceptions), 'thing')} to look at first. {digest.exceptions[0]}"
        )
    return "Nothing is off: no target is clearly missed, and nothing clearly got worse."


def _numbers(digest: Digest) -> Section:
    grid = Grid(
        "Newest settled period of each number",
        (
            Column("Number"), Column("Period"), Column("Value"), Column("95 % interval"),
            Column("n", "count"), Column("Against the period before"), Column("Target"),
        ),
        tuple(_row(each) for each in digest.headlines),
        " ".join(digest.left_out),
    )  # fmt: skip
    rules = Bullets(
        tuple(f"{each.name}: {each.rule}" for each in digest.headlines), "How each is counted"
    )
    blocks = (grid, rules, RULE) if digest.headlines else (grid, RULE)
    return Section("What changed since the period before", blocks, "Numbers")


def _row(headline: Headline) -> tuple[Cell, ...]:
    unit = headline.unit
    return (
        headline.name,
        period(headline.period, headline.period_end),
        number(headline.value, unit) if headline.value is not None else headline.note or "–",
        interval(headline.low, headline.high, unit) or "–",
        headline.n,
        _moved(headline),
        _target(headline),
    )


def _moved(headline: Headline) -> str:
    found = headline.comparison
    if found.state not in {"higher", "lower"} or found.difference is None:
        return found.sentence
    ends = ""
    if found.low is not None and found.high is not None:
        low, high = (difference(end, headline.unit) for end in (found.low, found.high))
        ends = f" (95 %: {low} to {high})"
    return f"{difference(found.difference, headline.unit)}{ends} {found.against}"


def _target(headline: Headline) -> str:
    goal = headline.standing.in_force
    if goal is None:
        return "–"
    words = headline.standing.state.replace("_", " ")
    return f"{number(goal.value, headline.unit)}: {words}"


def _exceptions(digest: Digest) -> Section:
    nothing = Prose("No target is clearly missed, and nothing clearly got worse.")
    block = Bullets(digest.exceptions) if digest.exceptions else nothing
    return Section("What to look at first", (block, RULE), "Exceptions")


def _due(digest: Digest) -> Section:
    if digest.ledger is None:
        return Section("What is due", (Prose(NO_REVIEWS),), "Reviews")
    return Section(
        "What is due",
        (
            _grid("Checks and predictions that are due", digest.checks, "No Check is due."),
            _grid("Follow-ups past their day", digest.follow_ups, "No follow-up is overdue."),
        ),
        "Reviews",
    )


def _grid(caption: str, dues: tuple[agenda.Due, ...], nothing: str) -> Grid | Prose:
    rows = tuple((each.name, each.due_on) for each in dues)
    return grid_or_words(caption, (Column("What"), Column("Due")), rows, nothing)


def _ledger(digest: Digest) -> Section:
    if digest.ledger is None:
        return Section("What releases did", (Prose(NO_REVIEWS),), "Outcomes")
    card = digest.ledger.scorecard
    facts = Facts(
        (
            Fact("Predicted", share_words(card.predicted, FEWEST_DUE), "releases"),
            Fact("Hit rate", share_words(card.hit_rate), "judged predictions"),
            Fact("Overdue", number(len(card.overdue), "count"), "past their review date"),
        )
    )
    newest = tuple(
        f"{line.title} ({day(line.row.released_on)}): {line.sentence}"
        for line in digest.ledger.lines
        if line.run is not None and (digest.today - line.run.at.date()).days < DAYS_A_WEEK
    )
    found = (Bullets(newest, "Judged in the last seven days"),) if newest else ()
    return Section(lead(card), (facts, *found, Prose(power_words(card))), "Outcomes")


def _headline_data(headline: Headline) -> dict[str, object]:
    kept = (
        "metric_id", "name", "unit", "value", "low", "high", "n", "period", "period_end", "note",
    )  # fmt: skip
    found = headline.comparison
    return {
        **{name: getattr(headline, name) for name in kept},
        "change": {
            "state": found.state,
            "sentence": found.sentence,
            "difference": found.difference,
            "low": found.low,
            "high": found.high,
        },
        "target": headline.standing.state,
    }
