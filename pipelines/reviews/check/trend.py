"""The trend before and after a change, for information beside a Check. Pure.

A module of its own, because the library of its regression takes long to load.
"""

import numpy as np

from pipelines.reviews.check.adjusting import analysed
from pipelines.reviews.check.inputs import MetricPlan, Window
from pipelines.stats.segmented import Segmented, segmented_trend


def trend(plan: MetricPlan, window: Window, *, alpha: float = 0.05) -> Segmented | None:
    """Segmented regression of a metric in its unit; None below 12 periods before or 8 after.

    It decides nothing: the verdict stands on the whole rule.
    """
    series = analysed(plan, window)
    if series.before.size == 0 or not np.isfinite(series.periods_between):
        return None
    between = round(series.periods_between)
    return segmented_trend(series.before, series.after, between, alpha=alpha)
