"""A check is one file: its first lines are what the page, the message and the records say."""

from pathlib import Path

import pytest

import pipelines
from pipelines.identities import declared

CHECKS = sorted((Path(pipelines.__file__).parent / "checks").glob("*.sql"))


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_every_check_says_in_one_sentence_what_must_hold(path):
    identity, sentence = declared(path.read_text(encoding="utf-8"))
    assert identity[0] == "I"
    assert identity[1:].isdigit()
    assert 20 < len(sentence) < 200
    assert ". " not in sentence


def test_remarks_behind_a_bare_comment_are_no_part_of_the_demand():
    assert declared("-- I2: a is b.\n--\n-- To the cent.\nselect 1") == ("I2", "a is b")
