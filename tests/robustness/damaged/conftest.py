"""A real export of events, to be damaged by a test."""

import pytest

LINES = 301


@pytest.fixture
def events(desk, real):
    """A desk for product events, and 300 real ones as lines with their header."""
    desk.source("events")
    return desk, real("retentioneering_ecom/ecom.csv.gz", LINES).splitlines()
