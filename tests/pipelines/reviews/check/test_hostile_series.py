"""Series that nobody wishes for: a Check answers in finite numbers and whole sentences."""

import math
import re
from dataclasses import fields, replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from pipelines.reviews.check.computing import check
from pipelines.reviews.check.inputs import CheckInput
from pipelines.reviews.check.planner import outlook
from pipelines.reviews.check.sentence import sentence
from pipelines.reviews.core.terms import Direction, Kind, MetricRole

GAP = float("nan")
RNG = np.random.default_rng(0)
SERIES = {
    "constant": [5.0] * 40,
    "nothing at all": [0.0] * 40,
    "only gaps": [GAP] * 40,
    "every other one missing": [1.0, GAP] * 20,
    "below 0": list(-RNG.random(40)),
    "huge": list(1e15 * RNG.random(40)),
    "tiny": list(1e-12 * RNG.random(40)),
    "from nothing to nine": [0.0] * 26 + [9.0] * 14,
    "one value before": [GAP] * 25 + [1.0] + [2.0] * 14,
    "a random walk": list(RNG.normal(size=40).cumsum()),
    "rare events": [float(count) for count in RNG.poisson(0.3, 40)],
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", SERIES)
def test_hostile_series_are_answered_in_finite_numbers_and_whole_sentences(
    metric, series, name, kind
):
    values = SERIES[name]
    for n0, direction, has_control in product((0, 5, 26), (Direction.UP, Direction.DOWN), (0, 1)):
        plan, window = metric(
            values[:n0],
            values[n0:],
            kind=kind,
            direction=direction,
            target_value=3.0,
            expected_effect=1.0,
            today=date(2030, 1, 1),
        )
        if has_control:
            plan = replace(plan, control=series(values[:n0]))
            window = replace(window, control=series(values[n0:]))
        rail = replace(plan, metric=replace(plan.metric, role=MetricRole.GUARD_RAIL, margin=1.0))
        given = CheckInput((plan, window), ((rail, window),))
        result = check(given)
        for row in result.checks:
            numbers = [getattr(row, field.name) for field in fields(row)]
            assert all(math.isfinite(x) for x in numbers if isinstance(x, float))
        text = sentence(given, result)
        assert not re.search(r"\b(nan|inf|None)\b", text)
        assert text.endswith(".")
        promised = outlook(plan, [rail], 13, seed=1, runs=20)
        assert promised.mde80 is None or promised.mde80 >= 0
