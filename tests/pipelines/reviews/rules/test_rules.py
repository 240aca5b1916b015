"""The table of the rules: every one of the specification, its level, and how it refuses."""

from dataclasses import replace

import pytest

from pipelines.reviews.core.terms import Level, Phase, Rigour
from pipelines.reviews.rules.table import RULES, findings

# The level column of reviews.md 4, written by hand.
BLOCKS = "V1 V2 V3 V4 V6 V8 V14 V15 V16 V17 V18 V19 V20 V21 V22 V24 V25"
LEVELS = {
    **dict.fromkeys(BLOCKS.split(), Level.BLOCKS),
    **dict.fromkeys(("V5", "V7", "V9", "V12", "V13"), Level.WARNS),
    **dict.fromkeys(("V10", "V11", "V23"), Level.RECORDED),
}


def test_every_rule_of_the_specification_is_in_the_table_with_its_level():
    named = {f"V{number}" for number in range(1, 26)}
    assert {rule.id for rule in RULES} - {"state"} == named
    for rule in named:
        assert LEVELS[rule] in {each.standard for each in RULES if each.id == rule}
        assert LEVELS[rule] in {each.light for each in RULES if each.id == rule}


@pytest.mark.parametrize("rigour", list(Rigour))
def test_a_good_plan_has_no_finding_at_its_lock(facts, rigour):
    assert findings(Phase.LOCK, replace(facts, rigour=rigour)) == ()


@pytest.mark.parametrize("rigour", list(Rigour))
def test_a_good_check_is_signed_without_a_finding(at_check, rigour):
    assert findings(Phase.SIGN, replace(at_check, rigour=rigour)) == ()
    assert findings(Phase.CHECK, replace(at_check, rigour=rigour)) == ()
