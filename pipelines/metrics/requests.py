"""A question checked against a metric's declaration, before anything is asked. Pure."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from pipelines.errors import UsageError
from pipelines.metrics.definition import Metric, Request
from pipelines.workspace import Workspace

POLICIES = ("ours", "stripe", "chartmogul", "profitwell")
SHOWN_THINGS = 20

Things = Callable[[Metric], list[tuple[str, str]]]


def checked_request(  # noqa: PLR0913 (the options of `launchloop query`)
    metrics: Mapping[str, Metric],
    settings: Workspace,
    things: Things,
    metric_id: str,
    *,
    of: str | None = None,
    every: str | None = None,
    start: date | None = None,
    end: date | None = None,
    by: str | None = None,
    where: Sequence[tuple[str, str]] = (),
    variant: str | None = None,
    policy: str | None = None,
) -> Request:
    """The request that the words stand for.

    Args:
        metrics: By id.
        settings: Of the snapshot.
        things: (id, name) of what a metric exists for.
        metric_id: An id, or `id.variant`.
        of: Id or name of the thing.
        every: A grain; None = the metric's own.
        start: First day.
        end: First day no longer wanted.
        by: Segment to split by.
        where: Segment = value pairs.
        variant: Name of a variant.
        policy: Of recurring revenue.

    Raises:
        UsageError: If the metric, variant, grain, segment or thing does not exist; names the
            nearest ones.
    """
    name, _, dotted = metric_id.partition(".")
    if name not in metrics:
        raise UsageError(f"There is no metric '{name}'. {_nearest(name, list(metrics))}")
    metric = metrics[name]
    for segment in [*(pair[0] for pair in where), *([by] if by else [])]:
        _check_segment(settings, metric, segment)
    return Request(
        metric=metric,
        of=_thing(metric, things(metric), of),
        every=_grain(metrics, metric, every),
        start=start,
        end=end,
        by=by,
        where=tuple(where),
        variant=_variant(metric, variant or dotted or None),
        policy=_policy(metric, policy),
    )


def _variant(metric: Metric, variant: str | None) -> str | None:
    if variant is not None and variant not in metric.variants:
        raise UsageError(
            f"{metric.id} has no variant '{variant}'. {_nearest(variant, list(metric.variants))}"
        )
    return variant


def _grain(metrics: Mapping[str, Metric], metric: Metric, every: str | None) -> str:
    every = every or metric.every[0]
    if every not in metric.every:
        able = [name for name in metric.neighbours if every in metrics[name].every]
        raise UsageError(
            f"{metric.id} cannot be asked by {every}, but by {', '.join(metric.every)}."
            + (f" {able[0]} can: `launchloop query {able[0]} --every {every}`." if able else "")
        )
    return every


def _policy(metric: Metric, policy: str | None) -> str | None:
    if policy is not None and not (metric.takes_policy and policy in POLICIES):
        raise UsageError(
            f"{metric.id} has no policy '{policy}'. "
            + (_nearest(policy, POLICIES) if metric.takes_policy else "It follows none.")
        )
    return policy


def _check_segment(settings: Workspace, metric: Metric, name: str) -> None:
    possible = [segment.name for segment in settings.segments if segment.table in metric.segments]
    if name not in {segment.name for segment in settings.segments}:
        raise UsageError(f"There is no segment '{name}'. {_nearest(name, possible)}")
    if name not in possible:
        raise UsageError(
            f"{metric.id} cannot be split by {name}. "
            + (f"It can by {', '.join(possible)}." if possible else "It has no segments.")
        )


def _thing(metric: Metric, known: Sequence[tuple[str, str]], of: str | None) -> str | None:
    if metric.things is None:
        if of is not None:
            raise UsageError(f"{metric.id} exists once: leave --of out.")
        return None
    ids = [thing for thing, _ in known]
    if of is None:
        if len(known) > 1 and metric.of_required:
            listed = ", ".join(ids[:SHOWN_THINGS])
            raise UsageError(
                f"{metric.id} exists once per {metric.of_kind or 'thing'}. Say which with --of: "
                f"{listed}."
            )
        return ids[0] if len(ids) == 1 and metric.of_required else None
    if of in ids:
        return of
    by_name = [thing for thing, name in known if name == of]
    if len(by_name) == 1:
        return by_name[0]
    # A question of a survey: `survey/question`, where the survey is what is listed.
    if "/" in of and of.split("/")[0] in {thing.split("/")[0] for thing in ids}:
        return of
    if not known:
        return None
    raise UsageError(f"{metric.id} has no {metric.of_kind or 'thing'} '{of}'. {_nearest(of, ids)}")


def _nearest(wanted: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(wanted, list(known), 3, 0.4) or sorted(known)[:12]
    return f"Nearest: {', '.join(near)}." if near else "There is none."
