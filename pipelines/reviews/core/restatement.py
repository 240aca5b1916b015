"""Why a number differs from the one of the last review: three parts that sum. Pure."""

from dataclasses import dataclass

NOT_SEPARABLE = "late data and definition, not separable"
UNKNOWN = "One of the numbers is not known, so the difference is not known either."


@dataclass(frozen=True)
class Since:
    """The difference since a freeze, in metric units. None = unknown.

    Attributes:
        frozen: v(F0, D0, P0), read from the freeze.
        now: v(F1, D1, P1), as it is today.
        late_data: What data that came later changed in the old period.
        definition: What a new definition, filter, policy, taxonomy or engine changed in it.
        late_and_definition: Both together, where the old definition cannot run any more.
        real_change: New period against the old one, both as seen today.
        is_separable: Late data and definition stand apart.
        sentence: Why something is missing; "" where nothing is.
    """

    frozen: float | None
    now: float | None
    late_data: float | None
    definition: float | None
    late_and_definition: float | None
    real_change: float | None
    is_separable: bool = True
    sentence: str = ""

    @property
    def total(self) -> float | None:
        """The whole difference."""
        if self.frozen is None or self.now is None:
            return None
        return self.now - self.frozen

    @property
    def parts(self) -> tuple[tuple[str, float | None], ...]:
        """Each part by its name; they sum to the total."""
        change = ("real change", self.real_change)
        if not self.is_separable:
            return (NOT_SEPARABLE, self.late_and_definition), change
        return ("late data", self.late_data), ("definition", self.definition), change

    @property
    def is_restated(self) -> bool:
        """Whether the old number would be another one today."""
        return any(part not in (None, 0) for _, part in self.parts[:-1])


def since_last_review(
    *,
    frozen: float | None,
    old_definition_today: float | None,
    old_period_today: float | None,
    now: float | None,
    old_definition_runs: bool = True,
) -> Since:
    """Splits a difference into late data, definition and real change.

    Args:
        frozen: v(F0, D0, P0): the old definition on the old data for the old period.
        old_definition_today: v(F0, D1, P0): the old definition on today's data; not read where
            it cannot run.
        old_period_today: v(F1, D1, P0): today's definition and data for the old period.
        now: v(F1, D1, P1): today's definition and data for the new period.
        old_definition_runs: The frozen definition can still be run.

    >>> since_last_review(
    ...     frozen=40.0, old_definition_today=41.0, old_period_today=44.0, now=42.0
    ... ).parts
    (('late data', 1.0), ('definition', 3.0), ('real change', -2.0))
    """
    real_change = _less(now, old_period_today)
    if not old_definition_runs:
        merged = _less(old_period_today, frozen)
        said = _said(merged, real_change)
        return Since(
            frozen, now, None, None, merged, real_change, is_separable=False, sentence=said
        )
    late = _less(old_definition_today, frozen)
    definition = _less(old_period_today, old_definition_today)
    said = _said(late, definition, real_change)
    return Since(frozen, now, late, definition, None, real_change, sentence=said)


def _less(later: float | None, earlier: float | None) -> float | None:
    return None if later is None or earlier is None else later - earlier


def _said(*parts: float | None) -> str:
    return UNKNOWN if None in parts else ""
