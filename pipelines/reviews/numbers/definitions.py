"""What a metric means in a workspace, as a body that is hashed: equal hashes, equal meaning."""

from dataclasses import dataclass
from typing import Any

from pipelines.feedback.sentiment import MODEL_VERSION
from pipelines.metrics.definition import Family, Request
from pipelines.metrics.spans import window_days
from pipelines.read import Snapshot, unit_text
from pipelines.reviews.core.canonical import definition_hash

# Settings that decide what a metric counts, by its id; those of families follow below.
_ACTIVATION = ("usage.sign_up_event", "usage.activation")
_ACTIVE = ("usage.active_events", "usage.passive_events")
_USES = {
    "activation_rate": _ACTIVATION,
    "time_to_value": _ACTIVATION,
    "retention": ("retention",),
    "feature_adoption": (*_ACTIVE, "usage.features"),
    "funnel": ("funnels",),
    "feedback_volume": _ACTIVE,
}
_OF_FAMILY = {
    Family.USAGE: _ACTIVE,
    Family.DELIVERY: ("delivery.states", "delivery.points_field"),
}
# Of these only the one that is asked for counts.
OF_ONE = frozenset({"usage.features", "funnels"})


@dataclass(frozen=True)
class Meaning:
    """A metric's definition as it stands in a snapshot.

    Attributes:
        body: Exactly the parts that are hashed.
        rule_text: The definition and the formula in words.
    """

    metric_id: str
    body: dict[str, Any]
    rule_text: str

    @property
    def hash(self) -> str:
        """By which it is known."""
        return definition_hash(self.body)


def meaning(snapshot: Snapshot, request: Request, pick: dict[str, Any]) -> Meaning:
    """The definition of what is asked for.

    The words of a definition and its grain are not part of it: another wording counts the same.

    Args:
        snapshot: Whose settings hold.
        request: A checked question.
        pick: Columns that tell one series of the metric from others.
    """
    metric, settings = request.metric, snapshot.settings
    seconds = int(metric.settles_after.total_seconds())
    body = {
        "formula": metric.formula,
        "filters": {"where": dict(request.where), "pick": pick},
        "population": {
            "of": request.of,
            "timezone": settings.product.timezone,
            "week_start": settings.product.week_start,
            "settings": _settings(snapshot, request),
        },
        "window": {"days": window_days(metric, request.variant, request.every) or None},
        "unit": unit_text(metric, settings, request.variant),
        "settling": {"code": metric.settles.value, "after_seconds": seconds},
        "uncertainty": metric.uncertainty.value,
        "variant": request.variant,
        "policy": policy_of(snapshot, request),
        "taxonomy_version": MODEL_VERSION if metric.family is Family.FEEDBACK else None,
    }
    said = [metric.definition, metric.variants.get(request.variant or "", "")]
    words = " ".join(text for text in said if text)
    return Meaning(metric.id, body, f"{words} Formula: {metric.formula}.")


def policy_of(snapshot: Snapshot, request: Request) -> str | None:
    """Whose rules recurring revenue follows; None of other metrics."""
    if not request.metric.takes_policy:
        return None
    return request.policy or snapshot.settings.finance.mrr_policy


def _settings(snapshot: Snapshot, request: Request) -> dict[str, Any]:
    metric, dumped = request.metric, snapshot.settings.model_dump(mode="json")
    if metric.family is Family.OWN:
        return {"metric": next(each for each in dumped["metrics"] if each["id"] == metric.id)}
    parts = _USES.get(metric.id, _OF_FAMILY.get(metric.family, ()))
    found = {part: _part(dumped, part, request.of) for part in parts}
    if request.where:
        found["segments"] = {name: dumped["segments"].get(name) for name, _ in request.where}
    return found


def _part(dumped: Any, part: str, of: str | None) -> Any:  # noqa: ANN401
    for name in part.split("."):
        dumped = dumped[name]
    if of is None or part not in OF_ONE:
        return dumped
    if isinstance(dumped, dict):
        return dumped.get(of)
    return next((row for row in dumped if row["id"] == of), None)
