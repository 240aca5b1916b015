"""The HTML, parsed back: nothing runs, nothing is loaded, everything is named."""

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from dashboard.reports.html import paper_html
from dashboard.reports.printable import printable


class Page(HTMLParser):
    def __init__(self, data):
        super().__init__()
        self.tags, self.texts, self.style = [], [], ""
        self.inside = None
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "style":
            self.style += data
        else:
            self.texts.append(data)

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def cycle_page(cycle):
    return Page(paper_html(cycle))


@pytest.fixture(scope="module")
def hostile_page(hostile):
    return Page(paper_html(hostile))


def test_only_our_style_may_act_and_nothing_may_be_loaded(cycle_page):
    policy = next(
        one["content"]
        for one in cycle_page.named("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    digest = b64encode(sha256(cycle_page.style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(data:font/woff2" in cycle_page.style
    assert cycle_page.style.count("url(") == 1


@pytest.mark.parametrize("page", ["cycle_page", "hostile_page"])
def test_there_is_no_script_no_handler_no_link_away_and_no_style_from_data(page, request):
    found = request.getfixturevalue(page)
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "iframe", "object", "img", "link", "form", "base"}
    assert len(found.named("style")) == 1
    for _, attrs in found.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert attrs.get("href", "#").startswith("#")


def test_every_item_has_a_heading_and_a_foot(cycle, cycle_page):
    text = "".join(cycle_page.texts)
    assert [len(cycle_page.named(f"h{level}")) for level in (1, 2)] == [1, 6]
    assert text.count(f"Snapshot {cycle.provenance.short_id} · data as of 16 Nov 2026") == 6
    assert text.count(cycle.provenance.restatement) == 7
    for number, section in enumerate(cycle.sections, start=1):
        assert section.rule in text
        assert f"{number} / 6" in text


def test_every_picture_has_its_words_and_every_table_its_caption(samples, cycle_page):
    pictures = cycle_page.named("svg")
    charts = [samples.activation_chart(), samples.tickets_chart()]
    assert [one["aria-label"] for one in pictures] == [chart.summary for chart in charts]
    assert {one["role"] for one in pictures} == {"img"}
    assert len(cycle_page.named("table")) == len(cycle_page.named("caption")) == 5
    assert {one["scope"] for one in cycle_page.named("th")} == {"col", "row"}


def test_printed_pages_carry_rule_snapshot_and_number_in_their_margins(cycle_page):
    assert cycle_page.style.count("@bottom-left") == 7
    assert cycle_page.style.count('counter(page) " / " counter(pages)') == 7


def test_hostile_text_is_text(samples, hostile_page):
    text = "".join(hostile_page.texts)
    for one in samples.HOSTILE:
        for line in printable(one).split("\n"):
            assert line in text
